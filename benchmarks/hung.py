"""How soon does a store that hangs refuse, and how soon is it back when it answers again?

The server is stopped with SIGSTOP: its connections stay open, and no answer comes.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from statistics import median
from typing import TypeAlias

from benchmarks.frame.guards import async_guard, guard, open_policy
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.frame.three import phone
from smsctl import StoreUnavailable
from smsctl.store.connection import AsyncConnection, BlockingConnection

TIMEOUTS = (0.25, 1.0)
TRIALS = sized(8, 1)
THREADS, TASKS = 16, 50
AGAIN, MORE = 100, 40
"""Calls while the store hangs, one after the other, and how many more with each trial: the
recovery comes at another moment of the probing each time."""

_POLICY = open_policy()
_PAUSE = 0.002  # seconds between those calls
_NUMBERS = count()

Ask: TypeAlias = Callable[[], list[tuple[float, bool]]]
"""Returns of each call the seconds, and whether the store answered."""


@dataclass(frozen=True, slots=True)
class Face:
    """One of the guard's faces, asked by many at once and by one alone."""

    many: Ask
    one: Ask


@dataclass(frozen=True, slots=True)
class Trial:
    """Milliseconds from a stop to the recovery."""

    late: Sequence[float]
    """Of each caller under way when it stopped: how long after the timeout he was told."""
    hung: Sequence[float]
    """Of each call while it hung."""
    back: float
    """From SIGCONT to the first answer."""


def main() -> None:
    """Measure, print and write down."""
    report = Report("hung")
    rows: list[list[object]] = []
    faces = ((f"sync, {THREADS} threads", _threads), (f"async, {TASKS} tasks", _tasks))
    with stage() as where:
        for name, face in faces:
            for timeout in TIMEOUTS:
                trials = [_trial(where, face, timeout, turn) for turn in range(TRIALS)]
                rows.append(_row(name, timeout, trials))
                _hold(f"{name}, timeout {timeout} s", trials, report)
    report.table(
        f"A stopped server, ms ({TRIALS} times each; half the calls are send, half verify)",
        [
            "face",
            "timeout, s",
            "told after it",
            "latest",
            "while it hangs",
            "p99",
            "latest",
            "back",
        ],
        rows,
    )
    report.note("“Told after it” is beyond store.timeout; “back” is from SIGCONT to an answer.")
    report.close()


def _row(name: str, timeout: float, trials: Sequence[Trial]) -> list[object]:
    late = sorted(each for trial in trials for each in trial.late)
    hung = sorted(each for trial in trials for each in trial.hung)
    back = max(trial.back for trial in trials)
    return [
        name,
        timeout,
        _share(late, 0.5),
        late[-1],
        _share(hung, 0.5),
        _share(hung, 0.99),
        hung[-1],
        back,
    ]


def _hold(name: str, trials: Sequence[Trial], report: Report) -> None:
    late, hung, back = (
        sorted(figures)
        for figures in zip(
            *[(max(trial.late), _share(sorted(trial.hung), 0.99), trial.back) for trial in trials],
            strict=True,
        )
    )
    for figure, reached, bar in (
        ("latest answer after the timeout", (late[-1], late[0], late[-1]), 50),
        ("p99 while it hangs", (median(hung), hung[0], hung[-1]), 5),
        ("recovery noticed", (back[-1], back[0], back[-1]), 1000),
    ):
        report.bar(f"{name}: {figure}", reached, "≤", bar, " ms")


def _share(ascending: Sequence[float], share: float) -> float:
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))]


def _trial(
    where: Stage,
    face: Callable[[Stage, float], AbstractContextManager[Face]],
    timeout: float,
    turn: int,
) -> Trial:
    with face(where, timeout) as asked:
        if not all(answered for _, answered in asked.many()):
            raise RuntimeError("a store that runs did not answer")
        where.server.process.send_signal(signal.SIGSTOP)
        first = asked.many()
        again = []
        for _ in range(AGAIN + MORE * turn):
            again += asked.one()
            time.sleep(_PAUSE)
        where.server.process.send_signal(signal.SIGCONT)
        start = time.perf_counter()
        while not asked.one()[0][1]:
            time.sleep(_PAUSE)
        back = time.perf_counter() - start
    if any(answered for _, answered in (*first, *again)):
        raise RuntimeError("a store that is stopped answered")
    return Trial(
        late=[1000 * (seconds - timeout) for seconds, _ in first],
        hung=[1000 * seconds for seconds, _ in again],
        back=1000 * back,
    )


@contextmanager
def _threads(where: Stage, timeout: float) -> Iterator[Face]:
    connection = BlockingConnection(replace(where.target, timeout=timeout))
    with guard(connection, _POLICY) as asked, ThreadPoolExecutor(THREADS) as threads:

        def ask(number: int) -> tuple[float, bool]:
            start, answered = time.perf_counter(), True
            try:
                if number % 2:
                    asked.send(phone(number), ip=None)
                else:
                    asked.verify(phone(number), "000000")
            except StoreUnavailable:
                answered = False
            return time.perf_counter() - start, answered

        yield Face(
            many=lambda: list(threads.map(ask, [next(_NUMBERS) for _ in range(THREADS)])),
            one=lambda: [ask(next(_NUMBERS))],
        )


@contextmanager
def _tasks(where: Stage, timeout: float) -> Iterator[Face]:
    connection = AsyncConnection(replace(where.target, timeout=timeout))
    asked = async_guard(connection, _POLICY)

    async def ask(number: int) -> tuple[float, bool]:
        start, answered = time.perf_counter(), True
        try:
            if number % 2:
                await asked.send(phone(number), ip=None)
            else:
                await asked.verify(phone(number), "000000")
        except StoreUnavailable:
            answered = False
        return time.perf_counter() - start, answered

    async def at_once(tasks: int) -> list[tuple[float, bool]]:
        return await asyncio.gather(*[ask(next(_NUMBERS)) for _ in range(tasks)])

    with asyncio.Runner() as runner:
        yield Face(many=lambda: runner.run(at_once(TASKS)), one=lambda: runner.run(at_once(1)))
        runner.run(connection.close())


if __name__ == "__main__":
    main()
