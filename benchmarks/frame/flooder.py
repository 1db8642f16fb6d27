"""A process that floods a store through the guard: what it asks for is refused, all of it.

It runs where the machine has nothing else to do (SCHED_IDLE): on two cores it shares one with the
caller who is measured, and what he waits for should be the store, not his turn on the core.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Literal, TypeAlias

from benchmarks.frame.guards import async_guard, commands, new_code, open_policy, request
from benchmarks.frame.laps import at_once
from benchmarks.frame.raw import RawSender
from benchmarks.frame.three import phone, public_address
from benchmarks.frame.turns import yield_to_others
from smsctl import Refused
from smsctl.core.guard import AsyncGuard
from smsctl.core.policy import DEFAULT_PURPOSE, Policy
from smsctl.core.rules import Rule, Window
from smsctl.store.connection import AsyncConnection
from smsctl.store.store import RedisStore
from smsctl.store.target import Target
from smsctl.testing import FakeCaptcha

Kind: TypeAlias = Literal["addresses", "address", "tokens", "bytes"]
"""Numbers and addresses that are all different, at a fuse that has blown; numbers from one address;
requests without a captcha token; the first once more, without the work of a client."""

TASKS = 50
AGAIN = 5
"""How often the last sends the same: packing them takes longer than refusing them."""


def lane_policy() -> Policy:
    """Return the shipped policy and a second purpose, whose part of the fuse blows at once."""
    policy = open_policy()
    lane = Rule(
        name="register-fuse",
        per="all",
        max=1,
        window=Window.read("day"),
        only_purpose="register",
    )
    purposes = {"login": DEFAULT_PURPOSE, "register": DEFAULT_PURPOSE}
    return replace(policy, rules=(*policy.rules, lane), purposes=purposes)


@dataclass(frozen=True, slots=True)
class Flooder:
    """The other process, as this one sees it."""

    wire: Connection

    def begin(self, numbers: range) -> None:
        """Let it send these."""
        self.wire.send(numbers)

    @property
    def busy(self) -> bool:
        return not self.wire.poll()

    def end(self) -> float:
        """Return how many it sent in a second, once it is done."""
        rate: float = self.wire.recv()
        return rate


@contextmanager
def flooder(target: Target, kind: Kind) -> Iterator[Flooder]:
    """Run a process that floods in this way, until the block ends."""
    processes = get_context("spawn")
    ours, theirs = processes.Pipe()
    process = processes.Process(target=_run, args=(theirs, target, kind), daemon=True)
    process.start()
    theirs.close()  # where that process fails, ours tells
    try:
        yield Flooder(ours)
        ours.send(None)
        process.join()
    finally:
        process.kill()


def refused(store: RedisStore, number: int) -> Coroutine[Any, Any, object]:
    """Ask for a message of the purpose whose part of the fuse has blown."""
    return store.reserve(replace(request(number), purpose="register"), new_code(number))


def _run(wire: Connection, target: Target, kind: Kind) -> None:
    yield_to_others()
    with asyncio.Runner() as runner:
        asked = runner.run(_blown(target, kind))
        while (numbers := wire.recv()) is not None:
            work: Callable[[], object] = partial(_flood, runner, asked, kind, numbers)
            times = 1
            if kind == "bytes":
                asking = commands(lane_policy(), refused, numbers)
                work, times = RawSender(target, asking, TASKS), AGAIN
            start = time.perf_counter()
            for _ in range(times):
                work()
            wire.send(times * len(numbers) / (time.perf_counter() - start))
        runner.run(asked.close())


def _flood(runner: asyncio.Runner, asked: AsyncGuard, kind: Kind, numbers: range) -> object:
    return runner.run(at_once(partial(_refused, asked, kind), numbers, TASKS))


async def _blown(target: Target, kind: Kind) -> AsyncGuard:
    """Return a guard that refuses this kind of send from now on."""
    captcha = FakeCaptcha() if kind == "tokens" else None
    asked = async_guard(AsyncConnection(target), lane_policy(), captcha=captcha)
    for number in range(40_000_000, 40_000_020):
        await _SENDS[kind](asked, number)
    return asked


async def _refused(asked: AsyncGuard, kind: Kind, number: int) -> None:
    if not isinstance(await _SENDS[kind](asked, number), Refused):
        raise TypeError("a flood that is let through")


def _register(guard: AsyncGuard, number: int) -> Awaitable[object]:
    return guard.send(phone(number), ip=public_address(number), purpose="register")


_SENDS: dict[Kind, Callable[[AsyncGuard, int], Awaitable[object]]] = {
    "addresses": _register,
    "bytes": _register,
    "address": lambda guard, number: guard.send(phone(number), ip="203.0.113.7"),
    "tokens": lambda guard, number: guard.send(phone(number), ip=public_address(number)),
}
