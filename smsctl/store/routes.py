"""Which server is the primary now: what to ask whom, and what the answer means.

Knows no connection: questions go out as commands, answers come in as replies. A fault among the
replies is an exception among the values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from redis.crc import key_slot

from smsctl.store.command import Command
from smsctl.store.target import Cluster, Sentinels, Site, Target

_LAST_PORT = 65535
_SLOTS = re.compile(r"([0-9]+)(?:-([0-9]+))?")


@dataclass(frozen=True, slots=True)
class Primary:
    """The server that decides, and how many replicas it is known to have, cut-off ones included."""

    target: Target
    replicas: int = 0


class Route(Protocol):
    """A way to find the primary."""

    question: Sequence[Command]
    """What to ask; empty where the primary is known without."""

    @property
    def seeds(self) -> Sequence[Target]:
        """Whom to ask, in turn, until one answers."""

    def primary(self, asked: Target, replies: Sequence[Any]) -> Primary | None:
        """Return what the replies of `asked` tell; None where they do not."""


def route(site: Site, *, strict: bool) -> Route:
    """Return the way to the primary of `site`; with `strict` its replicas are counted."""
    match site:
        case Target():
            return _Alone(site, strict=strict)
        case Sentinels():
            return _BySentinels(site)
        case Cluster():
            return _ByCluster(site)


class _Alone:
    """One server. Its replicas are those that were ever seen connected: it forgets the lost."""

    def __init__(self, target: Target, *, strict: bool) -> None:
        self.seeds = [target]
        self.question: Sequence[Command] = [("ROLE",)] if strict else []
        self._seen = 0

    def primary(self, asked: Target, replies: Sequence[Any]) -> Primary | None:
        match replies:
            case []:
                return Primary(asked)
            case [[b"master", _, list(replicas)]]:
                self._seen = max(self._seen, len(replicas))
                return Primary(asked, self._seen)
            case _:
                return None


class _BySentinels:
    """Sentinels may be asked without a password where the primary has one: both are tried."""

    def __init__(self, site: Sentinels) -> None:
        self._site = site
        self.question: Sequence[Command] = [
            ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", site.service),
            ("SENTINEL", "REPLICAS", site.service),
        ]
        bare = [replace(seed, username=None, password=None) for seed in site.seeds]
        known = site.seeds if site.primary.password else ()
        self.seeds = _in_time([*bare, *known])

    def primary(self, asked: Target, replies: Sequence[Any]) -> Primary | None:
        del asked
        match replies:
            case [[bytes(host), bytes(port)], list(replicas)] if known := _port(
                port.decode("latin-1")
            ):
                name = host.decode("utf-8", "replace")
                found = replace(self._site.primary, host=name, port=known)
                return Primary(found, len(replicas))
            case _:
                return None


class _ByCluster:
    """The cluster's own map names the node that serves the slot.

    A line is: id, address, flags, primary's id or -, ping, pong, epoch, link, slots…
    """

    question: Sequence[Command] = [("CLUSTER", "NODES")]

    def __init__(self, site: Cluster) -> None:
        self._timeout = site.timeout
        self.seeds = _in_time(site.seeds)
        self._slot = key_slot(site.key.encode())

    def primary(self, asked: Target, replies: Sequence[Any]) -> Primary | None:
        match replies:
            case [bytes(nodes)]:
                lines = [line.split() for line in nodes.decode("utf-8", "replace").splitlines()]
            case _:
                return None
        for line in lines:
            match line:
                case [identity, address, flags, _, _, _, _, _, *slots] if "master" in flags and any(
                    self._holds(each) for each in slots
                ):
                    replicas = sum(other[3:4] == [identity] for other in lines)
                    found = at(address.partition("@")[0], asked)
                    return Primary(replace(found, timeout=self._timeout), replicas)
        return None

    def _holds(self, slots: str) -> bool:
        found = _SLOTS.fullmatch(slots)  # or else it is on its way to or from another node
        return found is not None and int(found[1]) <= self._slot <= int(found[2] or found[1])


def _in_time(seeds: Sequence[Target]) -> list[Target]:
    """Return the seeds with a share of the time each; one share is the primary's own."""
    return [replace(seed, timeout=seed.timeout / (len(seeds) + 1)) for seed in seeds]


def at(address: str, asked: Target) -> Target:
    """Return the node that `asked` calls `host:port`; what of it is missing is as with `asked`."""
    host, _, port = address.rpartition(":")
    return replace(asked, host=host.strip("[]") or asked.host, port=_port(port) or asked.port)


def _port(text: str) -> int | None:
    """Return the port that is written there; None where there is none."""
    port = int(text) if re.fullmatch("[0-9]{1,5}", text) else 0
    return port if 0 < port <= _LAST_PORT else None
