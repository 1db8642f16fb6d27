"""Blocking vendor calls under a deadline of wall-clock time, from threads and from event loops.

Each call runs in one of a bounded number of daemon threads; the caller waits only so long. Knows
nothing of vendors.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class Saturated(Exception):
    """Too many calls wait already, or the lane is closed: this one was never made."""


class NotStarted(Exception):
    """The deadline passed while the call was waiting for a thread: it was never made."""


class DeadlinePassed(Exception):
    """The deadline passed while the call was under way: what becomes of it is not known."""


class Lane:
    """Threads for calls that block, started when needed; at most `threads`, then a queue.

    With `blocking` the calling thread waits and `run` never suspends; without, the running event
    loop goes on meanwhile. A forked child starts with threads of its own.
    """

    def __init__(self, *, threads: int = 32, queue: int = 1024, blocking: bool) -> None:
        self._threads = threads
        self._queue = queue
        self._blocking = blocking
        self._crews: dict[int, _Crew] = {}

    async def run(self, call: Callable[[], T], *, timeout: float) -> T:  # noqa: ASYNC109
        """Return what `call` returns, or raise what it raises, within `timeout` seconds.

        Raises Saturated, NotStarted (both: it was never called) or DeadlinePassed. A call that is
        given up while under way ends in its thread, and what it returns or raises is dropped.
        """
        crew = self._present_crew()
        job = crew.take(call)
        try:
            if self._blocking:
                _wait(job, timeout)
            else:
                await _wait_in_loop(job, timeout)
        finally:
            called = job.done() or not crew.withdraw(job)
        if not called:
            raise NotStarted
        if not job.done():
            raise DeadlinePassed
        return cast("_Outcome[T]", job.result()).unwrap()

    def close(self) -> None:
        """End the threads that wait for work; a thread with a call ends after it."""
        self._present_crew().dismiss()

    def _present_crew(self) -> _Crew:
        # By process: in a forked child the threads are not there and the locks may be held.
        pid = os.getpid()
        return self._crews.get(pid) or self._crews.setdefault(
            pid, _Crew(self._threads, self._queue)
        )


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[T]):
    """What a call returned or raised, as a value: a future that nobody asks has nothing to log."""

    value: T | None = None
    error: BaseException | None = None

    def unwrap(self) -> T:
        if self.error is not None:
            raise self.error
        return cast("T", self.value)


Job = Future[_Outcome[Any]]


def _wait(job: Job, seconds: float) -> None:
    try:
        job.result(seconds)
    except TimeoutError:
        return


async def _wait_in_loop(job: Job, seconds: float) -> None:
    import asyncio  # noqa: PLC0415 - 60 ms, and a caller with an event loop has paid them

    loop = asyncio.get_running_loop()
    waiter: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not waiter.done():
            waiter.set_result(None)

    def tell(_: Job) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(wake)

    # Half of what `asyncio.wait` around `wrap_future` takes.
    timer = loop.call_later(seconds, wake)
    job.add_done_callback(tell)
    try:
        await waiter
    finally:
        timer.cancel()


class _Crew:
    """The threads of one process and what waits for them."""

    def __init__(self, threads: int, queue: int) -> None:
        self._threads = threads
        self._limit = threads + queue
        self._started = 0
        self._idle = 0
        self._running = 0
        self._dismissed = False
        self._jobs: OrderedDict[Job, Callable[[], Any]] = OrderedDict()
        self._change = threading.Condition()

    def take(self, call: Callable[[], Any]) -> Job:
        """Queue the call. Raises Saturated."""
        job: Job = Future()
        with self._change:
            if self._dismissed or len(self._jobs) + self._running >= self._limit:
                raise Saturated
            if len(self._jobs) >= self._idle and self._started < self._threads:
                self._start()
            self._jobs[job] = call
            self._change.notify()
        return job

    def withdraw(self, job: Job) -> bool:
        """Take the call back, and say whether that came before it was made."""
        with self._change:
            return job.cancel() if self._jobs.pop(job, None) else job.cancelled()

    def dismiss(self) -> None:
        with self._change:
            self._dismissed = True
            self._change.notify_all()

    def _start(self) -> None:
        # Daemon: a call that hangs must not keep the process from ending.
        thread = threading.Thread(target=self._work, name="smsctl-lane", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has no thread left
            raise Saturated from None
        self._started += 1

    def _work(self) -> None:
        made = 0
        while next_one := self._next(made):
            job, call = next_one
            job.set_result(_outcome(call))
            del next_one, job, call  # an idle thread holds on to nobody's code
            made = 1

    def _next(self, made: int) -> tuple[Job, Callable[[], Any]] | None:
        """Give back what was `made`, and take the next call; None where there is none to come."""
        with self._change:
            self._running -= made
            while not self._jobs:
                if self._dismissed:
                    return None
                self._idle += 1
                self._change.wait()
                self._idle -= 1
            job, call = self._jobs.popitem(last=False)
            job.set_running_or_notify_cancel()
            self._running += 1
            return job, call


def _outcome(call: Callable[[], T]) -> _Outcome[T]:
    try:
        return _Outcome(value=call())
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
        return _Outcome(error=error)
