"""Tables on narrow terminals: each row a block, and no number or name in two pieces."""

from __future__ import annotations

import pytest

from tests.cli.desk import Desk
from tests.cli.desks import PHONE, MakeDesk


def _lines(desk: Desk, *line: str, columns: int) -> list[str]:
    told = desk(*line, terminal=True, COLUMNS=str(columns), NO_COLOR="1")
    assert told.code == 0
    assert max(map(len, told.out.splitlines())) <= columns
    return told.out.splitlines()


def test_a_row_that_does_not_fit_is_a_block(desk: Desk) -> None:
    """The first cell is the heading, the others stand below it by their titles."""
    lines = _lines(desk, "limits", "show", "--phone", PHONE, columns=40)
    at = lines.index("fuse")
    assert lines[at : at + 7] == [
        "fuse",
        "  Per: all",
        "  Window: day",
        "  Used: 0",
        "  Max: 5000",
        "  Left: 5000",
        "  Next send in: now",
    ]


def test_a_block_speaks_the_readers_language(desk: Desk) -> None:
    """Chinese titles have a Chinese colon."""
    told = desk("limits", "show", terminal=True, COLUMNS="40", SMSCTL_LANG="zh")
    assert "  上限：5000\n" in told.out


def test_a_days_counts_are_all_there_on_a_narrow_terminal(desk: Desk) -> None:
    """No column goes, and the bar is named by what it is a part of."""
    assert desk("send", PHONE).code == 0
    for columns in (40, 60):
        lines = _lines(desk, "usage", "--days", "1", columns=columns)
        names = [line.partition(":")[0].strip() for line in lines[1:8]]
        assert names == [
            *("of 5,000", "Sent", "Rejected", "Unknown", "Pending", "Verified", "Refused"),
        ]
        assert lines[2] == "  Sent: 1"


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120])
def test_a_name_is_never_broken(desk: Desk, columns: int) -> None:
    """At any width each key of the configuration is one word, and so is each rule."""
    keys = [row["key"] for row in desk("config", "show").table]
    shown = desk("config", "show", terminal=True, COLUMNS=str(columns), NO_COLOR="1").out
    assert [key for key in keys if key not in shown.split()] == []
    limits = desk("limits", "show", terminal=True, COLUMNS=str(columns), NO_COLOR="1").out
    assert {"phone-minute", "5000"} <= set(limits.split())


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_what_fits_is_a_table(desk: Desk, columns: int) -> None:
    """One line for the titles and one for each rule."""
    lines = _lines(desk, "limits", "show", columns=columns)
    assert lines[1].split() == [
        "Rule",
        "Per",
        "Window",
        "Used",
        "Max",
        "Left",
        "Next",
        "send",
        "in",
    ]
    assert lines[-1].split() == ["fuse", "all", "day", "0", "5000", "5000", "now"]


def test_chinese_may_be_folded_between_its_characters(make_desk: MakeDesk) -> None:
    """A sentence without spaces makes no blocks of a table that could fold it."""
    text = "您的验证码是四位数字请勿告诉他人" * 3
    desk = make_desk(f"gateway: {{sign_name: {text}}}\n")
    shown = desk("config", "show", terminal=True, COLUMNS="80", NO_COLOR="1").out
    assert shown.splitlines()[1].split() == ["Key", "Value", "Origin"]
    assert text == "".join(char for char in shown if char in text)


def test_a_block_keeps_its_rows_colour(make_desk: MakeDesk) -> None:
    """A rule that is used up is seen on a narrow terminal, too."""
    desk = make_desk("limits: [{name: one, per: phone, max: 1, window: 1h}]\n")
    assert desk("send", PHONE).code == 0
    told = desk("limits", "show", "--phone", PHONE, terminal=True, COLUMNS="30")
    assert "\x1b[33mone\x1b[0m\n  \x1b[33mPer: phone\x1b[0m\n" in told.out
