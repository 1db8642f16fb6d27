"""When a fuse would trip: exact times from round numbers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from smsctl.core.pace import MIN_ELAPSED, MIN_USED, calendar_window, moment, spent_at, trips_at

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


DAY = at("2026-11-23T00:00:00+08:00")
NEXT = at("2026-11-24T00:00:00+08:00")
NOON = at("2026-11-23T12:00:00+08:00")


def trips(*, now: float = NOON, used: int, most: int) -> float | None:
    return trips_at(start=DAY, now=now, end=NEXT, used=used, most=most)


def test_a_steady_pace_is_drawn_on() -> None:
    """Two thirds by noon are everything at 18:00."""
    assert trips(used=100, most=150) == at("2026-11-23T18:00:00+08:00")


def test_a_fuse_that_the_day_outlasts_does_not_trip() -> None:
    """Half by noon is everything at midnight, when the window begins anew."""
    assert trips(used=100, most=200) is None
    assert trips(used=100, most=199) == at("2026-11-23T23:52:48+08:00")


def test_a_full_fuse_trips_now() -> None:
    """Nothing is projected where nothing is left, however little evidence there is."""
    assert trips(used=5, most=5) == NOON
    assert trips(now=DAY + 1, used=6, most=5) == DAY + 1


@pytest.mark.parametrize(
    ("now", "used", "known"),
    [
        (DAY + MIN_ELAPSED, MIN_USED, True),
        (DAY + MIN_ELAPSED - 1, MIN_USED, False),
        (DAY + MIN_ELAPSED, MIN_USED - 1, False),
        (DAY - 1, MIN_USED, False),
        (NOON, 0, False),
    ],
)
def test_a_pace_needs_ten_sends_and_ten_minutes(now: float, used: int, known: bool) -> None:
    """Below either nothing is told, also where the clocks disagree about the day."""
    assert (trips(now=now, used=used, most=20) is not None) is known


def test_what_is_left_goes_at_the_present_pace() -> None:
    """Twenty in five minutes are 400 in a hundred; as many would outlast the day at 22:30."""
    spent = spent_at(now=NOON, end=NEXT, left=400, taken=20, over=300.0)
    assert spent == at("2026-11-23T13:40:00+08:00")
    late = at("2026-11-23T22:30:00+08:00")
    assert spent_at(now=late, end=NEXT, left=400, taken=20, over=300.0) is None


def test_the_present_pace_needs_ten_sends_and_something_left() -> None:
    """A full fuse is spent now, whoever sends; nine sends are no pace."""
    assert spent_at(now=NOON, end=NEXT, left=0, taken=0, over=300.0) == NOON
    assert spent_at(now=NOON, end=NEXT, left=1, taken=MIN_USED - 1, over=300.0) is None
    assert spent_at(now=NOON, end=NEXT, left=1, taken=MIN_USED, over=300.0) == NOON + 30


def test_the_calendar_windows_are_those_of_the_zone() -> None:
    """A day and a month begin at the zone's midnight; a day may have 23 hours."""
    assert calendar_window("day", NOON, SHANGHAI) == (DAY, NEXT)
    assert calendar_window("month", NOON, SHANGHAI) == (
        at("2026-11-01T00:00:00+08:00"),
        at("2026-12-01T00:00:00+08:00"),
    )
    start, end = calendar_window("day", at("2026-03-29T12:00:00+02:00"), ZoneInfo("Europe/Berlin"))
    assert end - start == 23 * 3600


def test_a_moment_is_told_in_the_zone_to_the_second() -> None:
    """What JSON says of it is RFC 3339 with the zone's offset."""
    assert moment(NOON + 0.75, SHANGHAI).isoformat() == "2026-11-23T12:00:00+08:00"
