"""Following the record of sends: every event once, from some moment on, across midnights.

Asks the store by page, so that nothing blocks it; a failed look is made up for by the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from smsctl.core.edges import edges
from smsctl.core.history import Event, History

_PAGE = 1000  # events that one question asks for
_BLANKS = 16  # places at which there may be none any more; behind so many it is read from before


class Follower:
    """Remembers how far it has read."""

    def __init__(self, history: History, zone: ZoneInfo) -> None:
        self._history = history
        self._zone = zone
        self._date = ""
        self._since = 0.0
        self._after = 0
        self._found: list[Event] = []  # of a look that failed half-way, too

    async def news(self, now: float, *, since: float) -> Sequence[Event]:
        """Return what was written since the last time; the first time, from `since` on.

        Both in Unix seconds. Raises StoreUnavailable.
        """
        today = self._day_of(now)
        if not self._date:
            self._date, self._since = self._day_of(since), since
            self._after = await self._first_since(since)
        while True:
            page = await self._history.events(self._date, after=self._after, most=_PAGE)
            self._found += [event for event in page.events if event.at >= self._since]
            if page.after > self._after:
                self._after = page.after
                continue
            if self._date >= today:
                found, self._found = self._found, []
                return found
            self._date, self._after = self._next_day(), 0

    def _next_day(self) -> str:
        return (date.fromisoformat(self._date) + timedelta(days=1)).isoformat()

    async def _first_since(self, since: float) -> int:
        """Return the place of the day's first event from `since` on, or one before it, by halving.

        Whoever begins at noon need not read the morning.
        """
        low, high = 0, 1
        while await self._is_before(high, since):
            low, high = high, high * 2
        while low < high:
            middle = (low + high) // 2
            if await self._is_before(middle, since):
                low = middle + 1
            else:
                high = middle
        return low

    async def _is_before(self, place: int, since: float) -> bool:
        page = await self._history.events(self._date, after=place, most=_BLANKS)
        return bool(page.events) and page.events[0].at < since

    def _day_of(self, at: float) -> str:
        return edges(at, self._zone).dates[1]
