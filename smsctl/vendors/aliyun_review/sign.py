"""What the vendor's pages say of a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smsctl.core.phrase import phrase
from smsctl.vendors.aliyun_review import characters
from smsctl.vendors.aliyun_review.finding import Finding, found, joined, without
from smsctl.vendors.aliyun_review.rewriting import helpful
from smsctl.vendors.aliyun_review.traditional import simplified

_SHORTEST, _LONGEST = 2, 12  # characters, Chinese and others alike
_BRACKETS = re.compile(r"[【】\[\]［］()（）〔〕〖〗「」『』《》<>＜＞{}｛｝]")
_TEST = re.compile("测试|test", re.IGNORECASE)
_NEUTRAL = {
    *(
        "客服通知",
        "客户您好",
        "尊敬的客户",
        "温馨提示",
        "系统通知",
        "短信通知",
        "验证码",
        "短信验证码",
    ),
    *("通知", "客服", "提醒", "官方", "平台"),
}


def review_sign(name: str) -> tuple[Finding, ...]:
    """Return what a reviewer would object to in a signature, errors first."""
    return helpful(name, _rules)


def _rules(name: str) -> Iterator[Finding]:
    broken, meant = characters.mojibake(name)
    if broken:
        yield Finding(
            id="sign.mojibake",
            level="error",
            message=phrase("UTF-8 that was read in another encoding"),
            spans=broken,
            rewrite=meant,
        )
        return
    yield from _length(name)
    yield from _unwanted(name)
    yield from _letters(name)
    yield from _words(simplified(name))  # of the same length


def _length(name: str) -> Iterator[Finding]:
    places = [place for place, char in enumerate(name) if not _is_unwanted(char)]
    if len(places) > _LONGEST:
        yield Finding(
            id="sign.length",
            level="error",
            message=phrase(
                "has {length} characters: {most} is the most", length=len(places), most=_LONGEST
            ),
            spans=joined(places[_LONGEST:]),
        )
    elif len(places) < _SHORTEST:
        yield Finding(
            id="sign.length",
            level="error",
            message=phrase(
                "has {length} characters: {fewest} is the fewest",
                length=len(places),
                fewest=_SHORTEST,
            ),
            spans=joined(places),
        )


def _unwanted(name: str) -> Iterator[Finding]:
    """Yield what is neither letter nor digit; each kind with the name without it."""
    for id_, spans, message in (
        (
            "sign.brackets",
            found(_BRACKETS, name),
            phrase("no brackets: the vendor puts 【】 around it"),
        ),
        ("sign.space", characters.spaces(name), phrase("no spaces, not at its ends either")),
        ("sign.invisible", characters.hidden(name), phrase("characters that nobody sees")),
        (
            "sign.symbol",
            joined(place for place, char in enumerate(name) if _is_symbol(char)),
            phrase("letters and digits alone: no punctuation, symbols or emoji"),
        ),
    ):
        if spans:
            rewrite = without(name, spans)
            yield Finding(id=id_, level="error", message=message, spans=spans, rewrite=rewrite)


def _letters(name: str) -> Iterator[Finding]:
    if old := characters.traditional(name):
        yield Finding(
            id="sign.traditional",
            level="error",
            message=phrase("traditional characters are not approved"),
            spans=old,
            rewrite=simplified(name),
        )
    if wide := joined(place for place, char in enumerate(name) if characters.is_wide(char)):
        yield Finding(
            id="sign.variant",
            level="error",
            message=phrase("letters or digits of an unusual width or look"),
            spans=wide,
            rewrite=characters.plain(name),
        )
    if foreign := joined(place for place, char in enumerate(name) if characters.is_foreign(char)):
        yield Finding(
            id="sign.language",
            level="error",
            message=phrase("letters of another language: Chinese and English alone are approved"),
            spans=foreign,
        )


def _words(name: str) -> Iterator[Finding]:
    whole = ((0, len(name)),)
    if spans := found(_TEST, name):
        yield Finding(
            id="sign.test",
            level="error",
            message=phrase("says 测试 or test: a signature for trying out is not approved"),
            spans=spans,
        )
    if name.isdecimal():
        yield Finding(id="sign.digits", level="error", message=phrase("digits alone"), spans=whole)
    elif name.isascii() and name.isalpha():
        yield Finding(
            id="sign.letters",
            level="warn",
            message=phrase("English alone is often held back by carriers: add Chinese"),
            spans=whole,
        )
    if name in _NEUTRAL:
        yield Finding(
            id="sign.neutral",
            level="error",
            message=phrase("could be anybody: name the company, the product or the site"),
            spans=whole,
        )


def _is_unwanted(char: str) -> bool:
    return bool(_BRACKETS.match(char) or char.isspace() or _is_symbol(char)) or bool(
        characters.hidden(char)
    )


def _is_symbol(char: str) -> bool:
    if _BRACKETS.match(char) or char.isspace() or characters.hidden(char):
        return False
    if characters.is_wide(char) or characters.is_han(char) or characters.is_foreign(char):
        return False
    return not (char.isascii() and char.isalnum())
