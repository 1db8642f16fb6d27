"""Windows as operators write them, and the tracks in which rules share a count."""

from __future__ import annotations

import pytest

from smsctl.core.rules import Window, read_duration, tracks
from tests.core.rulebook import rule


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("60s", 60.0), ("1.5h", 5400.0), ("5m", 300.0), ("7d", 604800.0), ("0s", 0.0)],
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: float) -> None:
    """In seconds, exactly."""
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "60", "s", "-1s", "1 s", "1h30m", "１s", "1w", "1S", ".5s"])
def test_anything_else_is_no_duration(text: str) -> None:
    """No default unit, no sums, no signs."""
    with pytest.raises(ValueError):  # noqa: PT011 - the text is the message
        read_duration(text)


def test_a_window_is_rolling_or_of_the_calendar() -> None:
    """Milliseconds for the one, none for the other."""
    assert Window.read("60s") == Window("60s", "rolling", 60_000)
    assert Window.read("day") == Window("day", "day", 0)
    assert Window.read("month") == Window("month", "month", 0)


def test_a_fuse_is_a_rule_for_all() -> None:
    """Filtered or not."""
    assert rule("a", "all", 1, "day").fuse
    assert rule("a", "all", 1, "day", purpose="login").fuse
    assert not rule("a", "country", 1, "day").fuse


def test_rules_with_one_subject_filter_and_kind_of_window_share_a_track() -> None:
    """In the order of first mention, each under a name of its own."""
    minute, hour = rule("minute", "phone", 1, "60s"), rule("hour", "phone", 5, "1h")
    day, lane = rule("day", "phone", 9, "day"), rule("lane", "phone", 1, "1h", purpose="pay")
    both = rule("both", "all", 9, "day", purpose="pay", country="CN")
    found = tracks([minute, day, hour, lane, both])
    assert [track.name for track in found] == [
        "phone",
        "phone:day",
        "phone:purpose=pay",
        "all:day:purpose=pay:country=CN",
    ]
    assert [track.rules for track in found] == [(minute, hour), (day,), (lane,), (both,)]


def test_a_track_remembers_one_more_than_its_largest_rule() -> None:
    """The one more is for what a reset leaves behind."""
    (track,) = tracks([rule("minute", "phone", 1, "60s"), rule("hour", "phone", 5, "1h")])
    assert track.keep == 6
