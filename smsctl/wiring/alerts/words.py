"""An alert in words, in the language of the configuration: not that of whoever runs a command.

These go out of processes that know no terminal and no catalogue, so both languages are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from smsctl.core.alerts import Alert
from smsctl.vendors.codes.alarming import ALARMING, Trouble
from smsctl.vendors.notify.delivery import News

Language = Literal["zh-CN", "en"]
_Both = Mapping[Language, str]

_TITLES: Mapping[str, _Both] = {
    "fuse": {
        "en": "smsctl: {subject} has reached {level} %",
        "zh-CN": "smsctl：总闸 {subject} 已用 {level}%",
    },
    "conversion": {
        "en": "smsctl: few codes of {subject} are verified",
        "zh-CN": "smsctl：{subject} 的验证率过低",
    },
    "gateway": {
        "en": "smsctl: the gateway refuses: {subject}",
        "zh-CN": "smsctl：网关拒绝发送：{subject}",
    },
    "captcha": {
        "en": "smsctl: the captcha's vendor is down",
        "zh-CN": "smsctl：人机验证供应商故障",
    },
    "test": {"en": "smsctl: a test", "zh-CN": "smsctl：测试"},
}
_TEXTS: Mapping[str, _Both] = {
    "fuse": {
        "en": "{first} of {second} sends in this window, at {at}. "
        "smsctl usage --by ip shows who; smsctl pause stops it, smsctl fuse raise admits more.",
        "zh-CN": "{at}，本窗口已发送 {first}，上限 {second}。"
        "smsctl usage --by ip 查看来源；smsctl pause 暂停发送，smsctl fuse raise 临时放宽。",
    },
    "full": {
        "en": "{first} of {second} sends in this window, at {at}: nothing more is sent. "
        "smsctl usage --by ip shows who; smsctl fuse raise admits more for a while.",
        "zh-CN": "{at}，本窗口已发送 {first}，上限 {second}：不再发送。"
        "smsctl usage --by ip 查看来源；smsctl fuse raise 临时放宽。",
    },
    "conversion": {
        "en": "{first} of {second} sent codes were verified in an hour, below {level} %, at {at}: "
        "bots pump, or messages do not arrive. smsctl usage --by prefix and --by ip show where.",
        "zh-CN": "{at}，一小时内发送 {second}，验证 {first}，低于 {level}%："
        "可能有人刷短信，或短信未送达。smsctl usage --by prefix 与 --by ip 查看分布。",
    },
    "captcha": {
        "en": "No verdict at {at}. captcha.on_outage says whether sends go on meanwhile.",
        "zh-CN": "{at} 未得到验证结果。是否继续发送由 captcha.on_outage 决定。",
    },
    "flood": {
        "en": "More sends of this hour were rejected than sent, at least {level} by {at}. They "
        "cost nothing, and only the limits of an address bound them: smsctl usage --by ip shows "
        "who makes them, smsctl deny add stops an address.",
        "zh-CN": "{at}，一小时内被拒绝的发送多于成功的，已达 {level} 次以上。这些调用不产生费用，"
        "只受来源地址限额约束：smsctl usage --by ip 查看来源，smsctl deny add 封禁地址。",
    },
    "test": {
        "en": "This channel works. Sent by smsctl alert test at {at}.",
        "zh-CN": "此渠道可用。由 smsctl alert test 于 {at} 发出。",
    },
}
_TROUBLES: Mapping[Trouble, _Both] = {
    "money": {
        "en": "The account is short of money: nothing is sent until it is topped up.",
        "zh-CN": "账户余额不足：充值之前不会发送。",
    },
    "limit": {
        "en": "The account's own daily or monthly limit is reached: look for pumping first.",
        "zh-CN": "已达到账户的日或月发送上限：请先排查是否被刷。",
    },
    "account": {
        "en": "The account or the service is not in order: see the vendor's console.",
        "zh-CN": "账户或服务状态异常：请查看供应商控制台。",
    },
    "key": {
        "en": "The access key is refused: it is wrong, disabled, or lacks dysms:SendSms.",
        "zh-CN": "访问密钥被拒绝：密钥错误、已停用，或缺少 dysms:SendSms 权限。",
    },
    "sign": {
        "en": "The signature is not valid any more: smsctl config check --online says why.",
        "zh-CN": "签名不再有效：smsctl config check --online 会说明原因。",
    },
    "template": {
        "en": "The template is not valid any more: smsctl config check --online says why.",
        "zh-CN": "模板不再有效：smsctl config check --online 会说明原因。",
    },
}
_FULL = 100  # percent


def news(alert: Alert, *, language: Language, zone: ZoneInfo) -> News:
    """Return what is told of an alert."""
    at = datetime.fromtimestamp(alert.at, zone)
    first, second = alert.figures
    subject = alert.subject.partition("@")[0]
    values = {
        "subject": subject,
        "level": alert.level,
        "at": f"{at:%Y-%m-%d %H:%M:%S}",
        "first": f"{first:,}",
        "second": f"{second:,}",
    }
    return News(
        id=alert.id,
        title=_TITLES[alert.kind][language].format(**values),
        text=_text(alert)[language].format(**values),
        facts={
            "kind": alert.kind,
            "subject": subject,
            "level": alert.level,
            "at": at.isoformat(timespec="seconds"),
            "used" if alert.kind == "fuse" else "verified": first,
            "max" if alert.kind == "fuse" else "sent": second,
        },
    )


def _text(alert: Alert) -> _Both:
    if alert.kind == "gateway" and alert.level:
        return _TEXTS["flood"]
    if alert.kind == "gateway":
        return _TROUBLES[ALARMING.get(alert.subject, "account")]
    if alert.kind == "fuse" and alert.level == _FULL:
        return _TEXTS["full"]
    return _TEXTS[alert.kind]
