"""What may lie in the store that no script wrote: another type, half a value, anybody's bytes.

A history is played once and kept as the server dumps it; each input restores it, damages one key,
and calls once. A call that fails changes nothing, but where the record of a day is itself damaged:
there one field may be counted before another is found unreadable, and a guess that cannot be
recorded is a try, and one alone. A wrong code never verifies.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import redis

from smsctl.core.admin import Act, Selection
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import SmsctlError
from smsctl.core.policy import CodePolicy, Policy, Purpose
from smsctl.core.ports import (
    Guess,
    LimitExceeded,
    NewCode,
    Request,
    Settlement,
    Taken,
    VerifyResult,
)
from smsctl.core.rules import Rule, Window
from smsctl.store.admin import RedisAdmin
from smsctl.store.binary import find_server
from smsctl.store.calls import Scripts
from smsctl.store.connection import BlockingConnection
from smsctl.store.history import RedisHistory
from smsctl.store.outbox import RedisOutbox
from smsctl.store.override_book import RedisOverrideBook
from smsctl.store.store import RedisStore
from smsctl.testing import Clock
from tests.fuzz.chance import likely
from tests.fuzz.oracle import Breach, same, tried
from tests.fuzz.surface import Surface
from tests.fuzz.worlds import KEYRING, every, kept, scripts
from tests.servers import running

_POLICY = Policy(
    rules=(
        Rule(name="phone", per="phone", max=3, window=Window.read("1h")),
        Rule(name="ip-day", per="ip", max=4, window=Window.read("day")),
        Rule(name="month", per="purpose", max=9, window=Window.read("month")),
        Rule(name="watch", per="all", max=1, window=Window.read("1h"), mode="observe"),
        Rule(name="fuse", per="all", max=9, window=Window.read("day")),
    ),
    purposes={"login": Purpose(template="SMS_1")},
    code=replace(CodePolicy(), live=2, tries=2, wrong_max=3),
)
_REQUEST = Request(phone="p", ip="i", prefix="s", country="CN", purpose="login")
_GUESS = Guess(phone="p", purpose="login", digest=b"w" * 32, challenge=None)
_ACT = Act(at="2026-11-23T12:00:00+08:00", who="w", what="x", reason="")
_DAY = "2026-11-23"
_SELECTION = Selection(phone="p", ip="i", country="CN", purposes=("login",), all=True)


def _new(name: str) -> NewCode:
    return NewCode(request_id=name, attempt="a", digest=name.encode() * 16, challenge=None)


def _settle(name: str, **more: Any) -> Callable[[Scripts], Coroutine[Any, Any, object]]:
    return lambda asked: RedisStore(asked).settle(_REQUEST, _new(name), Settlement(**more))


_CALLS: Mapping[str, Callable[[Scripts], Coroutine[Any, Any, object]]] = {
    "look": lambda asked: RedisStore(asked).look(_REQUEST, "r2"),
    "look anew": lambda asked: RedisStore(asked).look(_REQUEST, "r9"),
    "reserve": lambda asked: RedisStore(asked).reserve(_REQUEST, _new("r9")),
    "reserve again": lambda asked: RedisStore(asked).reserve(_REQUEST, _new("r2")),
    "reserve, outage": lambda asked: RedisStore(asked).reserve(
        replace(_REQUEST, outage=True), _new("r9")
    ),
    "settle sent": _settle("r2", state="sent", message_id="m"),
    "settle rejected": _settle("r2", state="rejected"),
    "settle throttled": _settle("r2", state="rejected", blame="phone"),
    "settle unknown": _settle("r1", state="unknown"),
    "verify": lambda asked: RedisStore(asked).verify(_GUESS),
    "verify, challenge": lambda asked: RedisStore(asked).verify(
        replace(_GUESS, challenge=b"c" * 16)
    ),
    "turn away": lambda asked: RedisStore(asked).turn_away(_REQUEST, "captcha"),
    "show": lambda asked: RedisAdmin(asked).show(_SELECTION),
    "reset": lambda asked: RedisAdmin(asked).reset(_SELECTION, codes=True),
    "usage": lambda asked: RedisAdmin(asked).usage(2),
    "record": lambda asked: RedisAdmin(asked).record(_ACT),
    "acts": lambda asked: RedisAdmin(asked).acts(),
    "events": lambda asked: RedisHistory(asked, KEYRING).events(_DAY),
    "refusals": lambda asked: RedisHistory(asked, KEYRING).refusals(),
    "offenders": lambda asked: RedisHistory(asked, KEYRING).offenders(_DAY),
    "pending": lambda asked: RedisOutbox(asked).pending(),
    "borrow": lambda asked: RedisOutbox(asked).borrow(),
    "raised": lambda asked: RedisOutbox(asked).raised(),
    "overrides": lambda asked: RedisOverrideBook(asked).read(),
}
_WRITING = ("reserve", "settle", "verify", "turn away", "reset", "record", "borrow")
_JUNK = (b"", b"x", b"0", b"-1", b"nan", b"1e999", b"9" * 40, b"\xff" * 60, b"\x00" * 60, b" 1")
_TYPES = ("string", "list", "hash", "set", "zset", "stream")


@contextmanager
def surface() -> Iterator[Surface]:
    """Damage a store and call."""
    with TemporaryDirectory() as folder, running(find_server(os.environ), Path(folder)) as server:
        with server.client as client:
            asked = scripts(BlockingConnection(server.target), _POLICY, Clock())
            history = _play(asked, client)
            yield Surface(
                "damaged-store", _draw, lambda drawn: _check(asked, client, history, drawn)
            )
        run_blocking(asked.connection.close())


def _play(asked: Scripts, client: redis.Redis) -> dict[bytes, bytes]:
    """Send twice, settle once, guess wrong, write an act down; return every key as dumped.

    The gateway has rejected so many already that a further one is not recorded one by one.
    """
    client.flushall()
    client.hset(f"{{sms}}:day:{_DAY}", "rejected|login|CN|12", 60)
    for name in ("r1", "r2"):
        run_blocking(RedisStore(asked).reserve(_REQUEST, _new(name)))
    run_blocking(_CALLS["settle unknown"](asked))
    for name in ("verify", "turn away", "record"):
        run_blocking(_CALLS[name](asked))
    return {name: client.dump(name) or b"" for name in every(client)}


def _draw(chance: Random) -> dict[str, Any]:
    return {
        "call": chance.choice(tuple(_CALLS)),
        "key": chance.randrange(32),
        "how": chance.choice(["type", "cut", "flip", "junk", "more", "element", "element", "gone"]),
        "type": chance.choice(_TYPES),
        "junk": chance.choice(_JUNK)
        if likely(chance, 2)
        else chance.randbytes(chance.choice([1, 8, 57, 300])),
        "at": chance.randrange(1 << 16),
    }


def _check(
    asked: Scripts, client: redis.Redis, history: Mapping[bytes, bytes], drawn: Mapping[str, Any]
) -> None:
    pipeline = client.pipeline(transaction=False)
    pipeline.flushall()
    for name, value in history.items():
        pipeline.restore(name, 600_000, value)
    pipeline.execute()
    names = sorted(history)
    _damage(client, names[drawn["key"] % len(names)], drawn)
    damaged = names[drawn["key"] % len(names)]
    # Tallies and events are written one behind the other: where the second is damaged, the first
    # has one too many.
    spoils_count = any(part in damaged for part in (b":day:", b":events:"))
    forgiven = [b":events:"] if spoils_count else []
    is_try = b":events:" in damaged and drawn["call"].startswith("verify")
    if is_try:
        forgiven += [b":code:", b":wrong:"]
    before, tries = (_kept(client, but=forgiven), _days(client)), _tries(asked) if is_try else None
    given = tried(lambda: run_blocking(_CALLS[drawn["call"]](asked)))
    after = _kept(client, but=forgiven)
    if isinstance(given, VerifyResult) and given.result == "verified":
        raise Breach("wrong", "a wrong code verified")
    if isinstance(given, SmsctlError):
        same(before[0], after, why=f"{drawn['call']} failed half-way")
        if tries is not None and _tries(asked) != (tries[0] + 1, []):
            raise Breach("write", f"{drawn['call']} failed, and was no try, or more than one")
        if not spoils_count:
            same(before[1], _days(client), why=f"{drawn['call']} failed and was tallied")
    elif isinstance(given, LimitExceeded | Taken):
        same(before[0], after, why=f"{drawn['call']} was refused and wrote")
    if not isinstance(given, SmsctlError) and not drawn["call"].startswith(_WRITING):
        same(before[0], after, why=f"{drawn['call']} wrote")


def _tries(asked: Scripts) -> tuple[int, list[int]]:
    """Return how many wrong guesses stand, and the tries of each code that is left."""
    standing = run_blocking(RedisAdmin(asked).show(_SELECTION))
    return standing.wrong, [code.tries_left for code in standing.codes]


def _kept(client: Any, *, but: Sequence[bytes]) -> dict[bytes, bytes | None]:
    return {
        name: value for name, value in kept(client).items() if not any(part in name for part in but)
    }


def _days(client: redis.Redis) -> dict[bytes, bytes | None]:
    return {name: client.dump(name) for name in every(client) if b":day:" in name}


def _damage(client: Any, name: bytes, drawn: Mapping[str, Any]) -> None:
    junk, at, kind = drawn["junk"], drawn["at"], client.type(name)
    life = client.pttl(name)
    if drawn["how"] == "gone":
        client.delete(name)
    elif drawn["how"] == "type":
        _written_as(client, name, drawn["type"], junk)
    elif kind == b"string":
        client.set(name, _spoilt(client.get(name) or b"", drawn))
    elif kind == b"list":
        many = client.llen(name)
        spoilt = _spoilt(client.lindex(name, at % many) or b"", drawn)
        client.lset(name, at % many, spoilt)
    else:
        fields = sorted(client.hkeys(name))
        field = fields[at % len(fields)]
        client.hset(name, field, _spoilt(client.hget(name, field) or b"", drawn))
    if life > 0:
        client.pexpire(name, life)


def _spoilt(value: bytes, drawn: Mapping[str, Any]) -> bytes:
    at = drawn["at"] % (len(value) + 1)
    junk: bytes = drawn["junk"]
    match drawn["how"]:
        case "cut":
            return value[:at]
        case "flip":
            return value[:at] + junk[:1] + value[at + 1 :]
        case "more":
            return value[:at] + junk + value[at:]
        case _:
            return junk


def _written_as(client: redis.Redis, name: bytes, kind: str, junk: bytes) -> None:
    client.delete(name)
    match kind:
        case "string":
            client.set(name, junk)
        case "list":
            client.rpush(name, junk, junk)
        case "hash":
            client.hset(name, "f", junk)
        case "set":
            client.sadd(name, junk)
        case "zset":
            client.zadd(name, {junk: 1})
        case _:
            client.xadd(name, {"f": junk})
