"""Words that a code's message must not have. A table: what is looked for, and what is said of it.

What a platform may be called, or a purpose, is left alone: each pattern wants a word's company
where the word alone could be either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from smsctl.core.phrase import Phrase, phrase
from smsctl.vendors.aliyun_review.finding import Finding, Level, found, without
from smsctl.vendors.aliyun_review.places import CONTACT, LINK, NO_LABEL
from smsctl.vendors.aliyun_review.variables import masked


@dataclass(frozen=True, slots=True)
class _Ban:
    id: str
    level: Level
    pattern: re.Pattern[str]
    message: Phrase
    removable: bool = False
    """The text is right without it."""


def _any(words: str, *patterns: str) -> re.Pattern[str]:
    """Return what matches one of the words, which spaces part, or of the patterns."""
    return re.compile("|".join([*map(re.escape, words.split()), *patterns]), re.IGNORECASE)


_BANS = (
    _Ban("template.link", "error", LINK, phrase("a code's template has no links of any kind")),
    _Ban(
        "template.contact",
        "error",
        CONTACT,
        phrase("a code's template has no contacts: no phone, QQ, WeChat, public account or mail"),
    ),
    _Ban(
        "template.contact",
        "warn",
        _any("", r"(?:联系|咨询|详询|找)[^，。！,.]{0,4}客服", r"客服(?:电话|热线)(?!\D{0,6}\d)"),
        phrase("sends the reader to somebody: take it out"),
    ),
    _Ban(
        "template.greeting",
        "error",
        _any(
            "老铁 小伙伴 宝宝们 宝子 亲们 来啦 么么哒",
            r"哇+(?=[，,！!~～])",
            r"(?<![\u4e00-\u9fff])亲(?=[，,！!~～])",
            r"(?:嗨|哈[喽啰罗])(?=[，,！!~～ ])",
            r"\b(?:hi|hey|hello)\b(?=[，,!！ ])",
        ),
        phrase("greets like a friend: say what the code is for, and no more"),
    ),
    _Ban(
        "template.greeting",
        "warn",
        _any(
            "尊敬的 亲爱的 感谢 谢谢 生活愉快",
            r"(?:您|你)好(?=[，,！!：:。~])",
            r"祝(?:您|你)",
            r"欢迎(?:您|你|来到|加入|回来|光临)",
            r"\bdear\b",
            r"\bthank(?:s| you)\b",
        ),
        phrase("a polite word too many: reviewers want the code, its purpose and its expiry"),
    ),
    _Ban(
        "template.marketing",
        "error",
        _any(
            "快来 速来 神奇之旅 优惠 折扣 打折 特价 特惠 钜惠 低至 促销 大促 红包 免费 抽奖 中奖 "
            "大奖 奖品 礼包 好礼 有礼 限时 秒杀 抢购 抢先 立减 满减 返现 返利 代金券 抵扣券 体验金 "
            "惊喜 邀请好友 拉新 加盟 最终解释权",
            r"开启[^，。！!]{0,8}之旅",
            r"(?<![0-9])[0-9一二三四五六七八九](?:\.[0-9])?折(?!叠)",
            r"点击(?:下方|此处|领取|下载|查看)",
            r"下载(?:app|客户端)",
            r"\b(?:free|discounts?|coupons?|promo(?:tion)?s?|prizes?|gifts?|bonus)\b",
        ),
        phrase("advertises: a code's template has no marketing words"),
    ),
    _Ban(
        "template.marketing",
        "warn",
        _any("领取 福利 专享 尊享 新品 上新 推荐"),
        phrase("may be read as marketing: say it in other words"),
    ),
    _Ban(
        "template.unsubscribe",
        "error",
        _any(
            "",
            r"[，,；;。.（(\s]{0,3}(?:拒收|退订)请?\s?回复?\s?[a-z]{1,2}(?![a-z])[)）]?",
            r"[，,；;。.（(\s]{0,3}回复?\s?[a-z]{1,2}\s?(?:即可)?(?:退订|拒收)[)）]?",
            r"\bunsubscribe\b",
            r"\breply (?:stop|td?|r)\b",
        ),
        phrase("a code's template has no way to unsubscribe: that is for advertisements"),
        removable=True,
    ),
    _Ban(
        "template.notice",
        "error",
        _any(
            "特此通知 已发货 已签收 已到账 取件码 提货码 取餐码 逾期 欠费",
            r"订单(?:号|编号)",
            r"余额(?:为|是|不足)",
            r"审核(?:已|未)?通过",
            r"(?:预约|报名|支付|下单|购买)成功",
            r"(?:会员|套餐|服务|合同|账单)[^，。]{0,6}到期",
        ),
        phrase("notifies: what has happened belongs into a notification template"),
    ),
    _Ban(
        "template.notice",
        "warn",
        _any("温馨提示 温馨提醒 通知 公告"),
        phrase("sounds like a notification: take it out"),
    ),
    _Ban(
        "template.restricted",
        "warn",
        _any(
            "色情 赌博 毒品 博彩 赌球 彩票 走私 棋牌 成人用品 众筹 募捐 算命 算卦 风水 股票 私募 "
            "期货 虚拟货币 刻章 烟酒 代开发票 代办证件 加群 刷单 做任务 淘口令 零元购 整容 医美 "
            "殡葬 积分兑换 问卷调查 兼职 贷款 借贷 催款 提额 理财 移民 留学 数字藏品 比分竞猜 "
            "一元夺宝 邀请好评 代写论文 商标注册 中国移动 中国联通 中国电信 营业厅 大王卡 短信群发"
        ),
        phrase("names a business that the vendor refuses, or wants papers for"),
    ),
    _Ban(
        "template.variant",
        "error",
        _any("薇信 微亻言 薇芯 v信 扣扣 企鹅号 抖亻音", r"威信(?!县)"),
        phrase("a word in disguise: the vendor refuses odd spellings"),
    ),
)


def wording(said: str, text: str) -> Iterator[Finding]:
    """Yield what is said that a code's message does not say.

    `said` is the text in simplified characters, of the same length.
    """
    bare, labels = masked(said, NO_LABEL), masked(said, "x")
    for ban in _BANS:
        read = labels if ban.pattern is LINK else bare
        if spans := found(ban.pattern, read):
            yield Finding(
                id=ban.id,
                level=ban.level,
                message=ban.message,
                spans=spans,
                rewrite=without(text, spans) if ban.removable else None,
            )
