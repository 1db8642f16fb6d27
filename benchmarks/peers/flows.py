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

GuessResult: TypeAlias = Literal["right", "wrong", "not compared"]

_TRIES = 3
_TTL = 300  # seconds
_DAY = 86_400


class Flow(Protocol):
    """Sends a code to a phone, and compares what comes back."""

    def send(self, number: int) -> str:
        """Return the code that the phone of this number would show."""

    def verify(self, number: int, code: str) -> GuessResult:
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

    def verify(self, number: int, code: str) -> GuessResult:
        answer = self.guard.verify(f"138{number:08d}", code)
        if isinstance(answer, Verified):
            return "right"
        return "wrong" if answer.reason in {"mismatch", "exhausted"} else "not compared"


class _Otpgateway:
    """What the release v3.6.3 asks of Redis, in its order: one hash for a phone.

    Source: github.com/knadh/otpgateway, cmd/otpgateway/handlers.go, internal/store/redis/redis.go.
    A send counts as an attempt. A right code deletes the hash, and then marks it as closed: the
    mark is a new hash, without a TTL and with no attempt counted.
    """

    def __init__(self, stage: Stage) -> None:
        self._client = redis.Redis.from_url(stage.url, decode_responses=True)

    def send(self, number: int) -> str:
        client, key, code = self._client, _otpgateway_key(number), _code()
        assert not _otpgateway_locked(self._read(key))
        with client.pipeline() as transaction:
            transaction.watch(key)
            transaction.multi()
            transaction.execute_command("HMSET", key, *_otpgateway_fields(number, code))
            transaction.hincrby(key, "attempts", 1)
            transaction.hincrby(key, "generate", 1)
            transaction.pexpire(key, _TTL * 1000)
            transaction.execute()
        client.execute_command("UNWATCH")  # its library ends every transaction so
        client.hget(key, "generate")
        client.hget(key, "attempts")
        return code

    def verify(self, number: int, code: str) -> GuessResult:
        client, key = self._client, _otpgateway_key(number)
        kept = self._read(key)
        if not kept:
            return "not compared"
        with client.pipeline() as transaction:
            transaction.hincrby(key, "attempts", 1)
            transaction.ttl(key)
            attempts, _ = transaction.execute()
        if _otpgateway_locked(kept | {"attempts": str(attempts)}):
            return "not compared"
        if kept["otp"] != code:
            return "wrong"
        client.delete(key)
        client.hset(key, "closed", 1)
        return "right"

    def _read(self, key: str) -> dict[str, str]:
        """Return the fields of the hash; none where it holds no code."""
        kept = {str(field): str(value) for field, value in self._client.hgetall(key).items()}
        if "otp" not in kept:
            return {}
        self._client.ttl(key)
        return kept


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

    def verify(self, number: int, code: str) -> GuessResult:
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
    "otpgateway v3.6.3's commands": _Otpgateway,
    "tutorial's commands": _Tutorial,
}


def _otpgateway_key(number: int) -> str:
    return f"OTP:login:{number:011}"


def _otpgateway_fields(number: int, code: str) -> list[str | int]:
    return [
        *("otp", code, "to", f"138{number:08d}", "channel_description", ""),
        *("address_description", "", "extra", "{}", "provider", "sms", "closed", 0),
        *("max_attempts", _TRIES, "max_generate", _TRIES),
    ]


def _otpgateway_locked(kept: dict[str, str]) -> bool:
    """Say whether more was counted than is allowed, as `isLocked` does."""
    return any(
        int(kept.get(counter, 0)) > int(kept.get(f"max_{counter}", 0))
        for counter in ("attempts", "generate")
    )


def _code() -> str:
    return f"{secrets.randbelow(10**6):06}"
