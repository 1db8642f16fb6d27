"""What operators ask of the store: levels and codes of a subject, counts of days, the audit log.

The values that a store answers, and its port; whoever asks decides what they mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import NamedTuple, Protocol, Self

from smsctl.core.rules import Per


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One rule's state for one subject."""

    rule: str
    subject: str
    """The name that the store counts it under: a keyed name, a country, a purpose, or `all`."""
    used: int
    retry_after: float
    """Seconds until the rule admits one more; 0 when it does now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCode:
    """One code that can still verify."""

    purpose: str
    expires_in: float
    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything the store holds about one set of subjects."""

    levels: Sequence[Level]
    codes: Sequence[LiveCode]
    wrong: int
    """Compared wrong tries within the window of `code.wrong`."""


ADMITTED = frozenset({"sent", "unknown", "pending"})
"""The outcomes of what was sent, or may have been: these a fuse counts, and of these conversion is
the share that was verified."""


class Cell(NamedTuple):
    """What one of a day's counts is about."""

    what: str
    """sent, rejected, unknown, pending, verified, test, outage, refused, observed, unverified. What
    a test number is given, and verifies, is none of the others."""
    name: str
    """Of what is refused or observed, the rule's or the reason; of a guess that was not compared
    (unverified) missing or locked; else empty."""
    purpose: str
    country: str
    """ISO 3166 two letters."""
    hour: int
    """Whole hours since midnight, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day's counts, in the configured time zone."""

    date: str
    """`2026-11-23`."""
    outcomes: Mapping[str, int]
    """sent, rejected, unknown, pending, verified, test, outage."""
    refused: Mapping[str, int]
    """By rule name or reason."""
    observed: Mapping[str, int]
    """By rule name."""
    cells: Mapping[Cell, int] = field(default_factory=dict)
    """The same counts, undivided: those above are sums of these."""

    def midnight(self, zone: tzinfo) -> datetime:
        """Return its first moment; `zone` is the configured time zone."""
        return datetime.fromisoformat(self.date).replace(tzinfo=zone)

    @classmethod
    def of(cls, date: str, cells: Mapping[Cell, int]) -> Self:
        """Return the day that has these counts."""
        sums: dict[str, Counter[str]] = {"refused": Counter(), "observed": Counter()}
        outcomes: Counter[str] = Counter()
        for cell, count in cells.items():
            if not cell.name:
                outcomes[cell.what] += count
            elif cell.what in sums:
                sums[cell.what][cell.name] += count
        return cls(date=date, outcomes=outcomes, cells=cells, **sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something an operator did."""

    at: str
    """RFC 3339 with offset."""
    who: str
    what: str
    reason: str
    touches: tuple[str, ...] = ()
    """Whom it was about: a phone's or an address's keyed name, `purpose:`, `country:`, `prefix:` or
    `network:` and which, or `all`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an operator points at: subjects by the names that the store may know."""

    phone: str | None = None
    prefix: str | None = None
    country: str | None = None
    ip: str | None = None
    purposes: Sequence[str] = ()
    all: bool = False
    """The fuses."""
    raised: Mapping[str, int] = field(default_factory=dict)
    """The `max` of rules that operators raised."""

    def subjects(self, per: Per) -> Sequence[str]:
        """Return the names of the subjects of this kind."""
        if per == "purpose":
            return self.purposes
        if per == "all":
            return ("all",) if self.all else ()
        one = {"phone": self.phone, "ip": self.ip, "prefix": self.prefix}.get(per, self.country)
        return () if one is None else (one,)


class Admin(Protocol):
    """What operators ask of the store."""

    async def show(self, selection: Selection) -> Standing:
        """Read every rule of these subjects, and the phone's codes and wrong tries."""

    async def reset(self, selection: Selection, *, codes: bool) -> None:
        """Clear these subjects' rules and, with `codes`, the phone's codes and wrong tries.

        The codes of every purpose: its wrong tries are one budget over all of them.
        """

    async def usage(self, days: int) -> Sequence[Day]:
        """Return the last `days` days, today last."""

    async def record(self, act: Act) -> None:
        """Keep an audit record."""

    async def acts(self) -> Sequence[Act]:
        """Return the audit records, newest first."""
