"""Who is behind the sends and refusals of some days: number prefixes and client addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smsctl.core.admin import Day
from smsctl.core.blocking import run_blocking
from smsctl.core.breakdown import ByCaller, Share, by_callers, overall
from smsctl.core.history import Offenders
from smsctl.wiring.parts import Parts
from smsctl.wiring.why import events_since

REMEMBERED = 8
"""Days, today included, for which every send is remembered one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """The shares of one kind of callers, in no order."""

    shares: Sequence[Share]
    conversion: float | None
    """Percent, of all together."""
    error: int
    """How many more refusals each may have had than its share tells."""
    total: int
    """Refusals that were counted."""


def callers_of(parts: Parts, days: Sequence[Day]) -> dict[ByCaller, Callers]:
    """Return the prefixes and the addresses of these days, at most `REMEMBERED`.

    Raises StoreUnavailable.
    """
    _, now = run_blocking(parts.overrides.read())
    since = days[0].midnight(parts.policy.timezone).timestamp()
    events = events_since(parts, since=since, now=now)
    refused = [run_blocking(parts.history.offenders(day.date)) for day in days]

    def callers(by: ByCaller) -> Callers:
        offenders: list[Offenders] = [each[by] for each in refused]
        shares = by_callers(events, offenders, by)
        return Callers(
            shares=shares,
            conversion=overall(shares),
            error=sum(each.error for each in offenders),
            total=sum(each.total for each in offenders),
        )

    return {"prefix": callers("prefix"), "ip": callers("ip")}
