"""Whole flows, from a send to the right code: the guard's, and others' as the commands they give.

The message itself costs nobody anything here: the gateway accepts at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Literal, Protocol, TypeAlias

import redis

from benchmarks.frame.guards import guard, open_policy
from benchmarks.frame.stage import Stage
from benchmarks.frame.three import Three, public_address
from smsctl.core.answers import Sent, Verified
from smsctl.core.ports import Message
from smsctl.store.connection import BlockingConnection
from smsctl.testing import Accepted

Verdict: TypeAlias = Literal["right", "wrong", "not compared"]

_TRIES = 3
_TTL = 300  # seconds
_DAY = 86_400


class Flow(Protocol):
    """Sends a code to a phone, and compares what comes back."""

    def send(self, number: int) -> str:
        """Return the code that the phone of this number would show."""

    def verify(self, number: int, code: str) -> Verdict:
        """Compare."""


class _Guard:
    """`guard.send` and `guard.verify`: limits, code and settlement; counted, then compared."""

    def __init__(self, stage: Stage) -> None:
        self._codes: dict[str, str] = {}
        self.guard = guard(BlockingConnection(stage.target), open_policy(Three()), self)

    async def submit(self, message: Message) -> Accepted:
        self._codes[message.phone.national] = message.code
        return Accepted(message_id="900619746936498440^0", vendor_request_id="F655A8D5-B967-440B")

    def send(self, number: int) -> str:
        phone = f"138{number:08d}"
        assert isinstance(self.guard.send(phone, ip=public_address(number)), Sent)
        return self._codes.pop(phone)

    def verify(self, number: int, code: str) -> Verdict:
        answer = self.guard.verify(f"138{number:08d}", code)
        if isinstance(answer, Verified):
            return "right"
        return "wrong" if answer.reason in {"mismatch", "exhausted"} else "not compared"


class _Otpgateway:
    """Generations and guesses counted in one hash of the phone; no address, no total."""

    def __init__(self, stage: Stage) -> None:
        self._client = redis.Redis.from_url(stage.url, decode_responses=True)

    def send(self, number: int) -> str:
        key, code = f"OTP:login:{number}", _code()
        kept = self._client.hgetall(key)
        self._client.ttl(key)
        assert int(kept.get("attempts", 0)) < _TRIES
        with self._client.pipeline() as transaction:
            transaction.watch(key)
            transaction.multi()
            transaction.hset(key, mapping={"otp": code, "closed": 0, "max_attempts": _TRIES})
            transaction.hincrby(key, "attempts", 1)
            transaction.hincrby(key, "otp_attempts", 1)
            transaction.pexpire(key, _TTL * 1000)
            transaction.execute()
        self._client.hget(key, "attempts")
        return code

    def verify(self, number: int, code: str) -> Verdict:
        key = f"OTP:login:{number}"
        kept = self._client.hgetall(key)
        self._client.ttl(key)
        if not kept or kept.get("closed") == "1":
            return "not compared"
        with self._client.pipeline() as transaction:
            transaction.hincrby(key, "otp_attempts", 1)
            transaction.ttl(key)
            attempts, _ = transaction.execute()
        if attempts > _TRIES + 1:  # the send counted one
            return "not compared"
        if kept["otp"] != code:
            return "wrong"
        self._client.hset(key, "closed", 1)
        return "right"


class _Tutorial:
    """A lock, a count and a code under keys of their own: read, compared here, then written."""

    def __init__(self, stage: Stage) -> None:
        self._client = redis.Redis.from_url(stage.url, decode_responses=True)

    def send(self, number: int) -> str:
        client, code = self._client, _code()
        assert not client.exists(f"lock:{number}")
        assert int(client.get(f"used:{number}") or 0) < 10
        client.set(f"lock:{number}", 1, ex=60)
        client.set(f"code:{number}", code, ex=_TTL)
        if client.incr(f"used:{number}") == 1:
            client.expire(f"used:{number}", _DAY)
        return code

    def verify(self, number: int, code: str) -> Verdict:
        client = self._client
        kept = client.get(f"code:{number}")
        if kept is None or int(client.get(f"wrong:{number}") or 0) >= _TRIES:
            return "not compared"
        if kept != code:
            if client.incr(f"wrong:{number}") == 1:
                client.expire(f"wrong:{number}", _TTL)
            return "wrong"
        client.delete(f"code:{number}")
        return "right"


GUARD = "smsctl"
FLOWS: dict[str, Callable[[Stage], Flow]] = {
    GUARD: _Guard,
    "otpgateway's commands": _Otpgateway,
    "tutorial's commands": _Tutorial,
}


def _code() -> str:
    return f"{secrets.randbelow(10**6):06}"
