"""What `events` asks of the store: what happened since, and then what is new each time.

Sends one by one; refusals coalesced as the store keeps them, told again when they grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smsctl.cli.commands.events.following import Follower
from smsctl.core.gauge import Happening
from smsctl.core.history import Admitted, Caller, Event, History, Settled, TurnedAway
from smsctl.core.overrides import OverrideBook
from smsctl.core.policy import Policy

_Kind = tuple[object, ...]


class EventsReader:
    """Tells everything once."""

    def __init__(
        self, history: History, overrides: OverrideBook, policy: Policy, *, back: float
    ) -> None:
        """Begin `back` seconds ago, by the store's clock."""
        self._history = history
        self._overrides = overrides
        self._follower = Follower(history, policy.timezone)
        self._back = back
        self._since: float | None = None
        self._callers: dict[str, tuple[float, Caller]] = {}
        self._counts: dict[_Kind, tuple[float, int]] = {}
        self.complete_since = 0.0
        """Refusals before it may have been forgotten."""
        self.rolled = False
        """Some of those that were asked for may be."""

    async def look(self) -> Sequence[Happening]:
        """Return what is new, oldest first. Raises StoreUnavailable."""
        _, now = await self._overrides.read()
        self._since = since = now - self._back if self._since is None else self._since
        found = [self._happening(event) for event in await self._follower.news(now, since=since)]
        refusals = await self._history.refusals()
        self.complete_since = max(since, refusals.complete_since)
        self.rolled = refusals.rolled(since)
        found += [
            Happening(grown.last, grown, grown.caller)
            for entry in refusals.entries
            if entry.last >= since and (grown := self._grown(entry))
        ]
        return sorted(found, key=lambda each: each.at)

    def _happening(self, event: Event) -> Happening:
        if isinstance(event, Admitted):
            self._callers[event.request_id] = (event.at, event.caller)
        at, caller = self._callers.get(event.request_id, (0.0, None))
        took = event.at - at if isinstance(event, Settled) and caller is not None else None
        return Happening(event.at, event, caller, took)

    def _grown(self, entry: TurnedAway) -> TurnedAway | None:
        """Return what is new of refusals alike; what was digested meanwhile is not new."""
        who = (entry.caller.name, entry.caller.address, entry.caller.purpose)
        kind = (*who, entry.act, entry.rule or entry.reason, entry.codes)
        last, _ = self._counts.get(kind, (0.0, 0))
        if entry.last <= last:
            return None
        told = entry
        if entry.first <= last:
            known = self._counts[kind][1]
            told = replace(entry, first=last, count=max(1, entry.count - known))
        self._counts[kind] = (entry.last, entry.count)
        return told
