"""The guard: its store's one call, with the pending code, which the peers do not store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from benchmarks.frame.guards import new_code, open_policy, scripts
from benchmarks.frame.stage import Stage
from benchmarks.frame.three import Three
from benchmarks.peers.contestant import Decide, DecideLater
from smsctl.core.blocking import run_blocking
from smsctl.core.ports import Request, Reserved
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.store.store import RedisStore

_CODE = new_code(0)


@contextmanager
def guard(stage: Stage, limits: Three) -> Iterator[Decide]:
    """Decide by `reserve`, over a pool of connections."""
    connection = BlockingConnection(stage.target)
    store = RedisStore(scripts(connection, open_policy(limits)))

    def decide(phone: str, address: str) -> bool:
        return isinstance(run_blocking(store.reserve(_request(phone, address), _CODE)), Reserved)

    yield decide
    run_blocking(connection.close())


@asynccontextmanager
async def guard_later(stage: Stage, limits: Three) -> AsyncIterator[DecideLater]:
    """Decide by `reserve`, many callers over few connections."""
    connection = AsyncConnection(stage.target)
    store = RedisStore(scripts(connection, open_policy(limits)))

    async def decide(phone: str, address: str) -> bool:
        return isinstance(await store.reserve(_request(phone, address), _CODE), Reserved)

    yield decide
    await connection.close()


def _request(phone: str, address: str) -> Request:
    return Request(phone=phone, ip=address, prefix="", country="CN", purpose="login")
