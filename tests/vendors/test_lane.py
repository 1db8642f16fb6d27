"""A blocking call under a deadline: what the caller is told, and what is left behind."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.vendors.lane import DeadlinePassed, Lane, NotStarted, Saturated


class Gate:
    """A call that blocks until it is opened, and says when it has begun."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self._opened = threading.Event()
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        self.begun.set()
        self._opened.wait()
        return "through"

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


Run = Callable[[Lane, Callable[[], object], float], object]


def _blocking(lane: Lane, call: Callable[[], object], timeout: float) -> object:
    return run_blocking(lane.run(call, timeout=timeout))


def _looping(lane: Lane, call: Callable[[], object], timeout: float) -> object:
    return asyncio.run(lane.run(call, timeout=timeout))


@pytest.fixture(params=[True, False], ids=["blocking", "loop"])
def blocking(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def run(blocking: bool) -> Run:
    return _blocking if blocking else _looping


@pytest.fixture
def lane(blocking: bool) -> Iterator[Lane]:
    lane = Lane(threads=1, queue=1, blocking=blocking)
    yield lane
    lane.close()


def test_what_the_call_returns_or_raises_comes_back(lane: Lane, run: Run) -> None:
    """Value or exception, as if it had been called here; a TimeoutError of its own, too."""
    assert run(lane, lambda: 42, 5.0) == 42
    with pytest.raises(ZeroDivisionError):
        run(lane, lambda: 1 / 0, 5.0)

    def times_out() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        run(lane, times_out, 5.0)


def test_the_deadline_holds_while_the_call_hangs(lane: Lane, run: Run, gate: Gate) -> None:
    """DeadlinePassed comes in time, whatever the call does."""
    began = monotonic()
    with pytest.raises(DeadlinePassed):
        run(lane, gate, 0.05)
    assert 0.05 <= monotonic() - began < 1.0


def test_a_call_that_waited_for_a_thread_in_vain_was_never_made(
    lane: Lane, run: Run, gate: Gate
) -> None:
    """NotStarted is a promise: it is not made later either, and its place is free at once."""
    with pytest.raises(DeadlinePassed):
        run(lane, gate, 0.05)
    late = Gate()
    for _ in range(3):  # more than the queue holds
        with pytest.raises(NotStarted):
            run(lane, late, 0.01)
    gate.open()
    assert run(lane, lambda: "next", 5.0) == "next"
    assert late.calls == 0


def test_a_full_queue_refuses_before_the_call(gate: Gate) -> None:
    """One thread and one place in the queue: the third call is Saturated, and never made."""
    lane = Lane(threads=1, queue=1, blocking=False)
    third = Gate()

    async def three() -> list[object]:
        first = asyncio.create_task(lane.run(gate, timeout=5.0))
        await asyncio.sleep(0)
        second = asyncio.create_task(lane.run(lambda: "second", timeout=5.0))
        await asyncio.sleep(0)
        with pytest.raises(Saturated):
            await lane.run(third, timeout=5.0)
        gate.open()
        return list(await asyncio.gather(first, second))

    assert asyncio.run(three()) == ["through", "second"]
    assert third.calls == 0
    lane.close()


def test_threads_are_started_as_needed_and_no_more_than_allowed() -> None:
    """A lane without calls has no thread; three hanging calls have two."""
    lane = Lane(threads=2, queue=8, blocking=True)
    assert _threads() == 0
    gates = [Gate() for _ in range(3)]
    for one in gates:
        with pytest.raises((DeadlinePassed, NotStarted)):
            _blocking(lane, one, 0.02)
    assert _threads() == 2
    assert all(t.daemon for t in threading.enumerate() if t.name == "smsctl-lane")
    for one in gates:
        one.open()
    lane.close()
    _join()


def test_one_caller_after_another_shares_one_thread() -> None:
    """An idle thread takes the next call."""
    lane = Lane(threads=8, queue=8, blocking=True)
    for number in range(20):
        assert _blocking(lane, partial(abs, -number), 5.0) == number
    assert _threads() <= 2
    lane.close()
    _join()


def test_a_closed_lane_refuses_and_its_threads_end() -> None:
    """After close, no call is made and no thread is left."""
    lane = Lane(threads=2, queue=2, blocking=True)
    assert _blocking(lane, lambda: 1, 5.0) == 1
    lane.close()
    _join()
    with pytest.raises(Saturated):
        _blocking(lane, lambda: 1, 5.0)


def test_a_cancelled_task_takes_back_what_has_not_begun(gate: Gate) -> None:
    """A call that waits is never made; one that is under way ends alone."""
    lane = Lane(threads=1, queue=2, blocking=False)
    waiting = Gate()

    async def cancel_both() -> None:
        first = asyncio.create_task(lane.run(gate, timeout=5.0))
        second = asyncio.create_task(lane.run(waiting, timeout=5.0))
        await asyncio.sleep(0)
        await asyncio.to_thread(gate.begun.wait)
        for task in (second, first):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        gate.open()
        assert await lane.run(lambda: "next", timeout=5.0) == "next"

    asyncio.run(cancel_both())
    assert (gate.calls, waiting.calls) == (1, 0)
    lane.close()


def test_a_late_failure_is_dropped_in_silence(
    lane: Lane, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody waits for it any more, and what it says may hold the code."""
    caplog.set_level(logging.DEBUG)
    gate = Gate()

    def fails() -> None:
        gate()
        raise RuntimeError("042517")

    with pytest.raises(DeadlinePassed):
        run(lane, fails, 0.02)
    gate.open()
    assert run(lane, lambda: "next", 5.0) == "next"  # the thread is through with it
    gc.collect()
    assert "042517" not in caplog.text
    assert "never retrieved" not in caplog.text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_starts_anew(gate: Gate) -> None:
    """The parent's threads are all busy; the child's calls are made nevertheless."""
    lane = Lane(threads=1, queue=1, blocking=True)
    with pytest.raises(DeadlinePassed):
        _blocking(lane, gate, 0.02)
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if _blocking(lane, lambda: "child", 5.0) == "child" else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    gate.open()
    lane.close()
    _join()


def _threads() -> int:
    return sum(thread.name == "smsctl-lane" for thread in threading.enumerate())


def _join() -> None:
    for thread in threading.enumerate():
        if thread.name == "smsctl-lane":
            thread.join(5.0)
    assert _threads() == 0
