"""A guard and what is behind it, made anew for every input in microseconds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis

from smsctl.core.flow import Flow, Ports
from smsctl.core.guard import Guard
from smsctl.core.ledger import Ledger, Timeline
from smsctl.core.naming import Keyring
from smsctl.core.policy import Policy
from smsctl.core.ports import Store
from smsctl.numbering import read_phone
from smsctl.store.binary import find_server
from smsctl.store.calls import Scripts
from smsctl.store.connection import BlockingConnection
from smsctl.store.store import RedisStore
from smsctl.testing import Clock, FakeCaptcha, FakeGateway
from tests.servers import running

OWNER = "13712345678"
SECRET = b"a secret for tests only"
KEYRING = Keyring(SECRET)


@dataclass(slots=True)
class World:
    """One guard, the code's owner in it, and what it holds."""

    guard: Guard
    gateway: FakeGateway
    captcha: FakeCaptcha
    state: Callable[[], object]
    """Returns all that is kept, the day's tallies excepted."""

    def secrets(self) -> list[str]:
        """Return what no text may show: codes, the owner's number, the key."""
        return [*(message.code for message in self.gateway.sent), OWNER, SECRET.decode()]


def ledger_world(policy: Policy) -> World:
    """Return a guard in memory."""
    clock = Clock()
    ledger = Ledger(policy, clock=clock)

    def state() -> object:
        parts = ledger._timelines, ledger._counts, ledger._codes, ledger._owners, ledger._wrong
        # A timeline that was only looked at is there, and empty.
        return [repr({k: v for k, v in part.items() if v and v != Timeline()}) for part in parts]

    return _world(policy, ledger, clock, state)


@contextmanager
def server_world(folder: Path, policies: Sequence[Policy]) -> Iterator[Callable[[int], World]]:
    """Yield a maker of guards on one private server, which is empty for each."""
    with running(find_server(os.environ), folder) as server, server.client as client:
        connection = BlockingConnection(server.target)
        clock = Clock()
        stores = [store(connection, policy, clock) for policy in policies]

        def make(which: int) -> World:
            client.flushall()
            return _world(policies[which], stores[which], clock, lambda: kept(client))

        yield make
        client.flushall()


def store(connection: BlockingConnection, policy: Policy, clock: Clock) -> RedisStore:
    """Return the store of a guard under this policy."""
    return RedisStore(scripts(connection, policy, clock))


def scripts(connection: BlockingConnection, policy: Policy, clock: Clock) -> Scripts:
    """Return what calls the scripts under this policy."""
    return Scripts(
        connection, policy=policy, prefix="sms", fingerprint=KEYRING.fingerprint(), clock=clock
    )


def every(client: redis.Redis) -> list[bytes]:
    """Return the names of all keys."""
    return sorted(client.scan_iter(count=1000))


def kept(client: redis.Redis) -> dict[bytes, bytes | None]:
    """Return every key's value as dumped, but the days' tallies and the record of refusals."""
    names = [key for key in every(client) if not {b"day", b"refusals"} & set(key.split(b":"))]
    pipeline = client.pipeline(transaction=False)
    for name in names:
        pipeline.dump(name)
    return dict(zip(names, pipeline.execute(), strict=True))


def _world(policy: Policy, behind: Store, clock: Clock, state: Callable[[], object]) -> World:
    gateway, captcha = FakeGateway(), FakeCaptcha()
    ports = Ports(
        store=behind,
        gateway=gateway,
        captcha=captcha,
        read_phone=lambda text: read_phone(text, region="CN"),
        journal=lambda _: None,
        tick=clock,
        now=lambda: datetime.fromtimestamp(clock(), UTC),
    )

    async def nothing() -> None:
        pass

    return World(Guard(Flow(policy, KEYRING, ports), close=nothing), gateway, captcha, state)
