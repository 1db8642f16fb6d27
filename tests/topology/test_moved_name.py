"""The store's name leads to a promoted replica, and its old primary lives on and takes no writes.

A managed Redis fails over like that: the name or the address moves, connections that stand do not.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from smsctl import StoreUnavailable
from smsctl.core.admin import Act
from smsctl.store import primary
from smsctl.store.connection import AsyncConnection
from smsctl.store.target import read_target
from smsctl.testing import FakeGateway
from tests.guards import Bench, MakeBench
from tests.servers import redis_62
from tests.topology.links import HOST
from tests.topology.nodes import Node, Stopwatch, until
from tests.topology.replicated import Replicated, replicated
from tests.topology.scripted import scripted, texts

NAME = "cache.internal"
TIMEOUT = 0.4
CALLERS = 30
_PHONES = itertools.count()


@pytest.fixture(params=["valkey", "redis-6.2"])
def pair(request: pytest.FixtureRequest, binary: Path, tmp_path: Path) -> Iterator[Replicated]:
    """Return a primary with one replica."""
    program = binary if request.param == "valkey" else redis_62()
    with replicated(program, tmp_path, replicas=1) as running:
        yield running


@pytest.fixture
def named(pair: Replicated, monkeypatch: pytest.MonkeyPatch) -> list[Node]:
    """Return whom the resolver gives for `NAME`: the primary, until a test puts another there."""
    leads_to, resolve = [pair.primary], socket.getaddrinfo

    def moving(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        where = (HOST, leads_to[0].port) if host == NAME else (host, port)
        return resolve(*where, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", moving)
    return leads_to


def orphaned(pair: Replicated) -> Node:
    """Hand over; the old primary has lost the new one and says so to whoever asks it anything."""
    former = pair.hand_over()
    former.ask("CONFIG", "SET", "replica-serve-stale-data", "no")
    former.ask("REPLICAOF", HOST, "1")
    return former


def demoted(pair: Replicated) -> Node:
    """Hand over; the old primary follows the new one."""
    return pair.hand_over()


def callers(node: Node) -> int:
    """Return how many connections a server has, but that of who asks."""
    return len(node.ask("CLIENT", "LIST", "TYPE", "NORMAL").splitlines()) - 1


def at_once(bench: Bench, count: int) -> list[Any]:
    """Return what so many callers get who send in the same moment: answers or faults."""
    phones = [f"139{next(_PHONES):08}" for _ in range(count)]
    if bench.runner is not None:

        async def all_of_them() -> list[Any]:
            sends: list[Any] = [bench.guard.send(phone, ip=None) for phone in phones]
            return list(await asyncio.gather(*sends, return_exceptions=True))

        return bench.runner.run(all_of_them())
    together = threading.Barrier(count)

    def send(phone: str) -> Any:
        together.wait(10)
        try:
            return bench.send(phone, ip=None)
        except StoreUnavailable as fault:
            return fault

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(send, phones))


def await_left(bench: Bench, node: Node) -> None:
    """Return when a server has no connection of the guard's any more."""

    def left() -> bool:
        bench.ask(bench.connection.read([("TIME",)]))  # an event loop closes what it can as it runs
        return callers(node) == 0

    until(left, what="the end of all connections")


@pytest.mark.parametrize("fall", [demoted, orphaned])
def test_a_name_that_moved_is_followed_at_once(
    make_bench: MakeBench,
    pair: Replicated,
    gateway: FakeGateway,
    fall: Callable[[Replicated], Node],
) -> None:
    """Nobody is told of it, nothing is done twice, and no connection to the old server stays."""
    bench = make_bench(gateway=gateway, target=read_target(pair.url))
    assert bench.send()
    at_once(bench, CALLERS)  # each thread has a connection of its own
    former = fall(pair)
    assert callers(former) > 0
    assert bench.verify(gateway.sent[0].code)
    assert all(at_once(bench, CALLERS))
    assert len(gateway.sent) == len({each.phone for each in gateway.sent}) == 1 + 2 * CALLERS
    await_left(bench, former)


@pytest.mark.parametrize("fall", [demoted, orphaned])
def test_of_many_callers_at_once_none_is_told(
    make_bench: MakeBench, pair: Replicated, fall: Callable[[Replicated], Node]
) -> None:
    """All of them get the old server's answer, and the new one's with one more try."""
    bench = make_bench(target=read_target(pair.url))
    at_once(bench, CALLERS)
    fall(pair)
    assert all(at_once(bench, CALLERS))


def test_a_name_is_resolved_anew(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway, named: list[Node]
) -> None:
    """The answer of the resolver counts, not what it was when the guard began."""
    bench = make_bench(gateway=gateway, target=read_target(f"redis://{NAME}"))
    assert bench.send()
    pair.hand_over()
    named[0] = pair.primary
    assert bench.verify(gateway.sent[0].code)


