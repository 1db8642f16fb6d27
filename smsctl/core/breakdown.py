"""Sent, verified, refused: by hour, rule, purpose, country, number prefix or client address.

Counts of a day by its cells; prefixes and addresses from the record of sends, which is complete,
and from the heavy hitters of refusals, whose error is told along. Pure.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from smsctl.core.admin import ADMITTED, Cell, Day
from smsctl.core.history import Admitted, Event, Guessed, Offenders, Settled

ByCell = Literal["hour", "rule", "purpose", "country"]
ByCaller = Literal["prefix", "ip"]
By = Literal[ByCell, ByCaller]

_LEAST = 10  # sends below which a conversion says nothing
_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one hour, rule, purpose, country, prefix or address has of all."""

    name: str
    sent: int = 0
    """Admitted, and not rejected by the gateway."""
    verified: int = 0
    refused: int = 0
    """At least so often."""
    refused_error: int = 0
    """At most so many more."""
    phones: int = 0
    """Different phones among the sends; only of prefixes and addresses."""

    @property
    def conversion(self) -> float | None:
        """Percent of the sends that were verified; None of none."""
        return self.verified * 100 / self.sent if self.sent else None


def by_cells(days: Sequence[Day], by: ByCell) -> list[Share]:
    """Return a share for each hour, rule, purpose or country of these days."""
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for day in days:
        for cell, count in day.cells.items():
            name = _name(cell, by)
            if name is not None:
                what = "sent" if cell.what in ADMITTED else cell.what
                sums[name][what] += count
    shares = [
        Share(name=name, sent=found["sent"], verified=found["verified"], refused=found["refused"])
        for name, found in sums.items()
    ]
    return [share for share in shares if share.sent or share.verified or share.refused]


def by_callers(
    events: Iterable[Event], offenders: Sequence[Offenders], by: ByCaller
) -> list[Share]:
    """Return a share for each prefix or address that was sent to, or is refused most."""
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    names: dict[str, str] = {}
    for event in events:
        match event:
            case Admitted(captcha=captcha, caller=caller) if captcha != "test":
                name = caller.prefix if by == "prefix" else caller.address
                if name is not None:
                    names[event.request_id] = name
                    tallies[name].sent.add(event.request_id)
                    tallies[name].phones[event.request_id] = caller.name
            case Settled(state="rejected") if event.request_id in names:
                tally = tallies[names[event.request_id]]
                tally.sent.discard(event.request_id)
                tally.phones.pop(event.request_id, None)
            case Guessed(result="verified") if event.request_id in names:
                tallies[names[event.request_id]].verified += 1
            case _:
                pass
    for summary in offenders:
        for offender in summary.entries:
            tallies[offender.who].refused += offender.count
    error = sum(summary.error for summary in offenders)
    return [
        Share(
            name=name,
            sent=len(tally.sent),
            verified=tally.verified,
            refused=tally.refused,
            refused_error=error,
            phones=len(set(tally.phones.values())),
        )
        for name, tally in tallies.items()
    ]


@dataclass(slots=True)
class _Tally:
    sent: set[str] = field(default_factory=set)
    verified: int = 0
    refused: int = 0
    phones: dict[str, str] = field(default_factory=dict)


def overall(shares: Sequence[Share]) -> float | None:
    """Return the conversion of all together in percent, to one place; None of no sends."""
    sent = sum(share.sent for share in shares)
    verified = sum(share.verified for share in shares)
    return round(verified * 100 / sent, 1) if sent else None


def worst(shares: Iterable[Share], top: int) -> list[Share]:
    """Return the `top` worst: most refused and unverified first."""
    return sorted(
        shares, key=lambda share: (-(share.refused + share.sent - share.verified), share.name)
    )[:top]


def converts_badly(share: Share, overall: float | None) -> bool:
    """Say whether a share converts far worse than all do together, and not by chance.

    The upper end of its 95 % Wilson interval lies below half of `overall`, in percent.
    """
    if overall is None or share.sent < _LEAST:
        return False
    return wilson_high(min(share.verified, share.sent), share.sent) * 100 < overall / 2


def wilson_high(part: int, whole: int) -> float:
    """Return the upper end of the 95 % Wilson score interval of a share.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927).
    """
    share = part / whole
    centre = share + _Z**2 / (2 * whole)
    spread = _Z * math.sqrt(share * (1 - share) / whole + _Z**2 / (4 * whole**2))
    return (centre + spread) / (1 + _Z**2 / whole)


def _name(cell: Cell, by: ByCell) -> str | None:
    match by:
        case "hour":
            return f"{cell.hour:02}"
        case "rule":
            return cell.name if cell.what == "refused" else None
        case "purpose":
            return cell.purpose
        case "country":
            return cell.country
