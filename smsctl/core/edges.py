"""The calendar boundaries around a moment, in one time zone.

Lua knows no time zones: the client names the boundaries, the script picks by its own clock. The
client's clock decides only which boundaries it names, so it may be a day wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Edges:
    """Four starts each, in ms since the epoch: the window before, this one, the next two."""

    days: tuple[int, int, int, int]
    months: tuple[int, int, int, int]
    dates: tuple[str, str, str]
    """The days that lie between: yesterday, today, tomorrow, as `2026-11-23`."""


def edges(now: float, zone: ZoneInfo) -> Edges:
    """Return the boundaries around `now` (seconds since the epoch)."""
    today = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
    days = [today + timedelta(days=offset) for offset in (-1, 0, 1, 2)]
    months = [_month(today, offset) for offset in (-1, 0, 1, 2)]
    a, b, c, d = (_start(day, zone) for day in days)
    e, f, g, h = (_start(month, zone) for month in months)
    before, this, after = (day.isoformat() for day in days[:3])
    return Edges((a, b, c, d), (e, f, g, h), (before, this, after))


def _month(day: date, offset: int) -> date:
    count = day.year * 12 + day.month - 1 + offset
    return date(count // 12, count % 12 + 1, 1)


def _start(day: date, zone: ZoneInfo) -> int:
    """Return the first moment of `day`, also where a clock change skips midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return round(midnight.timestamp() * 1000)