def test_sentinels_that_name_a_name_that_moved_are_understood(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """They name the same primary as before, and somebody else has its name."""

    def watcher(command: list[bytes]) -> bytes:
        asked = command[1].upper() == b"GET-MASTER-ADDR-BY-NAME"
        return texts(HOST, pair.way.port) if asked else texts()

    with scripted(watcher) as port:
        bench = make_bench(gateway=gateway, target=read_target(f"redis+sentinel://{HOST}:{port}/s"))
        assert bench.send()
        former = pair.hand_over()
        assert bench.verify(gateway.sent[0].code)
    await_left(bench, former)


def test_an_operators_write_follows_as_well(make_bench: MakeBench, pair: Replicated) -> None:
    """The record of what operators do goes the same way as decisions do."""
    bench = make_bench(target=read_target(pair.url))
    assert bench.ask(bench.admin.acts()) == []
    pair.hand_over()
    bench.ask(bench.admin.record(Act(at="", who="", what="paused", reason="")))
    assert [act.what for act in bench.ask(bench.admin.acts())] == ["paused"]


@pytest.mark.parametrize("fresh", [0.0, 10.0], ids=["asked for its role", "asked to write"])
def test_strict_follows_a_name_that_moved(
    make_bench: MakeBench,
    pair: Replicated,
    gateway: FakeGateway,
    monkeypatch: pytest.MonkeyPatch,
    fresh: float,
) -> None:
    """A server that says itself that it is a replica is left as one that refuses a write."""
    monkeypatch.setattr(primary, "_FRESH", fresh)
    bench = make_bench(gateway=gateway, target=read_target(pair.url), strict=True)
    assert bench.send()
    pair.hand_over()
    assert bench.verify(gateway.sent[0].code)


def test_a_primary_that_lost_its_replicas_is_left(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """It takes no writes without them; the name already leads to one that does."""
    bench = make_bench(gateway=gateway, target=read_target(pair.url))
    assert bench.send()
    pair.await_copied()
    former, pair.way.upstream = pair.primary, pair.replicas[0].port
    pair.replicas[0].ask("REPLICAOF", "NO", "ONE")
    former.ask("CONFIG", "SET", "min-replicas-to-write", "1")
    assert bench.verify(gateway.sent[0].code)


def test_one_caller_is_told_of_a_primary_that_hangs_and_no_other(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """Its connections hang as well, and are not tried one after the other."""
    bench = make_bench(gateway=gateway, target=read_target(pair.url, timeout=TIMEOUT))
    assert bench.send()
    at_once(bench, CALLERS)
    former = pair.hand_over()
    former.freeze()
    clock = Stopwatch()
    with pytest.raises(StoreUnavailable, match="did not answer in time"):
        bench.verify("000000")
    assert clock.seconds < 2 * TIMEOUT
    bench.await_answer()
    assert all(at_once(bench, CALLERS))
    former.thaw()


def test_while_it_stays_read_only_there_is_one_fresh_connection_at_a_time(
    make_bench: MakeBench, pair: Replicated, named: list[Node]
) -> None:
    """Two hundred callers are told what is wrong, and the one after them tries afresh."""
    target = read_target(f"redis://{NAME}")
    bench = make_bench(target=target)
    at_once(bench, 200)
    former = pair.hand_over()
    pool, most = 32 if bench.runner is None else 4, 0
    over = threading.Event()

    def count() -> None:
        nonlocal most
        while not over.is_set():
            most = max(most, callers(former))

    counting = threading.Thread(target=count)
    counting.start()
    told = at_once(bench, 200)
    over.set()
    counting.join()
    assert {str(each) for each in told} == {f"the store at {target.place} is a read-only replica"}
    assert most <= pool + 2  # one is let go of while the next one comes
    until(lambda: callers(former) <= pool, what="the end of the last fresh connection")
    named[0] = pair.primary
    assert bench.send()


def test_what_one_loop_learns_closes_the_connections_of_the_others(pair: Replicated) -> None:
    """Also of a loop that has nothing to do at the moment; it goes on where the name leads."""
    site = read_target(pair.url)
    shared = AsyncConnection(site)
    other = asyncio.new_event_loop()
    thread = threading.Thread(target=other.run_forever)
    thread.start()

    def ask(loop: asyncio.AbstractEventLoop) -> Any:
        read = shared.read([("SET", "{sms}:x", "1")])
        return asyncio.run_coroutine_threadsafe(read, loop).result(10)

    try:
        with asyncio.Runner() as runner:
            assert ask(other) == [b"OK"]
            assert runner.run(shared.read([("SET", "{sms}:x", "1")])) == [b"OK"]
            former = pair.hand_over()
            assert callers(former) == 2
            assert runner.run(shared.read([("SET", "{sms}:x", "1")])) == [b"OK"]
            for _ in range(3):
                runner.run(asyncio.sleep(0))  # this loop closes what it can as it runs
            until(lambda: callers(former) == 0, what="the end of all connections")
            assert ask(other) == [b"OK"]
            runner.run(shared.close())
        asyncio.run_coroutine_threadsafe(shared.close(), other).result(10)
    finally:
        other.call_soon_threadsafe(other.stop)
        thread.join()
        other.close()


def test_the_attempt_of_a_caller_who_leaves_is_taken_over(pair: Replicated) -> None:
    """Whoever waited for it is not told that the name still leads to the old primary."""
    heard, write = threading.Event(), [("SET", "{sms}:x", "1")]

    def silence(_: list[bytes]) -> bytes:
        heard.set()
        return b""

    async def scenario(silent: int) -> Any:
        shared = AsyncConnection(read_target(pair.url))
        await shared.read(write)
        former = pair.hand_over()
        pair.way.upstream = silent
        first = asyncio.create_task(shared.read(write))
        await asyncio.to_thread(heard.wait, 10)
        second = asyncio.create_task(shared.read(write))
        await asyncio.to_thread(until, lambda: refusals(former) == 2, what="two refusals")
        pair.way.upstream = pair.primary.port
        first.cancel()
        replies = await second
        await shared.close()
        return replies

    with scripted(silence) as silent:
        assert asyncio.run(scenario(silent)) == [b"OK"]


def refusals(node: Node) -> int:
    """Return how many writes a replica has refused."""
    told = node.fields("INFO", "errorstats")
    return int(told.get("errorstat_READONLY", "count=0").partition("=")[2])
