"""What answers where a store is expected: bytes of any kind, through the whole connection.

Everything is on loopback, and every address that an answer may name is, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

from smsctl.core.admin import Act, Selection
from smsctl.core.blocking import run_blocking
from smsctl.core.policy import Policy
from smsctl.core.ports import Guess, NewCode, Request, Settlement, VerifyResult
from smsctl.store.admin import RedisAdmin
from smsctl.store.calls import Scripts
from smsctl.store.connection import AsyncConnection, BlockingConnection, Connection
from smsctl.store.health import health
from smsctl.store.store import RedisStore
from smsctl.store.target import read_target
from smsctl.testing import Clock
from tests.fuzz.babbler import TIMEOUT, Babbler
from tests.fuzz.chance import likely
from tests.fuzz.oracle import Breach, tried
from tests.fuzz.replies import LAWFUL, reply
from tests.fuzz.surface import Surface
from tests.fuzz.worlds import KEYRING

_REQUEST = Request(phone="p", ip="i", prefix="s", country="CN", purpose="login")
_NEW = NewCode(request_id="r", attempt="a", digest=b"d" * 32, challenge=None)
_GUESS = Guess(phone="p", purpose="login", digest=b"d" * 32, challenge=None)
_ACT = Act(at="2026-11-23T12:00:00+08:00", who="w", what="x", reason="")
_SELECTION = Selection(phone="p", ip="i", country="CN", purposes=("login",), all=True)

Call = Callable[[Scripts], Coroutine[Any, Any, object]]

_CALLS: Mapping[str, Call] = {
    "look": lambda scripts: RedisStore(scripts).look(_REQUEST, "r"),
    "reserve": lambda scripts: RedisStore(scripts).reserve(_REQUEST, _NEW),
    "settled": lambda scripts: RedisStore(scripts).settle(_REQUEST, _NEW, Settlement(state="sent")),
    "verdict": lambda scripts: RedisStore(scripts).verify(_GUESS),
    "done": lambda scripts: RedisStore(scripts).turn_away(_REQUEST, "captcha"),
    "standing": lambda scripts: RedisAdmin(scripts).show(_SELECTION),
    "reset": lambda scripts: RedisAdmin(scripts).reset(_SELECTION, codes=True),
    "usage": lambda scripts: RedisAdmin(scripts).usage(2),
    "record": lambda scripts: RedisAdmin(scripts).record(_ACT),
    "acts": lambda scripts: RedisAdmin(scripts).acts(),
    "health": lambda scripts: health(scripts.connection, prefix="sms"),
}
_URLS = ("redis://{}/0", "redis://{}/0", "redis+cluster://{}", "redis+sentinel://{}/service/0")
_ERRORS = (
    *("NOSCRIPT no", "MOVED 1 127.0.0.1:1", "ASK 1 127.0.0.1:1", "READONLY no", "LOADING soon"),
    *("ERR", "", "WRONGTYPE no", "NOAUTH no", "MISCONF no", "OOM no", "BUSY no", "MOVED", "ASK x"),
    *("CLUSTERDOWN no", "TRYAGAIN no", "MASTERDOWN no", "ERR max number of clients", "\x1b[31m"),
    *("MOVED 1 127.0.0.1:x", "MOVED x 127.0.0.1"),
    *("ASK 1 127.0.0.1:99999", "NOREPLICAS no", "IOERR"),
)  # fmt: skip
_ODD = (
    *(b"#t\r\n", b",1.0\r\n", b"_\r\n", b"(99999999999999999999\r\n", b"%1\r\n*0\r\n:1\r\n"),
    *(b"~1\r\n*0\r\n", b">1\r\n:1\r\n", b"=5\r\ntxt:a\r\n"),
    *(b"|1\r\n+a\r\n+b\r\n:1\r\n", b"!3\r\nERR\r\n"),
    *(b"*-1\r\n", b"$-1\r\n", b"*-5\r\n", b"$-5\r\n"),
    *(b":x\r\n", b"*1\r\n" * 20, b"\x00\r\n", b"\r\n"),
    *(b"*1000000\r\n", b"*10000000\r\n"),
    *(b"$9223372036854775807\r\n", b"$536870912\r\n", b"-\xff\r\n"),
    *(b"HTTP/1.1 200 OK\r\n\r\n", b"+OK\r\n" * 500, b",nan\r\n", b",inf\r\n", b"+\xff\xfe\r\n"),
    *(b"*2\r\n$10\r\n1795406400\r\n$1\r\n0\r\n", b"*1\r\n:1\r\n", b"$0\r\n\r\n", b"%1000000\r\n"),
)  # fmt: skip
_PLACES = (b"127.0.0.1", b"", b"\xff", b"127.0.0.1\x00", b"1", b"0", b"99999", b"x", 1, None, -1)


@contextmanager
def surface() -> Iterator[Surface]:
    """Speak to a babbler."""
    babbler = Babbler()
    try:
        yield Surface("redis-wire", _draw, lambda drawn: _check(babbler, drawn))
    finally:
        babbler.close()


def _draw(chance: Random) -> dict[str, Any]:
    name = chance.choice(tuple(_CALLS))
    url = chance.choice(_URLS)
    return {
        "call": name,
        "url": url,
        "answer": _answer(chance, name, single=url == _URLS[0]),
        "ending": "drip" if likely(chance, 400) else "keep" if likely(chance, 60) else "close",
        "async": likely(chance, 4),
    }


def _answer(chance: Random, name: str, *, single: bool) -> bytes:
    match chance.randrange(6):
        case 0:
            return b"-" + chance.choice(_ERRORS).encode() + b"\r\n"
        case 1:
            return b"".join(chance.choice(_ODD) for _ in range(1 + chance.randrange(3)))
        case 2 if not single:
            return _encoded(_route(chance))
        case _:
            told = reply(chance, name if name in LAWFUL else chance.choice(tuple(LAWFUL)))
            answer = _encoded(told)
            return _slipped(chance, answer) if single and likely(chance, 2) else answer


def _route(chance: Random) -> Any:
    """Return something like what sentinels and clusters say of primaries."""
    node = [chance.choice(_PLACES) for _ in range(chance.randrange(1, 5))]
    shapes: Sequence[Any] = (node, [node], [0, 16383, node], [[0, 16383, node]], [[node, node]])
    return chance.choice(shapes)


def _slipped(chance: Random, answer: bytes) -> bytes:
    at = chance.randrange(len(answer) + 1)
    match chance.randrange(3):
        case 0:
            return answer[:at]
        case 1:
            return answer[:at] + chance.choice(_ODD) + answer[at:]
        case _:
            return answer[:at] + bytes([chance.randrange(256)]) + answer[at + 1 :]


def _encoded(told: Any) -> bytes:
    simple: Mapping[type, Callable[[Any], bytes]] = {
        bool: lambda value: b"#t\r\n" if value else b"#f\r\n",
        int: lambda value: b":%d\r\n" % value,
        float: lambda value: f",{value}\r\n".encode(),
        str: lambda value: f"+{value}\r\n".encode(),
        bytes: lambda value: b"$%d\r\n%b\r\n" % (len(value), value),
        type(None): lambda _: b"$-1\r\n",
    }
    if type(told) in simple:
        return simple[type(told)](told)
    within = [each for pair in told.items() for each in pair] if isinstance(told, dict) else told
    sign = b"%%" if isinstance(told, dict) else b"*"
    return sign[:1] + b"%d\r\n" % len(told) + b"".join(map(_encoded, within))


def _check(babbler: Babbler, drawn: Mapping[str, Any]) -> None:
    babbler.answer, babbler.ending = drawn["answer"], drawn["ending"]
    site = read_target(drawn["url"].format(babbler.place), timeout=TIMEOUT)
    call = _CALLS[drawn["call"]]
    if drawn["async"]:
        given = tried(lambda: asyncio.run(_once(AsyncConnection(site), call)))
    else:
        given = tried(lambda: run_blocking(_once(BlockingConnection(site), call)))
    match given:
        # A push may come before the store's word.
        case VerifyResult(result="verified") if b"*1\r\n:1\r\n" not in drawn["answer"]:
            raise Breach("wrong", "verified without the store's word")
        case _:
            pass


async def _once(connection: Connection, call: Call) -> object:
    try:
        return await call(
            Scripts(
                connection,
                policy=_POLICY,
                prefix="sms",
                fingerprint=KEYRING.fingerprint(),
                clock=_CLOCK,
            )
        )
    finally:
        await connection.close()


_POLICY, _CLOCK = Policy(), Clock()
