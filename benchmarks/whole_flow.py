"""What does a whole flow cost, from the send to the right code, and can a code be had twice?

One caller at a time for the cost; then 64 at once with the right code, and 64 with wrong ones.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import NamedTuple

from benchmarks.frame.laps import Lap, Run, in_turn, measured, medians, middle, one_by_one
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.peers.flows import FLOWS, GUARD, Flow, GuessResult

ROUNDS = sized(7, 3)
COUNT = sized(600, 150)
RACES = sized(50, 5)
WORKERS = 64

_fresh = count(1)


def main() -> None:
    """Measure, print and write down."""
    report = Report("whole_flow")
    with stage() as where, ThreadPoolExecutor(WORKERS) as pool:
        flows = {name: made(where) for name, made in FLOWS.items()}
        laps = in_turn({name: _lap(where, flow) for name, flow in flows.items()}, ROUNDS)
        races = {name: _races(where, pool, flow) for name, flow in flows.items()}
    head, rows = medians(laps)
    report.table(
        f"A send and its right code, one caller, medians of {ROUNDS} rounds of {COUNT}",
        ["flow", *head],
        rows,
    )
    report.table(
        f"{WORKERS} at once, worst of {RACES} races",
        [
            "flow",
            "successes with the right code",
            "wrong codes compared (3 are allowed)",
            "keys without expiry",
            "of",
        ],
        [[name, *worst] for name, worst in races.items()],
    )
    ours = races[GUARD]
    report.bar("successes of one code", ours.successes, "=", 1)
    report.bar("wrong guesses compared", ours.guesses, "=", 3)
    report.bar("keys without an expiry, of a whole flow", ours.eternal, "=", 0)
    report.bar("round trips, send and verify", middle(laps[GUARD], lambda lap: lap.trips), "=", 3)
    report.close()


def _lap(where: Stage, flow: Flow) -> Run:
    def whole(_: int) -> None:
        number = next(_fresh)
        code = flow.send(number)
        assert flow.verify(number, code) == "right"

    def run() -> Lap:
        return measured(where, lambda: one_by_one(whole, range(COUNT)), COUNT)

    return run


class _Worst(NamedTuple):
    """What the worst race came to, and the keys that all of them left."""

    successes: int
    guesses: int
    eternal: int
    keys: int


def _races(where: Stage, pool: ThreadPoolExecutor, flow: Flow) -> _Worst:
    """Race for the right code, and with a wrong one, on an empty store."""
    where.clear()
    successes = guesses = 0
    for _ in range(RACES):
        number = next(_fresh)
        code = flow.send(number)
        told = _at_once(pool, lambda: flow.verify(number, code))  # noqa: B023
        successes = max(successes, told.count("right"))
        number = next(_fresh)
        wrong = f"{(int(flow.send(number)) + 1) % 10**6:06}"
        told = _at_once(pool, lambda: flow.verify(number, wrong))  # noqa: B023
        guesses = max(guesses, told.count("wrong"))
    return _Worst(successes, guesses, where.eternal(), where.client.dbsize())


def _at_once(pool: ThreadPoolExecutor, verify: Callable[[], GuessResult]) -> list[GuessResult]:
    barrier = Barrier(WORKERS)

    def work(_: int) -> GuessResult:
        barrier.wait()
        return verify()

    return list(pool.map(work, range(WORKERS)))


if __name__ == "__main__":
    main()
