"""Languages, durations, and text that could steer a terminal."""

from __future__ import annotations

import pytest

from smsctl.cli.frame.help import wrap
from smsctl.cli.frame.words import Language, Span, Words, cells, language, printable
from smsctl.core.phrase import phrase


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.GBK"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"SMSCTL_LANG": "zh-CN", "LC_ALL": "C"}, "zh"),
        ({"SMSCTL_LANG": "zh"}, "zh"),
        ({"SMSCTL_LANG": "ZH_cn"}, "zh"),
        ({"SMSCTL_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"SMSCTL_LANG": "de"}, "en"),
        ({"LANG": "zhx"}, "en"),
    ],
)
def test_the_language_is_the_readers(environ: dict[str, str], wanted: str) -> None:
    """SMSCTL_LANG, then the locale's variables in their order; English unless it is Chinese."""
    assert language(environ) == wanted


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 秒"),
        (0.2, "1 s", "1 秒"),
        (56.4, "57 s", "57 秒"),
        (59.2, "1 min", "1 分钟"),
        (60, "1 min", "1 分钟"),
        (281, "4 min 41 s", "4 分 41 秒"),
        (3599.5, "1 h", "1 小时"),
        (3601, "1 h 1 min", "1 小时 1 分"),
        (86399, "1 d", "1 天"),
        (90000, "1 d 1 h", "1 天 1 小时"),
        (-5, "0 s", "0 秒"),
    ],
)
def test_a_wait_is_never_told_too_short(seconds: float, english: str, chinese: str) -> None:
    """Rounded up, in the two largest units."""
    said = phrase("{wait}", wait=Span(seconds))
    assert Words("en").say(said) == english
    assert Words("zh").say(said) == chinese


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_no_value_moves_the_cursor(spoken: Language) -> None:
    """Controls, text direction and line ends from outside are shown as escapes."""
    said = Words(spoken).say(phrase("{name} is empty", name="a\x1b[2J\r\n\u202eb\udcff"))
    assert "a\\x1b[2J\\r\\n\\u202eb\\udcff" in said
    assert printable("中文 [/red] é") == "中文 [/red] é"


def test_chinese_takes_two_columns() -> None:
    """Help pages are measured as the terminal draws them."""
    assert [cells("abc"), cells("验证码"), cells("e\u0301"), cells("【a】")] == [3, 6, 1, 5]


def test_chinese_breaks_where_it_fits() -> None:
    """Between any two characters, but never before a stop."""
    assert list(wrap("向每个手机号发送验证码，逐道关卡。", 22)) == [
        "向每个手机号发送验证",
        "码，逐道关卡。",
    ]
    assert list(wrap("one two three", 8)) == ["one two", "three"]
