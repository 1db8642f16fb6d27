"""Invariant 9: a store that hangs is told at once, and noticed as soon as it answers."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest
from redis.exceptions import TimeoutError as RedisTimeoutError

from smsctl import StoreUnavailable
from smsctl.store import breaker as breakers
from smsctl.store.breaker import Breaker
from smsctl.store.connection import AsyncConnection
from tests.guards import MakeBench
from tests.servers import PrivateServer
from tests.store import faulty
from tests.store.faulty import QUICK


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let probes follow each other without a pause."""
    monkeypatch.setattr(breakers, "_PAUSE", 0.001)


def told_by(breaker: Breaker) -> Exception | None:
    return breaker.fault


def test_it_stays_open_until_a_probe_is_answered() -> None:
    """And one thread probes, however many callers ran into it."""
    may_answer, probes = threading.Event(), []

    def probe() -> None:
        probes.append(threading.current_thread())
        if not may_answer.is_set():
            raise RedisTimeoutError

    breaker = Breaker(probe)
    assert told_by(breaker) is None
    first = RedisTimeoutError("first")
    assert breaker.trip(first)
    assert not breaker.trip(RedisTimeoutError("second"))
    breaker.await_probe()
    assert told_by(breaker) is first
    may_answer.set()
    probes[0].join(10)
    assert told_by(breaker) is None
    assert len(set(probes)) == 1


def test_one_lost_answer_of_a_store_that_answers_refuses_nobody() -> None:
    """The probe is answered before the caller who ran out of time is told."""
    breaker = Breaker(lambda: None)
    assert breaker.trip(RedisTimeoutError())
    breaker.await_probe()
    assert told_by(breaker) is None


def test_an_error_closes_it() -> None:
    """Whoever asks next gets to know what is wrong, and does not wait for it."""

    def probe() -> None:
        raise ConnectionRefusedError

    breaker = Breaker(probe)
    assert breaker.trip(RedisTimeoutError())
    breaker.await_probe()
    assert told_by(breaker) is None


def test_a_closed_connection_probes_no_more() -> None:
    """Its thread ends, and none begins."""
    seen: list[threading.Thread] = []

    def probe() -> None:
        seen.append(threading.current_thread())
        raise RedisTimeoutError

    breaker = Breaker(probe)
    breaker.trip(RedisTimeoutError())
    breaker.await_probe()
    breaker.close()
    seen[0].join(10)
    assert not seen[0].is_alive()
    count = len(seen)
    breaker.trip(RedisTimeoutError())
    assert len(seen) == count


def test_a_child_of_a_fork_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that would have closed it lives in the parent."""
    asked, answer = threading.Event(), threading.Event()

    def probe() -> None:
        asked.set()
        answer.wait(10)

    breaker = Breaker(probe)
    breaker.trip(RedisTimeoutError())
    assert asked.wait(10)
    assert told_by(breaker) is not None
    monkeypatch.setattr("os.getpid", lambda: -1)
    assert told_by(breaker) is None
    answer.set()


def test_of_all_who_wait_for_a_hung_store_one_waits_for_the_probe(
    server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of tasks do not queue for the news."""
    waited: list[Breaker] = []
    monkeypatch.setattr(Breaker, "await_probe", lambda each: waited.append(each))  # noqa: PLW0108 - bound

    async def scenario() -> list[Any]:
        connection = AsyncConnection(replace(server.target, timeout=QUICK))
        asked = (connection.read([("TIME",)]) for _ in range(500))
        told = await asyncio.gather(*asked, return_exceptions=True)
        await connection.close()
        return list(told)

    with faulty.stopped(server):
        told = asyncio.run(scenario())
    assert {type(each) for each in told} == {StoreUnavailable}
    assert len(waited) == 1


def test_a_hung_store_costs_one_timeout(make_bench: MakeBench, server: PrivateServer) -> None:
    """A thousand callers after the first are told at once, and it is back when it answers."""
    bench = make_bench(target=replace(server.target, timeout=QUICK))
    bench.send()
    with faulty.stopped(server):
        for _ in range(1000):
            with pytest.raises(StoreUnavailable, match="did not answer in time"):
                bench.send("13900139000")
    bench.await_answer()
    assert not bench.verify("000000")
