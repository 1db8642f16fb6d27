"""What a span of days comes to: how many, how much money, at which hours. From the counts alone.

Pure. What went wrong in the span is told in `incidents.py`, who was behind it in `breakdown.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from smsctl.core.admin import ADMITTED, Cell, Day
from smsctl.core.policy import Policy
from smsctl.core.segments import purpose_segments

_HOME = "CN"
_WEEK, _DAY = 7, 24  # days, hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What one day or many come to."""

    sent: int = 0
    """The gateway took them."""
    unsure: int = 0
    """Perhaps sent: the outcome is unknown, or pending."""
    rejected: int = 0
    """By the gateway: not sent."""
    verified: int = 0
    refused: int = 0
    """By a gate, before the gateway."""
    observed: int = 0
    """What rules that only observe would have refused."""
    test: int = 0
    """To test numbers: nothing was sent."""
    outage: int = 0
    """Let through without a captcha's verdict."""

    @property
    def conversion(self) -> float | None:
        """Percent of what was sent, or perhaps was, that was verified; None of nothing."""
        sent = self.sent + self.unsure
        return self.verified * 100 / sent if sent else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Money, in CNY at the configured price, mainland messages alone."""

    sent: Decimal
    """For what the gateway took."""
    unsure: Decimal
    """At most so much more, for what was perhaps sent."""
    averted: Decimal
    """What the requests that were refused would have cost."""
    abroad: int
    """Messages to other countries, sent or perhaps sent: their price is not known."""
    texts_known: bool
    """Whether every purpose has its text; a message of unknown text is taken for one segment."""


def totals(days: Sequence[Day]) -> Totals:
    """Return the sums over these days."""
    outcomes: Counter[str] = Counter()
    for day in days:
        outcomes.update(day.outcomes)
    return Totals(
        sent=outcomes["sent"],
        unsure=outcomes["unknown"] + outcomes["pending"],
        rejected=outcomes["rejected"],
        verified=outcomes["verified"],
        refused=sum(tally(days, "refused").values()),
        observed=sum(tally(days, "observed").values()),
        test=outcomes["test"],
        outage=outcomes["outage"],
    )


def tally(days: Sequence[Day], what: Literal["refused", "observed"]) -> Mapping[str, int]:
    """Return how often each rule or reason did so, most often first."""
    counts: Counter[str] = Counter()
    for day in days:
        counts.update(day.refused if what == "refused" else day.observed)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def weekdays(days: Sequence[Day]) -> Sequence[Sequence[int]]:
    """Return what was sent, or perhaps was, by weekday from Monday and by hour from midnight."""
    week = [[0] * _DAY for _ in range(_WEEK)]
    for day in days:
        hours = week[date.fromisoformat(day.date).weekday()]
        for cell, count in day.cells.items():
            if cell.what in ADMITTED:
                hours[min(cell.hour, _DAY - 1)] += count  # a day may have 25 hours
    return week


def spent(days: Sequence[Day], policy: Policy, *, sign_name: str, price: Decimal) -> Spent:
    """Return the money; `price` is CNY a segment of a mainland message."""
    known = {
        name: purpose_segments(each, sign_name=sign_name, code_length=policy.code.length)
        for name, each in policy.purposes.items()
    }
    segments: Counter[str] = Counter()
    abroad = 0
    for day in days:
        for cell, count in day.cells.items():
            kind = _charged(cell)
            if kind is None:
                continue
            if cell.country == _HOME:
                segments[kind] += count * (known.get(cell.purpose) or 1)
            elif kind != "averted":
                abroad += count
    return Spent(
        sent=segments["sent"] * price,
        unsure=segments["unsure"] * price,
        averted=segments["averted"] * price,
        abroad=abroad,
        texts_known=None not in known.values(),
    )


def _charged(cell: Cell) -> Literal["sent", "unsure", "averted"] | None:
    match cell.what:
        case "sent":
            return "sent"
        case "unknown" | "pending":
            return "unsure"
        case "refused":
            return "averted"
        case _:
            return None
