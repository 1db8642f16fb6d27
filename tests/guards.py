"""One test body over both faces of the guard, on a real server, under a clock that tests own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from smsctl.core.answers import Refused, Rejected, Sent, Verified
from smsctl.core.blocking import run_blocking
from smsctl.core.decision import Decision
from smsctl.core.errors import StoreUnavailable
from smsctl.core.flow import Flow, Ports
from smsctl.core.guard import AsyncGuard, Guard
from smsctl.core.naming import Keyring
from smsctl.core.policy import Policy
from smsctl.core.ports import Captcha, Gateway, Store
from smsctl.numbering import read_phone
from smsctl.store.admin import RedisAdmin
from smsctl.store.calls import Scripts
from smsctl.store.connection import AsyncConnection, BlockingConnection, Connection
from smsctl.store.history import RedisHistory
from smsctl.store.outbox import RedisOutbox
from smsctl.store.override_book import RedisOverrideBook
from smsctl.store.store import RedisStore
from smsctl.store.target import Site
from smsctl.testing import Clock, FakeGateway
from tests.servers import PrivateServer

SECRET = b"a secret for tests only"
PHONE = "13800138000"
IP = "203.0.113.7"


@dataclass
class Bench:
    """A guard and everything around it."""

    guard: Guard | AsyncGuard
    connection: Connection
    admin: RedisAdmin
    history: RedisHistory
    overrides: RedisOverrideBook
    outbox: RedisOutbox
    clock: Clock
    keyring: Keyring
    journal: list[Decision] = field(default_factory=list)
    alarms: list[None] = field(default_factory=list)
    """One for each decision that raised an alert."""
    runner: asyncio.Runner | None = None

    def run(self, call: Any) -> Any:
        """Return what a call of either face gives."""
        return self.runner.run(call) if self.runner else call

    def send(self, phone: str = PHONE, *, ip: str | None = IP, **more: Any) -> Sent | Refused:
        return self.run(self.guard.send(phone, ip=ip, **more))  # type: ignore[no-any-return]

    def verify(self, code: str, *, phone: str = PHONE, **more: Any) -> Verified | Rejected:
        return self.run(self.guard.verify(phone, code, **more))  # type: ignore[no-any-return]

    def ask(self, coroutine: Any) -> Any:
        """Return what a coroutine of the store's operator side gives."""
        return self.runner.run(coroutine) if self.runner else run_blocking(coroutine)

    def await_answer(self) -> None:
        """Return when the store answers again: a breaker may have noticed that it did not."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with suppress(StoreUnavailable):
                self.ask(self.connection.read([("TIME",)]))
                return
        raise AssertionError("the store does not answer")


MakeBench = Callable[..., Bench]


@pytest.fixture(params=["sync", "async"])
def make_bench(request: pytest.FixtureRequest, server: PrivateServer) -> Iterator[MakeBench]:
    """Return a maker of guards: `make_bench(policy, gateway=…, captcha=…, target=…)`."""
    made: list[Bench] = []

    def make(
        policy: Policy | None = None,
        *,
        gateway: Gateway | None = None,
        captcha: Captcha | None = None,
        clock: Clock | None = None,
        target: Site | None = None,
        strict: bool = False,
        store: Callable[[Store], Store] = lambda real: real,
        secret: bytes = SECRET,
    ) -> Bench:
        policy, clock, keyring = policy or Policy(), clock or Clock(), Keyring(secret)
        face = AsyncConnection if request.param == "async" else BlockingConnection
        connection = face(target or server.target, strict=strict)
        scripts = Scripts(
            connection,
            policy=policy,
            prefix="sms",
            fingerprint=keyring.fingerprint(),
            clock=clock,
        )
        journal: list[Decision] = []
        alarms: list[None] = []
        ports = Ports(
            store=store(RedisStore(scripts, alarm=lambda: alarms.append(None))),
            overrides=RedisOverrideBook(scripts),
            gateway=gateway or FakeGateway(),
            captcha=captcha,
            read_phone=lambda text: read_phone(text, region="CN"),
            journal=journal.append,
            tick=clock,
            now=lambda: datetime.fromtimestamp(clock(), UTC),
        )
        flow = Flow(policy, keyring, ports)
        is_async = request.param == "async"
        bench = Bench(
            guard=(AsyncGuard if is_async else Guard)(flow, close=connection.close),
            connection=connection,
            admin=RedisAdmin(scripts),
            history=RedisHistory(scripts, keyring),
            overrides=RedisOverrideBook(scripts),
            outbox=RedisOutbox(scripts),
            clock=clock,
            keyring=keyring,
            journal=journal,
            alarms=alarms,
            runner=asyncio.Runner() if is_async else None,
        )
        made.append(bench)
        return bench

    yield make
    for bench in made:
        bench.run(bench.guard.close())
        if bench.runner:
            bench.runner.close()


@pytest.fixture
def gateway() -> FakeGateway:
    """Return a gateway that accepts everything and keeps it."""
    return FakeGateway()


@pytest.fixture
def bench(make_bench: MakeBench, gateway: FakeGateway) -> Bench:
    """Return a guard under the default policy."""
    return make_bench(gateway=gateway)
