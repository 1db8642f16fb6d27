"""The monitoring plugin's line and code, from made-up fuses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from smsctl.cli.commands.fuses import Fuse, daily, fullest, fuses
from smsctl.cli.commands.plugin import read_percent, unknown, verdict
from smsctl.core.admin import Level, Standing
from smsctl.core.policy import Policy
from smsctl.core.rules import Rule, Window


def rule(name: str, most: int, window: str = "day", **more: Any) -> Rule:
    return Rule(name=name, per="all", max=most, window=Window.read(window), **more)


def fuse(used: int, most: int = 5000, *, name: str = "fuse", **more: Any) -> Fuse:
    return Fuse(rule=rule(name, most, **more), used=used, trips_at=None)


def line(*found: Fuse, warning: float = 80, critical: float = 95) -> tuple[int, str]:
    told = verdict(found, warning=warning, critical=critical)
    return told.code, told.line


def test_the_line_is_the_one_that_monitoring_systems_read() -> None:
    """Words, a bar, and perfdata: value, thresholds in messages, least and most."""
    assert line(fuse(12)) == (
        0,
        "SMSCTL OK - fuse 0.24% (12 of 5000) | 'fuse'=12;4000;4750;0;5000",
    )


@pytest.mark.parametrize(
    ("used", "code", "words"),
    [
        (3999, 0, "SMSCTL OK - fuse 79.98% (3999 of 5000)"),
        (4000, 1, "SMSCTL WARNING - fuse 80% (4000 of 5000)"),
        (4749, 1, "SMSCTL WARNING - fuse 94.98% (4749 of 5000)"),
        (4750, 2, "SMSCTL CRITICAL - fuse 95% (4750 of 5000)"),
        (5000, 2, "SMSCTL CRITICAL - fuse 100% (5000 of 5000)"),
    ],
)
def test_a_threshold_counts_when_it_is_reached(used: int, code: int, words: str) -> None:
    """Not one message later."""
    told, text = line(fuse(used))
    assert (told, text.partition(" | ")[0]) == (code, words)


def test_a_percentage_is_never_rounded_up_to_a_threshold() -> None:
    """79,999 of 100,000 are 79.99 %: who reads 80 and OK loses trust in both."""
    assert line(fuse(79_999, 100_000))[1].startswith("SMSCTL OK - fuse 79.99% ")


def test_the_fullest_fuse_decides_and_all_are_measured() -> None:
    """A month's fuse counts too; thresholds that are no whole number keep their places."""
    code, text = line(fuse(10), fuse(90, 99, name="monthly", window="month"))
    assert code == 1
    assert text == (
        "SMSCTL WARNING - monthly 90.9% (90 of 99) | "
        "'fuse'=10;4000;4750;0;5000 'monthly'=90;79.2;94.05;0;99"
    )


def test_a_fuse_that_only_observes_alarms_where_there_is_no_other() -> None:
    """It refuses nobody, so an enforced one is told first, however empty."""
    watching = fuse(99, 100, name="trial", mode="observe")
    assert fullest([watching, fuse(0)]) == fuse(0)
    assert fullest([watching]) == watching


def test_no_fuse_is_unknown() -> None:
    """A system without a fuse is not OK."""
    assert line() == (3, "SMSCTL UNKNOWN - no fuse: no rule per: all is configured")


def test_an_unknown_verdict_is_one_line_without_perfdata() -> None:
    """An error's text may have several lines, and a bar."""
    assert unknown("a |\n b").line == "SMSCTL UNKNOWN - a / b"


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("80", 80.0),
        ("99.5%", 99.5),
        ("0", 0.0),
        ("100", 100.0),
        ("-1", None),
        ("101", None),
        ("nan", None),
        ("inf", None),
        ("many", None),
        ("", None),
    ],
)
def test_a_threshold_is_a_percentage(text: str, percent: float | None) -> None:
    """With or without the sign; nothing beyond the whole."""
    assert read_percent(text) == percent


def test_the_day_is_measured_against_its_tightest_whole_fuse() -> None:
    """Not against a month's, a lane's, or one that only observes."""
    tight = fuse(0, 50, name="tight")
    others = [
        fuse(0, 10, name="monthly", window="month"),
        fuse(0, 10, name="lane", only_purpose="login"),
        fuse(0, 10, name="trial", mode="observe"),
        fuse(0, 60, name="wide"),
    ]
    assert daily([*others, tight]) == tight
    assert daily(others[:3]) is None


def test_a_fuse_says_when_it_trips_in_the_policys_time_zone() -> None:
    """A day's at its pace; a rolling one at a steady pace never, unless it is full."""
    rules = (rule("day", 150), rule("rolling", 60, "24h"), rule("full", 50, "24h"))
    standing = Standing(
        levels=[
            Level(rule=name, subject="all", used=used, retry_after=0.0)
            for name, used in (("day", 100), ("rolling", 50), ("full", 50))
        ],
        codes=[],
        wrong=0,
    )
    noon = datetime.fromisoformat("2026-11-23T12:00:00+08:00").timestamp()
    found = fuses(Policy(rules=rules), standing, now=noon)
    assert [each.trips_at and each.trips_at.isoformat() for each in found] == [
        "2026-11-23T18:00:00+08:00",
        None,
        "2026-11-23T12:00:00+08:00",
    ]
