"""The vendor's review rules: a corpus of what operators hand in, and what holds for any text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from smsctl.vendors.aliyun_review import (
    SOURCES,
    Expected,
    Finding,
    composed,
    review_sign,
    review_template,
    rewritten,
)

CORPUS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("review_corpus.yaml").read_text("utf-8")
)
GOOD = "您的登录验证码是${code}，5分钟内有效。"


def _ids(findings: tuple[Finding, ...]) -> list[str]:
    return sorted({each.id for each in findings})


@pytest.mark.parametrize("case", CORPUS["templates"], ids=lambda case: case["text"])
def test_templates_of_the_corpus(case: dict[str, Any]) -> None:
    """Exactly the documented rules are found, and what is mechanical is rewritten."""
    assert _ids(review_template(case["text"])) == case["finds"]
    assert rewritten(case["text"], review_template) == case.get("rewrite")


@pytest.mark.parametrize("case", CORPUS["signs"], ids=lambda case: case["text"])
def test_signatures_of_the_corpus(case: dict[str, Any]) -> None:
    """As for templates."""
    assert _ids(review_sign(case["text"])) == case["finds"]
    assert rewritten(case["text"], review_sign) == case.get("rewrite")


def test_the_corpus_has_every_rule() -> None:
    """Each id is found somewhere in it, but for the one that compares with a configuration."""
    cases = [*CORPUS["templates"], *CORPUS["signs"]]
    assert len(cases) > 150
    assert {each for case in cases for each in case["finds"]} == set(SOURCES) - {"template.expiry"}


def test_the_documented_examples() -> None:
    """The vendor's good one passes; the bad one greets and advertises, and its words are shown."""
    good = "您的注册验证码是：${code}，请在5分钟内输入。请勿将验证码泄露给他人。"
    assert review_template(good, Expected(ttl=300, length=6)) == ()
    bad = "哇，老铁你来啦！您的注册验证码为${code}，快来开启你的神奇之旅吧！"
    told = [(each.id, each.level, _words(bad, each)) for each in review_template(bad)]
    assert told == [
        ("template.greeting", "error", ["哇", "老铁", "来啦"]),
        ("template.marketing", "error", ["快来", "开启你的神奇之旅"]),
    ]


@pytest.mark.parametrize(
    ("text", "expected", "ids"),
    [
        (GOOD, Expected(ttl=300, length=6), []),
        (GOOD, Expected(ttl=600), ["template.expiry"]),
        ("登录验证码${code}，半小时内有效", Expected(ttl=1800), []),
        ("登录验证码${code}，十五分钟内有效", Expected(ttl=900), []),
        ("登录验证码${code}，有效期两分钟", Expected(ttl=300), ["template.expiry"]),
        ("登录验证码${code}，1分钟内勿重复获取，5分钟内有效", Expected(ttl=300), []),
        ("登录验证码${code}，请勿泄露", Expected(ttl=300), []),
        ("您的4位登录验证码${code}", Expected(length=6), ["template.code-length"]),
        ("您的六位数字验证码${code}，用于登录", Expected(length=6), []),
    ],
)
def test_what_the_configuration_says_is_compared(
    text: str, expected: Expected, ids: list[str]
) -> None:
    """Expiry and number of digits; nothing is asked of a text that states none."""
    assert _ids(review_template(text, expected)) == ids


def test_a_template_has_at_most_500_characters() -> None:
    """The variable's name counts; what is beyond is marked."""
    text = GOOD + "请" * (500 - len(GOOD))
    assert _ids(review_template(text)) == []
    (found,) = review_template(text + "勿")
    assert (found.id, found.spans) == ("template.length", ((500, 501),))


def test_errors_stand_first() -> None:
    """A warning never hides an error below it."""
    levels = [each.level for each in review_template("尊敬的用户，验证码${code}，详见 t.cn/a ")]
    assert levels == sorted(levels)
    assert set(levels) == {"error", "warn"}


def test_characters_of_both_scripts_are_not_traditional() -> None:
    """All 6,763 Chinese characters of GB 2312, but for 後, and names' characters beyond it."""
    both = bytes(range(0xB0, 0xF8))
    level = "".join(
        bytes([row, cell]).decode("gb2312", "ignore") for row in both for cell in range(0xA1, 0xFF)
    )
    assert len(level) == 6763
    (found,) = (each for each in review_sign(level) if each.id == "sign.traditional")
    assert _words(level, found) == ["後"]
    assert _ids(review_sign("堃喆淼昇甦邨苧")) == []


def test_the_traditional_table_is_whole() -> None:
    """What a library's next version no longer has would be missed here first."""
    assert rewritten("國際電話網絡驗證碼註冊體", review_sign) == "国际电话网络验证码注册体"


def test_the_message_is_what_a_phone_shows() -> None:
    """The signature in its brackets, a code of the configured length in the variable's place."""
    assert (
        composed(GOOD, sign="示例", code_length=4) == "【示例】您的登录验证码是1234，5分钟内有效。"
    )


_PIECES = st.sampled_from(
    [
        *(
            "您的登录验证码是",
            "${code}",
            "{code}",
            "${",
            "}",
            "$",
            "【",
            "】",
            "[",
            "]",
            "《",
            "》",
        ),
        *("，", "。", " ", "\n", "\t", "\u3000", "\u00a0", "\u200b", "\ufeff", "\ufe0f", "\u202e"),
        *(
            "5分钟内有效",
            "半",
            "十",
            "小时",
            "8位",
            "验证码",
            "验證碼",
            "後",
            "閤",
            "𠀀",
            "①",
            "²",
            "😀",
        ),
        *(
            "t.cn/a",
            "www.",
            "。com",
            "1.2.3.4",
            "a@b.cc",
            "13800138000",
            "QQ",
            "加",
            "微信",
            "abc12",
        ),
        *(
            "哇，",
            "亲，",
            "快来",
            "拒收请回复R",
            "退订",
            "通知",
            "贷款",
            "薇信",
            "test",
            "测试",
            "Ａ",
            "１",
        ),
        *("é\x98¿é\x87\x8c", "é˜¿é‡Œ", "カ", "한", "ё", "́", "\x00", "\x1c", "\x85", "%s", "##a##"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(_PIECES | st.characters(), max_size=12).map("".join),
)


@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_any_text_is_judged(text: str) -> None:
    """Spans lie in the text, ascend and are not empty; a rewrite leaves fewer findings."""
    expected = Expected(ttl=300, length=6)
    for review in (lambda changed: review_template(changed, expected), review_sign):
        findings = review(text)
        for each in findings:
            assert each.id in SOURCES
            assert "{" not in str(each.message).replace("${code}", "")
            places = [place for span in each.spans for place in span]
            assert places == sorted(places)
            assert all(0 <= start < end <= len(text) for start, end in each.spans)
            if each.rewrite is not None:
                assert len(review(each.rewrite)) < len(findings)
        changed = rewritten(text, review)
        assert changed is None or all(each.rewrite is None for each in review(changed))


def _words(text: str, finding: Finding) -> list[str]:
    return [text[start:end] for start, end in finding.spans]
