"""Our count of messages against the vendor's, day by day. Pure.

Ours is a span: a send whose answer was lost may have gone out or not. Only what lies outside it is
drift. Whether the vendor counts messages or their segments its pages do not say clearly: it counts
one of them, so all days are compared in the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from smsctl.core.admin import ADMITTED, Day

LEAST = 5
"""Messages of drift that say nothing: clocks differ around midnight."""

DriftStatus = Literal["ok", "more", "uncounted", "fewer", "disputed", "unreadable"]
"""`more`: at the vendor. `uncounted`: as that, on a day of which nothing is known here. `disputed`:
the vendor told several counts. `unreadable`: it told none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What our store counted on one day of the vendor's."""

    sent: int = 0
    unsure: int = 0
    """Whose outcome is not known, or whose hour lies in two of the vendor's days."""

    @property
    def most(self) -> int:
        """The largest count of the vendor's that ours explains."""
        return self.sent + self.unsure

    def __add__(self, other: Counted) -> Counted:
        return Counted(sent=self.sent + other.sent, unsure=self.unsure + other.unsure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both counts of one day, or of all days that can be compared together."""

    day: date | None
    """None of all days together."""
    here: Counted
    there: int | None
    """The vendor's count; None where it told none."""
    drift: int
    """How far the vendor's lies above our span, or below it as a negative number."""
    verdict: DriftStatus
    disputed: bool = False
    """The vendor told several counts, of which this is the largest."""


def counted(
    days: Iterable[Day], *, zone: tzinfo, theirs: tzinfo, segments: Mapping[str, int]
) -> Mapping[date, Counted]:
    """Return our counts by the vendor's days, from the counts of ours hour by hour.

    `zone` is that of our days, `theirs` the vendor's; where they differ by part of an hour, what
    was sent in the hour around midnight may belong to either day. `segments` is by purpose; one
    that is not in it counts once.
    """
    found: dict[date, Counted] = {}
    for day in days:
        midnight = day.midnight(zone).timestamp()
        for cell, count in day.cells.items():
            if cell.what not in ADMITTED:
                continue
            begins = midnight + timedelta(hours=cell.hour).total_seconds()
            within = {datetime.fromtimestamp(begins + late, theirs).date() for late in (0, 3599)}
            sure = cell.what == "sent" and len(within) == 1
            billed = count * segments.get(cell.purpose, 1)
            more = Counted(sent=billed) if sure else Counted(unsure=billed)
            for there in within:
                found[there] = found.get(there, Counted()) + more
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
    day alone is too small for; days of which one side knows nothing are not in it.
    """
    doubtful = {*disputed}
    found = [
        _compared(day, here.get(day, Counted()), told, percent=percent, disputed=day in doubtful)
        for day, told in sorted(there.items())
    ]
    usable = [each for each in found if each.verdict not in {"unreadable", "uncounted"}]
    total = _compared(
        None,
        sum((each.here for each in usable), Counted()),
        sum(each.there or 0 for each in usable) if usable else None,
        percent=percent,
    )
    if not usable and found:
        total = replace(total, verdict=found[-1].verdict)
    return [*found, total]


def closest(candidates: Iterable[Sequence[Compared]]) -> Sequence[Compared]:
    """Return the comparison of the same days that leaves the least drift, the first of equals."""
    return min(candidates, key=lambda days: sum(abs(each.drift) for each in days[:-1]))


def _compared(
    day: date | None,
    here: Counted,
    there: int | None,
    *,
    percent: float,
    disputed: bool = False,
) -> Compared:
    drift = 0
    verdict: DriftStatus = "disputed" if disputed else "ok"
    if there is None:
        verdict = "unreadable"
    elif there > here.most:
        drift = there - here.most
        if _beyond(drift, here.most, percent):
            verdict = "more" if here.most else "uncounted"
    elif there < here.sent:
        drift = there - here.sent
        if _beyond(-drift, here.sent, percent):
            verdict = "fewer"
    return Compared(
        day=day, here=here, there=there, drift=drift, verdict=verdict, disputed=disputed
    )


def _beyond(drift: int, count: int, percent: float) -> bool:
    return drift > max(LEAST, count * percent / 100)
