"""`smsctl usage --by`: from command lines to a breakdown."""

from __future__ import annotations

import pytest

from smsctl.cli.frame.words import cells
from tests.cli.desk import Desk
from tests.cli.desks import IP, OTHER, PHONE


@pytest.mark.parametrize(
    ("by", "name"),
    [("purpose", "login"), ("country", "CN"), ("prefix", "+861380013"), ("ip", IP)],
)
def test_each_breakdown_names_who_was_sent_to(desk: Desk, by: str, name: str) -> None:
    """With what was sent and refused; no phone is named."""
    desk("send", PHONE, "--ip", IP)
    desk("send", PHONE, "--ip", IP)
    told = desk("usage", "--by", by, "--json")
    (row,) = told.document["rows"]
    assert (row[by], row["sent"], row["verified"], row["refused"]) == (name, 1, 0, 1)
    assert PHONE not in told.out


def test_hours_and_rules_are_told(desk: Desk) -> None:
    """Hours in their order; a rule by what it refused."""
    desk("send", PHONE)
    desk("send", PHONE)
    (rule,) = desk("usage", "--by", "rule").table
    assert (rule["name"], rule["refused"]) == ("phone-minute", "1")
    (hour,) = desk("usage", "--by", "hour").table
    assert (hour["sent"], hour["refused"]) == ("1", "1")


def test_only_the_worst_are_shown_and_how_many_there_are(desk: Desk) -> None:
    """The bound is `--top`."""
    for phone in (PHONE, OTHER):
        desk("send", phone)
    shown = desk("usage", "--by", "prefix", "--top", "1", terminal=True, SMSCTL_LANG="en")
    assert "Shown: 1 of 2" in shown.out
    assert "Nothing" in desk("usage", "--by", "ip", terminal=True, SMSCTL_LANG="en").out


@pytest.mark.parametrize("columns", ["40", "80", "120"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_screen_fits_its_terminal(desk: Desk, columns: str, language: str) -> None:
    """A virtual operator's prefix is named in either language."""
    desk("send", "16213800138", "--ip", IP)
    shown = desk(
        "usage",
        "--by",
        "prefix",
        terminal=True,
        COLUMNS=columns,
        SMSCTL_LANG=language,
        NO_COLOR="1",
    )
    assert max(map(cells, shown.out.splitlines())) <= int(columns)
    assert ("虚拟运营商" if language == "zh" else "virtual") in shown.out


@pytest.mark.parametrize(
    "words",
    [
        ["--by", "phone"],
        ["--top", "3"],
        ["--by", "ip", "--top", "0"],
        ["--by", "ip", "--days", "9"],
    ],
)
def test_bad_input_is_a_usage_error(desk: Desk, words: list[str]) -> None:
    """As everywhere."""
    assert desk("usage", *words).code == 2
