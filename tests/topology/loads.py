"""Callers who press the button, each until he is told something, while servers come and go.

Whoever is told that the store is unavailable asks again with the same request id, as users are told
to: what he gets then must not be a second message. Counts answers; knows no topology.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from smsctl import GatewayUnknown, Sent, StoreUnavailable
from smsctl.core.policy import Policy
from smsctl.testing import FakeGateway
from tests.guards import Bench
from tests.histories import rule
from tests.topology.nodes import until

CALLERS = 6
_PAUSE = 0.002  # seconds between two calls of one caller: two cores run servers as well


def fused(most: int) -> Policy:
    """Return a policy with nothing but a fuse."""
    return replace(Policy(), rules=(rule("fuse", "all", most, "day"),))


@dataclass
class Load:
    """What callers were told so far."""

    gateway: FakeGateway
    answers: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    """Sentences of unavailability."""
    decided: list[float] = field(default_factory=list)
    """When the store decided something: monotonic seconds."""
    strange: list[BaseException] = field(default_factory=list)
    """What nobody may be told."""
    stop: threading.Event = field(default_factory=threading.Event)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __str__(self) -> str:
        return f"callers were told {self.answers}, {self.faults}"

    def await_more(self, answer: str, count: int) -> None:
        """Return when so many more were told that."""
        wanted = self.answers[answer] + count
        until(lambda: self.answers[answer] >= wanted or self.strange, what=self)
        assert not self.strange, self.strange

    @property
    def gap(self) -> float:
        """Return the longest time without a decision, in seconds."""
        return max(later - sooner for sooner, later in pairwise(sorted(self.decided)))

    @property
    def sent_twice(self) -> int:
        """Return how many messages there are beyond one for each request."""
        return len(self.gateway.sent) - len({each.request_id for each in self.gateway.sent})

    def over(self, most: int) -> int:
        """Return how many messages there are beyond the fuse."""
        return max(0, len(self.gateway.sent) - most)

    def ask(self, bench: Bench) -> Callable[[], Any]:
        """Return a new request: a call that may be repeated."""
        number = next(self._numbers)

        def call() -> Any:
            return bench.guard.send(f"139{number:08}", ip=None, request_id=f"r{number}")

        return call

    def note(self, answer: Any) -> bool:
        """Count an answer or a fault; say whether the caller is through."""
        if isinstance(answer, StoreUnavailable):
            self.answers["unavailable"] += 1
            self.faults[str(answer.message)] += 1
            return False
        if isinstance(answer, GatewayUnknown):
            self.answers["unknown"] += 1
            return True
        if isinstance(answer, BaseException):
            self.strange.append(answer)
            return True
        self.decided.append(time.monotonic())
        self.answers["sent" if isinstance(answer, Sent) else "refused"] += 1
        return True


@contextmanager
def pressing(bench: Bench, gateway: FakeGateway) -> Iterator[Load]:
    """Have the guard called from all sides until the block ends."""
    load = Load(gateway)
    if bench.runner is None:
        threads = [threading.Thread(target=_press, args=(bench, load)) for _ in range(CALLERS)]
    else:
        threads = [threading.Thread(target=bench.runner.run, args=(_press_all(bench, load),))]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join()
    assert not load.strange, load.strange


def _press(bench: Bench, load: Load) -> None:
    call = load.ask(bench)
    while not load.stop.wait(_PAUSE):
        try:
            answer = call()
        except Exception as fault:  # noqa: BLE001 - told apart in `note`
            answer = fault
        if load.note(answer):
            call = load.ask(bench)


async def _press_all(bench: Bench, load: Load) -> None:
    await asyncio.gather(*(_press_async(bench, load) for _ in range(CALLERS)))


async def _press_async(bench: Bench, load: Load) -> None:
    call = load.ask(bench)
    while not load.stop.is_set():
        try:
            answer = await call()
        except Exception as fault:  # noqa: BLE001 - told apart in `note`
            answer = fault
        if load.note(answer):
            call = load.ask(bench)
        await asyncio.sleep(_PAUSE)
