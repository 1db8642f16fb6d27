"""The guard as contestant: its store and its two faces, on the server of a stage."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks.frame.three import NEVER, Three
from smsctl.core.blocking import run_blocking
from smsctl.core.flow import Flow, Ports
from smsctl.core.guard import AsyncGuard, Guard
from smsctl.core.naming import Keyring
from smsctl.core.policy import Policy
from smsctl.core.ports import (
    Accepted,
    Captcha,
    Gateway,
    Guess,
    Message,
    NewCode,
    Request,
    Settlement,
)
from smsctl.core.rules import Rule, Window
from smsctl.numbering import read_phone
from smsctl.store.calls import Scripts
from smsctl.store.command import Argument, Command
from smsctl.store.connection import AsyncConnection, BlockingConnection, Connection
from smsctl.store.scripts import script
from smsctl.store.store import RedisStore
from smsctl.wiring.journal import write_down

SECRET = b"a secret for benchmarks only"
SHIPPED = Policy()
"""What applies where nothing is configured, with a fuse that no run comes near."""


def open_policy(limits: Three | None = None) -> Policy:
    """Return the policy of the three limits alone, or the shipped one without its fuse."""
    if limits is None:
        rules = tuple(rule for rule in SHIPPED.rules if rule.per != "all")
        return Policy(
            rules=(*rules, Rule(name="fuse", per="all", max=NEVER, window=Window.read("day")))
        )
    return Policy(
        rules=(
            Rule(name="phone", per="phone", max=limits.phone, window=Window.read("60s")),
            Rule(name="ip", per="ip", max=limits.address, window=Window.read("day")),
            Rule(name="fuse", per="all", max=limits.total, window=Window.read("day")),
        )
    )


def scripts(connection: Connection, policy: Policy) -> Scripts:
    """Return the scripts' caller, under the server's own clock."""
    return Scripts(
        connection,
        policy=policy,
        prefix="sms",
        fingerprint=Keyring(SECRET).fingerprint(),
    )


def request(number: int, source: int | None = None) -> Request:
    """Return a request of a phone that nobody else has, named as the guard names it."""
    names = (number, number // 10_000, number if source is None else source)
    return Request(
        phone=f"{number:016d}",
        ip=f"{names[2]:016d}",
        prefix=f"{names[1]:016d}",
        country="CN",
        purpose="login",
        names=b"".join([b"%012d" % name for name in names]),
        encrypted=b"%040d" % number,
    )


def new_code(number: int) -> NewCode:
    """Return a code as the guard makes one where the caller names no request id."""
    return NewCode(
        request_id=f"{number:032x}",
        attempt=f"{number:016x}",
        digest=secrets.token_bytes(32),
        challenge=None,
        named=False,
    )


def wrong_guess(number: int) -> Guess:
    """Return a guess at a phone's code that is not the code."""
    asked = request(number)
    return Guess(
        phone=asked.phone,
        purpose="login",
        digest=bytes(32),
        challenge=None,
        country="CN",
        names=asked.names,
        encrypted=asked.encrypted,
    )


class InstantGateway:
    """Accepts at once, and keeps nothing."""

    async def submit(self, message: Message) -> Accepted:  # noqa: ARG002 - the port's
        return Accepted(message_id="900619746936498440^0", vendor_request_id="F655A8D5-B967-440B")


def _flow(
    connection: Connection, policy: Policy, gateway: Gateway, captcha: Captcha | None = None
) -> Flow:
    keyring = Keyring(SECRET)
    ports = Ports(
        store=RedisStore(scripts(connection, policy)),
        gateway=gateway,
        captcha=captcha,
        read_phone=lambda text: read_phone(text, region="CN"),
        journal=write_down,
        tick=time.perf_counter,
        now=lambda: datetime.now(UTC),
    )
    return Flow(policy, keyring, ports)


def guard(connection: BlockingConnection, policy: Policy, gateway: Gateway | None = None) -> Guard:
    """Return the guard of threads as `open_guard` builds it, but for the gateway."""
    return Guard(_flow(connection, policy, gateway or InstantGateway()), close=connection.close)


def async_guard(
    connection: AsyncConnection,
    policy: Policy,
    gateway: Gateway | None = None,
    captcha: Captcha | None = None,
) -> AsyncGuard:
    """Return the guard of event loops as `open_async_guard` builds it, but for the vendors."""
    flow = _flow(connection, policy, gateway or InstantGateway(), captcha)
    return AsyncGuard(flow, close=connection.close)


_ANSWERS = {"look": [3], "reserve": b"\1" + bytes(13), "settle": [1, b"sent", 0], "verify": [4]}


class _Scribe:
    """Takes calls down in place of asking, and answers as a store that has just been emptied."""

    place = ""

    def __init__(self) -> None:
        self.commands: list[Command] = []

    async def call(self, name: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        self.commands.append(("EVALSHA", script(name).sha, len(keys), *keys, *arguments))
        return _ANSWERS[name]

    async def read(self, commands: Sequence[Command]) -> list[Any]:
        raise NotImplementedError

    async def close(self) -> None:
        """Nothing is open."""


Call = Callable[[RedisStore, int], Coroutine[Any, Any, object]]


def look(store: RedisStore, number: int) -> Coroutine[Any, Any, object]:
    """Ask what would be refused, as a send with a captcha does."""
    return store.look(request(number), None)


def reserve(store: RedisStore, number: int) -> Coroutine[Any, Any, object]:
    """Reserve for a phone and an address, with the pending code."""
    return store.reserve(request(number), new_code(number))


def verify(store: RedisStore, number: int) -> Coroutine[Any, Any, object]:
    """Guess wrong."""
    return store.verify(wrong_guess(number))


def settle(store: RedisStore, number: int) -> Coroutine[Any, Any, object]:
    """Say of a phone's message that the gateway took it."""
    taken = Settlement(
        state="sent", message_id="900619746936498440^0", vendor_request_id="F655A8D5-B967-440B"
    )
    return store.settle(request(number), new_code(number), taken)


def commands(policy: Policy, call: Call, numbers: range) -> list[Command]:
    """Return what the store would say to a server, a command for each number."""
    scribe = _Scribe()
    store = RedisStore(scripts(scribe, policy))
    for number in numbers:
        run_blocking(call(store, number))
    return scribe.commands
