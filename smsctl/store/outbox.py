"""The outbox: alerts that were raised, in one hash by their edges, until somebody has told them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import cast, get_args

from smsctl.core.alerts import LEASE, NEWS, Alert, AlertKind, Waiting
from smsctl.core.errors import StoreUnavailable
from smsctl.store import replies
from smsctl.store.calls import Scripts
from smsctl.store.format import ALERT_GENERATION

_DONE, _AGAIN = -1, 0
_ALL = 10_000
_MARK = str(ALERT_GENERATION)


class RedisOutbox:
    """Keeps alerts on the server, beside the limits whose scripts raise them."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def raise_alert(self, alert: Alert) -> bool:
        edge = alert.id.removesuffix(f"{alert.ends:.0f}")
        reply = await self._scripts.call("raise", edge, round(alert.ends * 1000), *alert.figures)
        return replies.raised(reply)

    async def borrow(self, *, most: int = 20) -> Sequence[Waiting]:
        lent = []
        for edge, text in await self._held(most, lend=True):
            with suppress(StoreUnavailable):  # one that is damaged holds up no other
                lent += self._read([(edge, text)])
        return lent

    async def note_taken(self, waiting: Waiting, taken_by: frozenset[str]) -> None:
        await self._note(waiting, taken_by, lease=waiting.lease)

    async def give_back(self, waiting: Waiting, taken_by: frozenset[str], *, done: bool) -> None:
        await self._note(waiting, taken_by, lease=_DONE if done else _AGAIN)

    async def _note(self, waiting: Waiting, taken_by: frozenset[str], *, lease: int) -> None:
        channels = ",".join(sorted(taken_by))
        await self._scripts.connection.call(
            "give_back",
            [self._scripts.keys.alerts],
            [waiting.alert.id, waiting.lease, lease, channels],
        )

    async def pending(self) -> Sequence[Waiting]:
        return self._read(await self._held(_ALL, lend=False))

    async def raised(self) -> Sequence[Alert]:
        (held,) = await self._scripts.connection.read([("HGETALL", self._scripts.keys.alerts)])
        alerts = [waiting.alert for waiting in self._read(replies.pairs(held))]
        return sorted(alerts, key=lambda alert: alert.at)

    def _read(self, held: Sequence[tuple[str, str]]) -> list[Waiting]:
        """Return these alerts but those that a newer smsctl wrote, which are counted."""
        known = []
        for edge, text in held:
            mark, _, rest = text.partition(" ")
            if mark == _MARK and edge.partition("|")[0] in get_args(AlertKind):
                known.append(_waiting(edge, rest))
            else:
                self._scripts.newer.note("alert", f"{edge} {mark}".encode())
        return known

    async def _held(self, most: int, *, lend: bool) -> Sequence[tuple[str, str]]:
        reply = await self._scripts.connection.call(
            "borrow",
            [self._scripts.keys.alerts],
            [
                self._scripts.now(),
                round(LEASE * 1000),
                most,
                "1" if lend else "",
                round(NEWS * 1000),
            ],
        )
        return replies.lent(reply)


def _waiting(edge: str, text: str) -> Waiting:
    """Read an alert as `parts/alert.lua` writes it behind its generation."""
    try:
        kind, subject, level, ends = edge.split("|")
        at, lease, attempts, first, second, channels = text.split(" ")
        alert = Alert(
            kind=cast(AlertKind, kind),
            subject=subject,
            level=int(level),
            ends=float(ends),
            at=int(at) / 1000,
            figures=(int(first), int(second)),
        )
        return Waiting(
            alert=alert,
            taken_by=frozenset(filter(None, channels.split(","))),
            attempts=int(attempts),
            lease=int(lease),
        )
    except ValueError:
        raise replies.unreadable() from None
