"""The hosts of one store, in one hash: by name and policy, since when, and when last seen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smsctl.core.hosts import FRESH, Host, PolicyFingerprint
from smsctl.store import replies
from smsctl.store.calls import Scripts
from smsctl.store.format import HOST_GENERATION

_STRANGE = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST = 64  # characters of a host's name
_TIMES = re.compile(rf"{HOST_GENERATION} ([0-9]{{1,15}}) ([0-9]{{1,15}})")


class RedisHosts:
    """Keeps the hosts on the server that they share."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def announce(self, name: str, policy: PolicyFingerprint) -> None:
        name = _STRANGE.sub("_", name)[:_LONGEST] or "_"
        digests = f"{policy.limits} {policy.purposes} {policy.code}"
        reply = await self._scripts.connection.call(
            "announce",
            [self._scripts.keys.hosts],
            [self._scripts.now(), f"{name} {digests} {policy.timezone}", round(FRESH * 1000)],
        )
        replies.done(reply)

    async def fresh(self) -> Sequence[Host]:
        held, time = await self._scripts.connection.read(
            [("HGETALL", self._scripts.keys.hosts), ("TIME",)]
        )
        now = self._scripts.moment(replies.seconds(time))
        hosts = (self._host(field, text) for field, text in replies.pairs(held))
        fresh = [host for host in hosts if host is not None and host.seen + FRESH > now]
        return sorted(fresh, key=lambda host: (host.name, host.since))

    def _host(self, field: str, text: str) -> Host | None:
        match field.split(" "), _TIMES.fullmatch(text):
            case [name, limits, purposes, code, timezone], re.Match() as times:
                return Host(
                    name=name,
                    policy=PolicyFingerprint(limits, purposes, code, timezone),
                    since=int(times[1]) / 1000,
                    seen=int(times[2]) / 1000,
                )
            case _:
                self._scripts.newer.note("host", f"{field} {text}".encode())
                return None
