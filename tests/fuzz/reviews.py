"""Templates and signatures, through the vendor's review rules."""

from __future__ import annotations

from random import Random

from smsctl.vendors.aliyun_review import (
    SOURCES,
    Expected,
    Finding,
    review_sign,
    review_template,
    rewritten,
)
from tests.fuzz.chance import text
from tests.fuzz.oracle import Breach, tried
from tests.fuzz.surface import Surface

SEEDS = (
    *(
        "您的登录验证码是${code}，5分钟内有效。",
        "【示例】您的驗證碼{code}",
        "示例科技",
        "示例 (test)",
    ),
    *(
        "验证码${code}，加QQ12345678，t.cn/a，拒收请回复R",
        "登录验证码『${1}』①👍\ufe0f",
        "é˜¿é‡Œäº‘",
    ),
    *("Your login code is ${code}, valid for 5 minutes", "[a] 半小时内有效 www.例.中国 a@b.cc 　"),
)
_MOST = 1500  # characters: three times what a template may have


def surface() -> Surface:
    """Return the rules for both."""
    return Surface("reviews", _draw, _check, raw=_raw, seeds=tuple(map(str.encode, SEEDS)))


def _draw(chance: Random) -> str:
    return text(chance, SEEDS, most=_MOST)


def _raw(read: bytes) -> str:
    return read.decode("utf-8", "surrogateescape")


def _check(written: str) -> None:
    tried(lambda: _judged(written))


def _judged(written: str) -> None:
    expected = Expected(ttl=300, length=6)
    for review in (lambda changed: review_template(changed, expected), review_sign):
        findings = review(written)
        for each in findings:
            _hold(each, written)
            if each.rewrite is not None and len(review(each.rewrite)) >= len(findings):
                raise Breach("wrong", "a rewrite that is no better")
        rewritten(written, review)


def _hold(finding: Finding, written: str) -> None:
    places = [place for span in finding.spans for place in span]
    if finding.id not in SOURCES or not str(finding.message):
        raise Breach("wrong", "a finding that no page is named for")
    if places != sorted(places) or any(start >= end for start, end in finding.spans):
        raise Breach("wrong", "spans that overlap, or are empty")
    if places and not 0 <= places[0] < places[-1] <= len(written):
        raise Breach("wrong", "a span outside the text")
