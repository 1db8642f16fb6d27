"""What a code's message must say: that it is a code, and its platform, purpose or expiry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smsctl.core.phrase import phrase
from smsctl.vendors.aliyun_review.characters import has_han
from smsctl.vendors.aliyun_review.finding import Finding, Span
from smsctl.vendors.aliyun_review.variables import masked

_WORD = re.compile("验证码|注册码|校验码|动态码|动态密码")
_ENGLISH = re.compile(
    r"\b(?:codes?|otp|passcode|(?:one[- ]time|dynamic) (?:password|pin))\b", re.IGNORECASE
)
_NUMBER = r"[0-9]{1,4}|[一二两三四五六七八九十]{1,3}|半"
_UNITS = {"秒": 1, "s": 1, "分": 60, "m": 60, "小": 3600, "h": 3600}
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_LASTS = re.compile(
    rf"(?P<n>{_NUMBER})\s?个?(?P<u>分钟|分|秒钟?|小时|hours?|minutes?|mins?|seconds?|secs?|s(?![a-z]))"
    r"(?=[^，。；！!,.;]{0,6}(?:有效|内|过期|失效|到期|之?前|为准))"
    rf"|(?:有效期?|时效|失效时间|过期时间)[^，。；！!,.;0-9]{{0,6}}(?P<n2>{_NUMBER})\s?个?"
    r"(?P<u2>分钟|分|秒钟?|小时)"
    r"|(?:valid|expires?|within|in)\b[^.;]{0,16}?\b(?P<n3>[0-9]{1,4})[ -]?"
    r"(?P<u3>hours?|minutes?|mins?|seconds?|secs?)",
    re.IGNORECASE,
)
_STATED = re.compile(
    "登录|登陆|注册|绑定|解绑|换绑|找回|重置|重设|修改|变更|更换|更改|身份|实名|认证|支付|付款|提现|转账"
    "|交易|充值|注销|授权|签署|签约|签到|下单|预约|报名|激活|开通|关闭|设置|办理|申请|查询|退款|退订|投票|参加|加入"
    "|平台|APP|小程序|网站|官网|系统|客户端|商城|公众号|控制台|后台|账号|账户|有效期|当日有效|今日有效"
    "|《[^》]{1,30}》|“[^”]{1,30}”"
    r"|\b(?:log ?in|log ?on|sign ?(?:in|up)|register|registration|reset|bind|change|pay(?:ment)?"
    r"|account|identity|password|expires?|valid)\b",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    "非(?:您)?本人(?:操作)?|您的|你的|您|你|本次|此次|当前|本条|短信|手机|号码|验证码|校验码|动态码|动态密码"
    "|请|切勿|勿|不要|谨防|妥善|保管|将|把|给|于|与|向|任何人|他人|别人|第三方|泄露|泄漏|告知|告诉|透露|转发"
    "|提供|及时|尽快|立即|填写|输入|完成|验证|使用|注意|保密|安全|谨慎|如|若|操作|忽略|本|该|此|的|了|以|防"
    "|被盗|诈骗|收到|谢谢|打死|不|都|也|为|是|至|页面|码|内容"
    "|其他人|其他|可|用|理会|无需|工作人员|索要|任何|人|客服|包括|千万|会|切记|谨记|均|骗子|他"
    r"|\b(?:your|the|this|verification|code|otp|is|are|please|do|not|don|share|it|with|anyone|never"
    r"|to|use|enter|keep|secret|a|an|and|for|you|t)\b",
    re.IGNORECASE,
)
_SHORT = 2  # letters: what is left of a platform's name at the least
_LONG_CODE = re.compile(rf"(?<![0-9])(?P<n>{_NUMBER})\s?位[^，。；！,. ]{{0,6}}(?={_WORD.pattern})")
_FEWEST, _MOST = 4, 6


def international(text: str) -> bool:
    """Say whether the template can only be one for international numbers: it has no Chinese."""
    return not has_han(text) and any(char.isalpha() for char in masked(text, " "))


def code_word(text: str) -> Iterator[Finding]:
    """Yield whether the message says what it is."""
    if _WORD.search(text):
        return
    if not international(text):
        yield Finding(
            id="template.code-word",
            level="error",
            message=phrase("says none of {words}: one of them has to be there", words=_words()),
        )
        return
    yield Finding(
        id="template.international",
        level="warn",
        message=phrase(
            "has no Chinese: it can be approved for international numbers alone; "
            "segments and price are told here as in the mainland"
        ),
    )
    if not _ENGLISH.search(masked(text, " ")):
        yield Finding(
            id="template.code-word",
            level="error",
            message=phrase("does not say that it is a code, like: verification code"),
        )


def statement(text: str) -> Iterator[Finding]:
    """Yield where neither platform, purpose nor expiry is stated, or none can be made out."""
    read = masked(text, " ")
    if _STATED.search(re.sub("非(?:您)?本人(?:操作)?", "", read)) or _LASTS.search(read):
        return
    left = [char for char in _SAYS_NOTHING.sub("", read) if char.isalpha()]
    if len(left) < _SHORT:
        yield Finding(
            id="template.statement",
            level="error",
            message=phrase("states neither platform nor purpose nor expiry: one has to be there"),
        )
    else:
        yield Finding(
            id="template.statement",
            level="warn",
            message=phrase("states no expiry, and no purpose or platform that could be made out"),
        )


def expiry(text: str, ttl: float) -> Iterator[Finding]:
    """Yield where the message promises another life than the `ttl` seconds that the code has."""
    stated = list(_lives(masked(text, " ")))
    wrong = tuple(span for span, seconds in stated if seconds != ttl)
    if stated and len(wrong) == len(stated):
        yield Finding(
            id="template.expiry",
            level="warn",
            message=phrase(
                "says {stated} s, and code.ttl is {ttl} s", stated=int(stated[0][1]), ttl=int(ttl)
            ),
            spans=wrong,
        )


def code_length(text: str, length: int | None) -> Iterator[Finding]:
    """Yield where the message states another number of digits; `length` is what is sent."""
    for match in _LONG_CODE.finditer(masked(text, " ")):
        stated = int(_number(match["n"]))
        if not _FEWEST <= stated <= _MOST:
            yield Finding(
                id="template.code-length",
                level="error",
                message=phrase(
                    "a code has {fewest} to {most} characters", fewest=_FEWEST, most=_MOST
                ),
                spans=(match.span("n"),),
            )
        elif length is not None and stated != length:
            yield Finding(
                id="template.code-length",
                level="warn",
                message=phrase(
                    "says {stated} digits, and code.length is {length}",
                    stated=stated,
                    length=length,
                ),
                spans=(match.span("n"),),
            )


def _words() -> str:
    return "、".join(_WORD.pattern.split("|"))


def _lives(text: str) -> Iterator[tuple[Span, float]]:
    for match in _LASTS.finditer(text):
        number = match["n"] or match["n2"] or match["n3"]
        unit = match["u"] or match["u2"] or match["u3"]
        yield match.span(), _number(number) * _UNITS[unit[0].lower()]


def _number(written: str) -> float:
    """Return the number that digits or up to three Chinese numerals write."""
    if written.isdecimal():
        return int(written)
    if written == "半":
        return 0.5
    tens, ten, ones = written.partition("十")
    if not ten:
        return _DIGITS.get(written[0], 0)
    return (_DIGITS.get(tens[:1], 1)) * 10 + _DIGITS.get(ones[:1], 0)
