"""What a server says about itself, as plain values. What of it is good or bad is not known here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from smsctl.core.errors import StoreUnavailable
from smsctl.store import replies
from smsctl.store.connection import Connection
from smsctl.store.layout import Keys
from smsctl.store.scripts import script


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one server is. Where it does not let itself be asked, `told` is false, the rest empty."""

    told: bool
    product: str
    """`redis` or `valkey`."""
    version: str
    """The product's own, `9.1.2`."""
    level: tuple[int, int]
    """The Redis version whose commands it has, `(7, 2)`."""
    replica: bool
    """It follows another server."""
    replicas: int
    """So many follow it now."""
    aof: bool | None
    """It logs every write to a file; None where it does not say."""
    aof_failing: bool
    """The last write to that file failed."""
    eviction: str | None
    """The maxmemory policy; None where it does not say."""
    maxmemory: int | None
    """Bytes; 0 is no limit, None where it does not say."""
    ahead: float
    """Seconds by which its clock is ahead of this host's; half the answer's way is uncertain."""
    uncertain: float
    """Seconds."""
    fingerprint: bytes | None
    """Whose store it is; None where nothing was kept yet."""


async def health(
    connection: Connection, *, prefix: str, clock: Callable[[], float] = time.time
) -> Health:
    """Return what two round trips tell. Raises StoreUnavailable.

    INFO is asked, and never CONFIG: managed servers block that. INFO may be blocked as well.
    """
    before = clock()
    told_time, fingerprint = await connection.read([("TIME",), ("GET", Keys(prefix).secret)])
    after = clock()
    seconds, micros = _time(told_time)
    told = await _info(connection)
    product = "valkey" if "valkey_version" in told else "redis"
    version = told.get("valkey_version") or told.get("redis_version", "0.0")
    aof = told.get("aof_enabled")
    return Health(
        told=bool(told),
        product=product,
        version=version,
        level=_level(told.get("redis_version", version)),
        replica=told.get("role") in {"slave", "replica"},
        replicas=_whole(told.get("connected_slaves")) or 0,
        aof=None if aof is None else aof != "0",
        aof_failing=told.get("aof_last_write_status", "ok") != "ok",
        eviction=told.get("maxmemory_policy"),
        maxmemory=_whole(told.get("maxmemory")),
        ahead=seconds + micros / 1_000_000 - (before + after) / 2,
        uncertain=(after - before) / 2,
        fingerprint=fingerprint if isinstance(fingerprint, bytes) else None,
    )


async def fsync(connection: Connection) -> str | None:
    """Return how the log of writes reaches the disk: `always`, `everysec`, `no`.

    None where the server does not let itself be asked: managed ones block CONFIG.
    """
    try:
        (told,) = await connection.read([("CONFIG", "GET", "appendfsync")])
    except StoreUnavailable:
        return None
    match told:
        case [_, bytes(value)]:
            return value.decode("utf-8", "replace")
        case _:
            return None


async def load_scripts(connection: Connection) -> int:
    """Have the server compile every script; return how many. Raises StoreUnavailable."""
    names = _scripts()
    await connection.read([("SCRIPT", "LOAD", script(name).text) for name in names])
    return len(names)


async def _info(connection: Connection) -> Mapping[str, str]:
    try:
        (told,) = await connection.read([("INFO",)])
    except StoreUnavailable:
        return {}  # the user may not; were the server gone, the next question would tell
    if not isinstance(told, bytes):
        raise replies.unreadable()
    lines = (line.partition(":") for line in told.decode("utf-8", "replace").splitlines())
    return {name: value for name, _, value in lines}


def _scripts() -> list[str]:
    found = files(__package__).joinpath("lua").iterdir()
    return sorted(each.name.removesuffix(".lua") for each in found if each.name.endswith(".lua"))


def _time(told: object) -> tuple[int, int]:
    match told:
        case [bytes(seconds), bytes(micros)] if seconds.isdigit() and micros.isdigit():
            return int(seconds[:15]), int(micros[:6])
        case _:
            raise replies.unreadable()


def _whole(told: str | None) -> int | None:
    return int(told) if told and re.fullmatch("[0-9]{1,18}", told) else None


def _level(version: str) -> tuple[int, int]:
    major, minor, *_ = [*version.split("."), "0"]
    return _whole(major) or 0, _whole(minor) or 0
