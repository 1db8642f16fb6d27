"""When a fuse would trip if its window went on as it began.

A straight line through what is known: no model of busy hours, so an operator can check the figure
in his head. Knows neither stores nor screens.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from smsctl.core.edges import edges

MIN_USED = 10
"""Sends before a pace is told: two sends in the first minute of a day are no trend."""

MIN_ELAPSED = 600.0
"""Seconds before a pace is told, for the same reason."""


def calendar_window(
    unit: Literal["day", "month"], now: float, zone: ZoneInfo
) -> tuple[float, float]:
    """Return the start and end of the calendar window around `now`; all in Unix seconds."""
    around = edges(now, zone)
    bounds = around.days if unit == "day" else around.months
    return bounds[1] / 1000, bounds[2] / 1000


def trips_at(*, start: float, now: float, end: float, used: int, most: int) -> float | None:
    """Return when the count reaches `most` at the mean pace since `start`; Unix seconds.

    `now` for one that is there already. None where it would not get there before the window ends,
    and where fewer than MIN_USED sends or MIN_ELAPSED seconds say anything about a pace.
    """
    if used >= most:
        return now
    elapsed = now - start
    if used < MIN_USED or elapsed < MIN_ELAPSED:
        return None
    at = start + elapsed * most / used
    return at if at < end else None


def spent_at(*, now: float, end: float, left: int, taken: int, over: float) -> float | None:
    """Return when what is left is gone at the pace of the last `over` seconds; Unix seconds.

    `taken` is how many these seconds took. `now` where nothing is left; None where the window ends
    before, and where fewer than MIN_USED say anything about a pace.
    """
    if left <= 0:
        return now
    if taken < MIN_USED:
        return None
    at = now + over * left / taken
    return at if at < end else None


def moment(at: float, zone: ZoneInfo) -> datetime:
    """Return Unix seconds as a time in `zone`, to the second."""
    return datetime.fromtimestamp(int(at), UTC).astimezone(zone)
