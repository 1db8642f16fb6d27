"""What `watch` asks of the store each time, and the snapshot that comes of it.

Knows no screen and no clock but the store's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from smsctl.cli.commands.events.following import Follower
from smsctl.cli.commands.fuses import Fuse, fuses
from smsctl.core.admin import Admin, Selection
from smsctl.core.alerts import Outbox, Waiting
from smsctl.core.gauge import FIVE_MINUTES, HOUR, Gauge, Reading
from smsctl.core.history import History
from smsctl.core.hosts import Host, Hosts, PolicyFingerprint, fingerprint_of, others
from smsctl.core.overrides import Override, OverrideBook, OverrideKind
from smsctl.core.pace import calendar_window, moment, spent_at
from smsctl.core.policy import Policy
from smsctl.core.rules import Rule, raise_rules

_KINDS: Sequence[OverrideKind] = ("pause", "raise", "deny", "allow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Whom to ask."""

    history: History
    admin: Admin
    overrides: OverrideBook
    outbox: Outbox
    hosts: Hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """One fuse and how long it lasts."""

    fuse: Fuse
    """With the `max` that is in force."""
    raised: bool
    spent_at: datetime | None
    """At the pace of the last five minutes; None where the window ends before, or none is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that is shown of one moment."""

    reading: Reading
    timezone: ZoneInfo
    burns: Sequence[Burn]
    overrides: Sequence[Override]
    """In force: pauses, raises, denials, allowances; of a kind, those that end first."""
    alerts: Sequence[Waiting]
    """Still to be delivered."""
    hosts: Sequence[Host]
    """Those that decide by another policy than `policy`."""
    policy: PolicyFingerprint
    """This host's."""
    now: float
    """Unix seconds by the store's clock; later than the reading where the store is silent."""
    silent_since: float | None = None
    """When the store's last answer was asked for; None where it answers."""


class Reader:
    """Follows the record from an hour ago on; a failed look is made up for by the next."""

    def __init__(self, sources: Sources, policy: Policy) -> None:
        self._sources = sources
        self._policy = policy
        self._fingerprint = fingerprint_of(policy)
        self._gauge = Gauge()
        self._follower = Follower(sources.history, policy.timezone)

    async def look(self) -> Snapshot:
        """Return what is going on. Raises StoreUnavailable."""
        book, now = await self._sources.overrides.read()
        self._gauge.take(await self._follower.news(now, since=now - HOUR))
        refusals = await self._sources.history.refusals()
        days = await self._sources.admin.usage(2)  # at midnight the old day still grew
        self._gauge.count(days, refusals, now=now)
        reading = self._gauge.reading(now)
        overrides = sorted((each for each in book.overrides if each.until > now), key=_rank)
        return Snapshot(
            reading=reading,
            timezone=self._policy.timezone,
            burns=await self._burns(reading, book.raised(now)),
            overrides=overrides,
            alerts=await self._sources.outbox.pending(),
            hosts=others(await self._sources.hosts.fresh(), self._fingerprint),
            policy=self._fingerprint,
            now=now,
        )

    async def _burns(self, reading: Reading, raised: Mapping[str, int]) -> Sequence[Burn]:
        standing = await self._sources.admin.show(Selection(all=True, raised=raised))
        policy = replace(self._policy, rules=raise_rules(self._policy.rules, raised))
        return [
            Burn(fuse=fuse, raised=fuse.rule.name in raised, spent_at=self._spent(fuse, reading))
            for fuse in fuses(policy, standing, now=reading.at)
        ]

    def _spent(self, fuse: Fuse, reading: Reading) -> datetime | None:
        unit = fuse.rule.window.unit
        if unit == "rolling":
            return fuse.trips_at
        _, end = calendar_window(unit, reading.at, self._policy.timezone)
        at = spent_at(
            now=reading.at,
            end=end,
            left=fuse.remaining,
            taken=_counted(fuse.rule, reading),
            over=FIVE_MINUTES,
        )
        return None if at is None else moment(at, self._policy.timezone)


def _rank(override: Override) -> tuple[int, float]:
    return _KINDS.index(override.kind), override.until


def _counted(rule: Rule, reading: Reading) -> int:
    """Return how many of the last five minutes' sends this fuse counts."""
    return sum(
        times
        for (purpose, country), times in reading.lanes.items()
        if rule.only_purpose in {None, purpose} and rule.only_country in {None, country}
    )
