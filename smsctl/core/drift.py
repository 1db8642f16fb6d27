"""Our count of messages against the vendor's, day by day. Pure.

Ours is a span: a send whose answer was lost may have gone out or not, and the vendor may count the
segments of a message where we count it once. Only what lies outside the span is drift.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from smsctl.core.admin import Day

LEAST = 5
"""Messages of drift that say nothing: clocks differ around midnight."""

Verdict = Literal["ok", "more", "fewer", "disputed", "unreadable"]
"""`more`: at the vendor. `disputed`: the vendor told several counts. `unreadable`: it told none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What our store counted on one day of the vendor's."""

    sent: int = 0
    unsure: int = 0
    """Whose outcome is not known: they may have been sent."""
    further: int = 0
    """Segments beyond the first, were all of them sent."""

    @property
    def most(self) -> int:
        """The largest count of the vendor's that ours explains."""
        return self.sent + self.unsure + self.further

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            sent=self.sent + other.sent,
            unsure=self.unsure + other.unsure,
            further=self.further + other.further,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both counts of one day, or of all days together."""

    day: date | None
    """None of all days together."""
    here: Counted
    there: int | None
    """The vendor's count; None where it told none."""
    drift: int
    """How far the vendor's lies above our span, or below it as a negative number."""
    verdict: Verdict


def counted(
    days: Iterable[Day], *, zone: tzinfo, theirs: tzinfo, segments: Mapping[str, int]
) -> Mapping[date, Counted]:
    """Return our counts by the vendor's days, from the counts of ours hour by hour.

    `zone` is that of our days, `theirs` the vendor's; where they differ by halves of an hour the
    hour around midnight goes to the day that has more of it. `segments` is by purpose.
    """
    found: dict[date, Counted] = {}
    for day in days:
        midnight = day.midnight(zone).timestamp()
        for cell, count in day.cells.items():
            if cell.what not in {"sent", "unknown", "pending"}:
                continue
            middle = midnight + timedelta(hours=cell.hour, minutes=30).total_seconds()
            there = datetime.fromtimestamp(middle, theirs).date()
            sure = cell.what == "sent"
            found[there] = found.get(there, Counted()) + Counted(
                sent=count if sure else 0,
                unsure=0 if sure else count,
                further=count * (segments.get(cell.purpose, 1) - 1),
            )
    return found


def compare(
    here: Mapping[date, Counted],
    there: Mapping[date, int | None],
    *,
    disputed: Iterable[date] = (),
    percent: float,
) -> Sequence[Compared]:
    """Return each of the vendor's days compared, oldest first, and all of them together last.

    Drift of up to `percent` of the count, or five messages, is none. All together shows what every
    day alone is too small for.
    """
    doubtful = {*disputed}
    found = [
        _compared(
            day,
            here.get(day, Counted()),
            told,
            percent=percent,
            otherwise="disputed" if day in doubtful else "ok",
        )
        for day, told in sorted(there.items())
    ]
    usable = [each for each in found if each.there is not None]
    total = _compared(
        None,
        sum((each.here for each in usable), Counted()),
        sum(each.there or 0 for each in usable) if usable else None,
        percent=percent,
        otherwise="ok",
    )
    return [*found, total]


def _compared(
    day: date | None, here: Counted, there: int | None, *, percent: float, otherwise: Verdict
) -> Compared:
    drift, verdict = 0, otherwise
    if there is None:
        verdict = "unreadable"
    elif there > here.most:
        drift = there - here.most
        verdict = "more" if _beyond(drift, here.most, percent) else otherwise
    elif there < here.sent:
        drift = there - here.sent
        verdict = "fewer" if _beyond(-drift, here.sent, percent) else otherwise
    return Compared(day=day, here=here, there=there, drift=drift, verdict=verdict)


def _beyond(drift: int, count: int, percent: float) -> bool:
    return drift > max(LEAST, count * percent / 100)
