"""Contestants run in turn, round after round, so that a slow moment meets them all."""

from __future__ import annotations

import asyncio
import gc
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

from benchmarks.frame.stage import Spent, Stage

Decide: TypeAlias = Callable[[int], object]
DecideLater: TypeAlias = Callable[[int], Awaitable[object]]
Run: TypeAlias = Callable[[], "Lap"]


@dataclass(frozen=True, slots=True)
class Lap:
    """What a number of decisions took."""

    count: int
    seconds: float
    client: float
    """µs of this process's CPU, all in all."""
    server: Spent
    times: Sequence[float]
    """Seconds of each decision, ascending; empty where nobody waited for a single one."""

    @property
    def rate(self) -> float:
        """Decisions in a second."""
        return self.count / self.seconds

    @property
    def client_cpu(self) -> float:
        """µs of a decision."""
        return self.client / self.count

    @property
    def server_cpu(self) -> float:
        """µs of a decision."""
        return self.server.cpu / self.count

    @property
    def script(self) -> float:
        """µs of the server's scripts, of a decision."""
        return self.server.script / self.count

    @property
    def trips(self) -> float:
        """Round trips of a decision, where one caller waits at a time."""
        return (self.server.reads - 1) / self.count

    @property
    def wire(self) -> float:
        """Bytes both ways, of a decision."""
        return (self.server.received + self.server.answered) / self.count

    def quantile(self, share: float) -> float:
        """Return the milliseconds within which this share of the decisions came."""
        if not self.times:
            return math.nan
        return 1000 * self.times[min(len(self.times) - 1, int(share * len(self.times)))]


def measured(stage: Stage, work: Callable[[], Sequence[float]], count: int) -> Lap:
    """Return what `work` took; it returns the seconds of each of its `count` decisions."""
    gc.collect()
    before, cpu, start = stage.spent(), time.process_time(), time.perf_counter()
    times = work()
    seconds, spent_cpu = time.perf_counter() - start, time.process_time() - cpu
    return Lap(count, seconds, 1e6 * spent_cpu, stage.spent().since(before), sorted(times))


def one_by_one(decide: Decide, numbers: range) -> list[float]:
    """Decide these, each when the one before is decided; return the seconds of each."""
    times = []
    for number in numbers:
        start = time.perf_counter()
        decide(number)
        times.append(time.perf_counter() - start)
    return times


async def at_once(decide: DecideLater, numbers: range, tasks: int) -> list[float]:
    """Decide these in so many tasks, each on its own; return the seconds of each."""
    waiting, times = iter(numbers), []

    async def work() -> None:
        for number in waiting:
            start = time.perf_counter()
            await decide(number)
            times.append(time.perf_counter() - start)

    await asyncio.gather(*[work() for _ in range(tasks)])
    return times


def in_turn(runs: Mapping[str, Run], rounds: int) -> dict[str, list[Lap]]:
    """Return the laps of each contestant, one a round, after a round that does not count."""
    laps: dict[str, list[Lap]] = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name, run in runs.items():
            lap = run()
            if turn:
                laps[name].append(lap)
    return laps


FIGURES: Mapping[str, Callable[[Lap], float]] = {
    "a second": lambda lap: lap.rate,
    "p50 ms": lambda lap: lap.quantile(0.5),
    "p99 ms": lambda lap: lap.quantile(0.99),
    "client µs": lambda lap: lap.client_cpu,
    "server µs": lambda lap: lap.server_cpu,
    "script µs": lambda lap: lap.script,
    "round trips": lambda lap: lap.trips,
    "bytes": lambda lap: lap.wire,
}
"""What the tables show of a lap."""


def medians(laps: Mapping[str, Sequence[Lap]]) -> tuple[list[str], list[list[object]]]:
    """Return a table's head, but for what stands first in it, and its rows."""
    rows: list[list[object]] = [
        [name, *(middle(each, figure) for figure in FIGURES.values())]
        for name, each in laps.items()
    ]
    return list(FIGURES), rows


def middle(laps: Sequence[Lap], figure: Callable[[Lap], float]) -> float:
    """Return the median of a figure over the rounds."""
    return median(figure(lap) for lap in laps)


def ratio(
    laps: Sequence[Lap], others: Sequence[Lap], figure: Callable[[Lap], float]
) -> tuple[float, float, float]:
    """Return median, least and largest of one figure over another, each within one round."""
    ratios = sorted(figure(a) / figure(b) for a, b in zip(laps, others, strict=True))
    return median(ratios), ratios[0], ratios[-1]
