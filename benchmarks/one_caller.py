"""What does a decision cost one caller, who waits for each before the next?

Each admits a phone and an address that nobody has seen, under the same three limits. The guard
stores the pending code as well; the peers do not.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from importlib.metadata import version
from itertools import count

import redis

from benchmarks.frame.guards import (
    Call,
    commands,
    look,
    open_policy,
    reserve,
    scripts,
    settle,
    verify,
)
from benchmarks.frame.laps import Lap, Run, in_turn, measured, medians, one_by_one, ratio
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.frame.three import Three, address, phone
from benchmarks.peers.contestant import Decide
from benchmarks.peers.registry import GUARD, SYNC
from smsctl.core.blocking import run_blocking
from smsctl.store.connection import BlockingConnection
from smsctl.store.store import RedisStore

ROUNDS = sized(9, 3)
COUNT = sized(1_500, 250)

BARE = f"redis-py {version('redis')}, bare EVALSHA"
_THREE = Three()
_CALLS: tuple[tuple[str, Call], ...] = (
    ("look", look),
    ("reserve, with the pending code", reserve),
    ("settle", settle),
    ("verify", verify),
)


def main() -> None:
    """Measure, print and write down."""
    report = Report("one_caller")
    with stage() as where:
        _round_trips(where, report)
        with ExitStack() as stack:
            runs = {BARE: _bare(where, stack)}
            for name, contestant in SYNC.items():
                runs[name] = _contestant(where, stack.enter_context(contestant(where, _THREE)))
            laps = in_turn(runs, ROUNDS)
    head, rows = medians(laps)
    report.table(
        f"One caller, medians of {ROUNDS} rounds of {COUNT:,}", ["three limits", *head], rows
    )
    over = ratio(laps[GUARD], laps[BARE], lambda lap: lap.rate)
    report.bar("sync, one connection, over redis-py's bare EVALSHA", over, "≥", 0.9, "x")
    report.close()


def _round_trips(where: Stage, report: Report) -> None:
    connection = BlockingConnection(where.target)
    store = RedisStore(scripts(connection, open_policy()))
    for name, call in _CALLS:
        run_blocking(call(store, 0))
        before = where.spent()
        for number in range(1, 101):
            run_blocking(call(store, number))
        trips = (where.spent().since(before).reads - 1) / 100
        report.bar(f"round trips, {name}", trips, "=", 1)
    run_blocking(connection.close())


def _contestant(where: Stage, decide: Decide) -> Run:
    first = count(step=COUNT)

    def run() -> Lap:
        start = next(first)
        asked = [(phone(number), address(number)) for number in range(start, start + COUNT)]
        return _lap(where, lambda at: decide(*asked[at]))

    return run


def _bare(where: Stage, stack: ExitStack) -> Run:
    client = stack.enter_context(redis.Redis(port=where.port, protocol=2))
    first = count(step=COUNT)

    def run() -> Lap:
        start = next(first)
        asked = commands(open_policy(_THREE), reserve, range(start, start + COUNT))
        return _lap(where, lambda at: client.execute_command(*asked[at]))

    return run


def _lap(where: Stage, decide: Callable[[int], object]) -> Lap:
    return measured(where, lambda: one_by_one(decide, range(COUNT)), COUNT)


if __name__ == "__main__":
    main()
