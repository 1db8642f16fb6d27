"""What the tasks of one event loop ask together, and that nobody gets another's answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smsctl import StoreUnavailable
from smsctl.store import async_line
from smsctl.store.connection import AsyncConnection
from smsctl.store.target import Target
from tests.proxies import Proxy, proxied
from tests.servers import PrivateServer
from tests.store.strangers import cancelled_callers


@pytest.fixture
def proxy(server: PrivateServer, tmp_path: Path) -> Iterator[Proxy]:
    """Return a proxy before the server."""
    with proxied(server.path, tmp_path) as running:
        yield running


async def echo(connection: AsyncConnection, word: str) -> str:
    (reply,) = await connection.read([("ECHO", word)])
    return str(reply.decode())


@pytest.mark.parametrize(("tasks", "writes"), [(1, 1), (32, 1), (33, 2), (100, 4)])
def test_what_is_asked_at_once_goes_out_in_few_writes(
    proxy: Proxy, tasks: int, writes: int
) -> None:
    """32 tasks share one; more of them share the four connections. Each gets its own answer."""

    async def scenario() -> list[str]:
        connection = AsyncConnection(Target(scheme="unix", path=str(proxy.path)))
        words = [str(number) for number in range(tasks)]
        told = await asyncio.gather(*(echo(connection, word) for word in words))
        await connection.close()
        return told

    assert asyncio.run(scenario()) == [str(number) for number in range(tasks)]
    assert len(proxy.requests) == writes


def test_a_batch_is_bounded(server: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """More callers than a batch takes are carried one batch behind the other."""
    monkeypatch.setattr(async_line, "_BATCH", 7)
    monkeypatch.setattr(async_line, "_CONNECTIONS", 1)

    async def scenario() -> list[str]:
        connection = AsyncConnection(server.root)
        told = await asyncio.gather(*(echo(connection, str(each)) for each in range(50)))
        await connection.close()
        return told

    assert asyncio.run(scenario()) == [str(number) for number in range(50)]


def test_who_asks_as_a_batch_ends_is_carried(
    server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one connection is free for the next question in the moment its answer arrives."""
    monkeypatch.setattr(async_line, "_CONNECTIONS", 1)

    async def scenario() -> None:
        connection = AsyncConnection(server.root)
        for number in range(300):
            assert await echo(connection, str(number)) == str(number)
        await connection.close()

    asyncio.run(asyncio.wait_for(scenario(), 10))


def test_a_cancelled_callers_answer_is_nobody_elses(server: PrivateServer) -> None:
    """Whenever a caller leaves, the others get what they asked for (CVE-2023-28858)."""
    told = asyncio.run(cancelled_callers(server.root, 3000, random.Random(1)))
    assert told.wrong == 0
    assert told.cancelled > 500
    assert told.answered > 500


def test_a_caller_who_left_before_his_turn_is_not_asked_for(proxy: Proxy) -> None:
    """Invariant 3: what was never sent is never executed."""

    async def scenario() -> None:
        connection = AsyncConnection(Target(scheme="unix", path=str(proxy.path)))
        asking = asyncio.ensure_future(echo(connection, "left"))
        await asyncio.sleep(0)  # it waits for its turn
        asking.cancel()
        assert await echo(connection, "stayed") == "stayed"
        await connection.close()

    asyncio.run(scenario())
    assert not any(b"left" in request for request in proxy.requests)


def test_too_many_callers_are_told_at_once(
    server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue is bounded, and who finds it full is told what is the matter."""
    monkeypatch.setattr(async_line, "_WAITING", 10)

    async def scenario() -> list[Any]:
        connection = AsyncConnection(server.root)
        asked = (echo(connection, "x") for _ in range(25))
        told = await asyncio.gather(*asked, return_exceptions=True)
        await connection.close()
        return list(told)

    told = asyncio.run(scenario())
    refused = [each for each in told if isinstance(each, StoreUnavailable)]
    assert (told.count("x"), len(refused)) == (10, 15)
    assert "in use" in str(refused[0])


def test_an_error_in_a_batch_is_its_callers_alone(server: PrivateServer) -> None:
    """The replies before and behind it stand."""

    async def scenario() -> list[Any]:
        connection = AsyncConnection(server.root)
        told = await asyncio.gather(
            echo(connection, "a"),
            connection.read([("NO SUCH COMMAND",)]),
            echo(connection, "b"),
            return_exceptions=True,
        )
        await connection.close()
        return list(told)

    before, fault, behind = asyncio.run(scenario())
    assert (before, behind) == ("a", "b")
    assert isinstance(fault, StoreUnavailable)


def test_a_broken_connection_is_told_to_its_batch_alone(proxy: Proxy) -> None:
    """Who asks later gets a new connection."""

    async def scenario() -> list[Any]:
        connection = AsyncConnection(Target(scheme="unix", path=str(proxy.path)))
        proxy.lose_next(b"first")
        told = await asyncio.gather(
            echo(connection, "first"), echo(connection, "second"), return_exceptions=True
        )
        third = await echo(connection, "third")
        await connection.close()
        return [*told, third]

    first, second, third = asyncio.run(scenario())
    for fault in (first, second):
        assert isinstance(fault, StoreUnavailable)
        assert fault.reply_lost
    assert third == "third"


def test_who_waits_while_it_closes_is_cancelled(server: PrivateServer) -> None:
    """Nobody waits for ever."""

    async def scenario() -> list[Any]:
        connection = AsyncConnection(server.root)
        asking = [asyncio.ensure_future(echo(connection, "x")) for _ in range(3)]
        await asyncio.sleep(0)
        await connection.close()
        return await asyncio.gather(*asking, return_exceptions=True)

    assert all(isinstance(each, asyncio.CancelledError) for each in asyncio.run(scenario()))
