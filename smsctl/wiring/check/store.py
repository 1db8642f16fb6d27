"""What a store must be for the limits to hold: asked of the server itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from smsctl.core.admin import Selection
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import SmsctlError, StoreUnavailable
from smsctl.core.hosts import disagreement, fingerprint_of, others
from smsctl.core.phrase import Phrase, phrase
from smsctl.store.health import Health, fsync, health, load_scripts
from smsctl.wiring.check.item import Item, error, ok, warn
from smsctl.wiring.parts import Parts

_OLDEST = (6, 2)
_DAY = 86400.0
_NOTICEABLE = 2.0  # s; NTP keeps hosts within milliseconds


def store_items(
    parts: Parts, *, real: bool, clock: Callable[[], float] = time.time
) -> Iterator[Item]:
    """Yield what is found at the store; one item where it does not answer.

    `real`: messages cost money, so what endangers the fuse is an error and not a warning.
    """
    connection = parts.connection
    try:
        found = run_blocking(health(connection, prefix=parts.config.store.prefix, clock=clock))
        synced = run_blocking(fsync(connection)) if found.aof else None
    except StoreUnavailable as fault:
        yield unreachable(fault)
        return
    yield ok("store.reachable", phrase("answers at {place}", place=connection.place))
    yield from health_items(
        found, synced=synced, fingerprint=parts.keyring.fingerprint(), real=real
    )
    if found.told and parts.config.store.durability == "strict":
        yield replicas(found)
    yield _scripts(parts)
    yield from _hosts(parts)
    yield from _overrides(parts)
    yield from _newer(parts)


def health_items(
    found: Health, *, synced: str | None, fingerprint: bytes, real: bool
) -> Iterator[Item]:
    """Yield what a server's own words mean; pure.

    `synced` is how its log of writes reaches the disk, `fingerprint` that of this host's secret.
    """
    if found.told:
        yield _version(found)
        yield _role(found)
        yield _persistence(found, synced, real=real)
        yield _eviction(found, real=real)
    else:
        yield warn(
            "store.info",
            phrase("this user may not ask INFO: version, persistence and eviction are unknown"),
            phrase("grant the user INFO (smsctl store acl --operator), or check them by hand"),
        )
    yield _clock(found)
    yield _secret(found, fingerprint)


def replicas(found: Health) -> Item:
    """Return what `durability: strict` has to wait for."""
    if found.replicas:
        return ok(
            "store.replicas", phrase("{count} replicas confirm each write", count=found.replicas)
        )
    return error(
        "store.replicas",
        phrase("no replica is connected: with durability: strict nothing is sent"),
        phrase("connect a replica, or set durability: aof"),
    )


def unreachable(fault: SmsctlError) -> Item:
    """Return the one item of a store that does not answer."""
    return Item("error", "store.reachable", fault.message, fault.hint)


def _version(found: Health) -> Item:
    told = phrase("{product} {version}", product=found.product, version=found.version)
    if found.level >= _OLDEST:
        return ok("store.version", told)
    return error(
        "store.version",
        phrase("{product} {version} is too old", product=found.product, version=found.version),
        phrase("6.2 is the oldest that smsctl works with"),
    )


def _role(found: Health) -> Item:
    if not found.replica:
        return ok("store.role", phrase("takes writes"))
    return error(
        "store.role",
        phrase("a replica: it takes no writes, or loses them"),
        phrase("point store.url at the primary"),
    )


def _persistence(found: Health, synced: str | None, *, real: bool) -> Item:
    check, level = "store.persistence", "error" if real else "warn"
    if found.aof is None:
        return warn(
            check,
            phrase("the server does not say whether it keeps its writes"),
            phrase("make sure that AOF persistence is on"),
        )
    if not found.aof:
        return _found(
            level,
            check,
            phrase("appendonly is off: a restart hands the used limits and the fuse out again"),
            phrase("set appendonly yes: a snapshot alone loses every send after it"),
        )
    if found.aof_failing:
        return error(
            check,
            phrase("the server failed to write its append-only file"),
            phrase("look at its disk and its log"),
        )
    return _synced(synced)


def _synced(policy: str | None) -> Item:
    check = "store.persistence"
    match policy:
        case "always":
            return ok(check, phrase("each write is on disk before it is answered"))
        case "everysec":
            # What nobody can better on a managed server is no warning. While the disk is busy with
            # the last sync, the server keeps writes in memory for up to two seconds.
            return ok(
                check,
                phrase("append-only file, synced each second: a kill may forget two seconds"),
            )
        case "no":
            return warn(
                check,
                phrase("append-only file, never synced: a power cut may forget half a minute"),
                phrase("set appendfsync everysec, or always"),
            )
        case _:
            return ok(check, phrase("append-only file; the server does not say how it is synced"))


def _eviction(found: Health, *, real: bool) -> Item:
    check, level = "store.eviction", "error" if real else "warn"
    if found.eviction is None:
        return warn(
            check,
            phrase("the server does not say whether it evicts keys"),
            phrase("make sure that maxmemory-policy is noeviction"),
        )
    if found.eviction == "noeviction":
        return ok(check, phrase("noeviction: what is counted stays"))
    return _found(
        level,
        check,
        phrase(
            "maxmemory-policy is {policy}: short of memory it forgets limits and codes",
            policy=found.eviction,
        ),
        phrase("set maxmemory-policy noeviction"),
    )


def _clock(found: Health) -> Item:
    check = "store.clock"
    # What the answer's way took is not counted against the clocks.
    apart = max(0.0, abs(found.ahead) - found.uncertain)
    seconds = f"{abs(found.ahead):.1f}"
    hint = phrase("set both clocks by NTP")
    if apart > _DAY:
        return error(
            check,
            phrase("{seconds} s away from this host's: the scripts refuse it", seconds=seconds),
            hint,
        )
    if apart > _NOTICEABLE:
        # Limits and codes go by the store's clock alone, so they hold.
        return warn(
            check,
            phrase(
                "{seconds} s away from this host's: limits hold, but one of the two is wrong",
                seconds=seconds,
            ),
            hint,
        )
    return ok(check, phrase("agrees with this host's to {seconds} s", seconds=seconds))


def _secret(found: Health, fingerprint: bytes) -> Item:
    check = "store.secret"
    if found.fingerprint is None:
        return ok(check, phrase("holds no codes yet: the first host to send decides its secret"))
    if found.fingerprint == fingerprint:
        return ok(check, phrase("belongs to this host's secret"))
    return error(
        check,
        phrase("the store belongs to another secret than this host's"),
        phrase("give every host the same code.secret"),
    )


def _hosts(parts: Parts) -> Iterator[Item]:
    check, ours = "store.hosts", fingerprint_of(parts.policy)
    try:
        hosts = run_blocking(parts.hosts.fresh())
    except StoreUnavailable as fault:
        yield Item("warn", check, fault.message, fault.hint)
        return
    differing = others(hosts, ours)
    for host in differing:
        yield warn(
            check,
            disagreement(host, ours, parts.policy.timezone),
            phrase("give every host on one store the same configuration"),
        )
    if not differing:
        agreeing = len({host.name for host in hosts})
        yield ok(
            check, phrase("hosts that decided lately, all by this policy: {count}", count=agreeing)
        )


def _overrides(parts: Parts) -> Iterator[Item]:
    """Yield why no decision can be made, if the overrides cannot be read."""
    try:
        run_blocking(parts.overrides.read())
    except StoreUnavailable as fault:
        yield Item("error", "store.overrides", fault.message, fault.hint)


def _newer(parts: Parts) -> Iterator[Item]:
    """Yield what a newer smsctl wrote, of today and of what is kept for long."""
    with suppress(StoreUnavailable):  # a user of few rights reads no records
        today = run_blocking(parts.admin.usage(1))[-1].date
        run_blocking(parts.history.events(today, after=-100))
        run_blocking(parts.history.refusals())
        run_blocking(parts.outbox.raised())
        run_blocking(parts.admin.acts())
    if counts := parts.newer.counts:
        yield warn(
            "store.newer",
            phrase(
                "a newer smsctl wrote records that this one leaves out: {kinds}",
                kinds=", ".join(f"{name} {count}" for name, count in sorted(counts.items())),
            ),
            phrase("upgrade smsctl on this host"),
        )


def _scripts(parts: Parts) -> Item:
    check = "store.scripts"
    try:
        count = run_blocking(load_scripts(parts.connection))
    except StoreUnavailable as fault:
        # The guard itself needs no SCRIPT LOAD: a user who has only what it needs is no error.
        if _fault(parts) is None:
            return warn(
                check,
                phrase("this user may not load scripts: not all could be tried"),
                phrase("grant the user SCRIPT LOAD: smsctl store acl --operator"),
            )
        return Item("error", check, fault.message, fault.hint)
    stopped = _fault(parts)
    if stopped is not None:
        return Item("error", check, stopped.message, stopped.hint)
    return ok(check, phrase("all {count} compile, and run", count=count))


def _fault(parts: Parts) -> SmsctlError | None:
    """Return what the script that shows runs into; it writes nothing."""
    nobody = Selection(phone="-", purposes=[parts.policy.default_purpose], all=True)
    try:
        run_blocking(parts.admin.show(nobody))
    except SmsctlError as fault:
        return fault
    return None


def _found(level: str, check: str, message: Phrase, hint: Phrase) -> Item:
    return (error if level == "error" else warn)(check, message, hint)
