"""What does a flood of refused sends leave in the store, and what does it cost the others?

A legitimate caller, one call at a time, beside a process that floods as fast as the guard lets it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, takewhile
from statistics import median
from typing import TypeAlias

from benchmarks.frame.flooder import TASKS, Flooder, Kind, flooder, lane_policy, refused
from benchmarks.frame.guards import guard
from benchmarks.frame.pour import pour
from benchmarks.frame.report import QUICK, Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.frame.three import phone, public_address
from benchmarks.frame.turns import awake, first
from smsctl import Guard, Rejected
from smsctl.store.connection import BlockingConnection

MILLION = sized(1_000_000, 30_000)
LAP = sized(12_000, 2_500)
ROUNDS = sized(5, 3)
CALLS, WARM = sized(250, 100), 10
PACE = 0.001
"""Seconds between two calls of the caller: the flood needs some of the core that they share."""

Lap: TypeAlias = dict[str, list[float]]
"""Milliseconds of each call, by its name."""

_POLICY = lane_policy()
_CORES = range(os.cpu_count() or 1)
_NUMBERS = count(50_000_000)  # far from the flood's
_KINDS: Mapping[Kind, str] = {
    "addresses": "from all addresses",
    "address": "from one address",
    "tokens": "without a token",
    "bytes": "at the server's limit",
}


@dataclass(slots=True)
class Beside:
    """What one caller waited, and how much came in meanwhile."""

    quiet: list[Lap] = field(default_factory=list)
    flooded: list[Lap] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    """Refused sends in a second."""


def main() -> None:
    """Measure, print and write down."""
    report = Report("flood")
    grown: list[list[object]] = []
    waits: list[list[object]] = []
    for kind, name in _KINDS.items():
        if QUICK and kind == "bytes":
            continue
        with stage() as where, flooder(where.target, kind) as flood, awake(_CORES[0]):
            if kind != "bytes":
                grown.append([name, *_left(where, flood, kind, report)])
            waits += _waits(name, _beside(where, flood), report)
    head = ["flood", "refused", "a second", "keys", "bytes"]
    report.table("What a flood leaves in the store", head, grown)
    head = ["flood", "a second", "call", "quiet p50", "p99", "flooded p50", "p99"]
    report.table("A legitimate caller beside it, ms", head, waits)
    report.note(
        f"The flood is a process of {TASKS} tasks that send through the guard: other numbers from "
        "other addresses, for a purpose whose part of the fuse has blown; other numbers from one "
        "address; requests without a captcha token. Most of the million, and the flood at the "
        f"limit, are the first one's commands without a guard: {TASKS} of them always on their "
        "way. The last leaves the server no time, so everybody waits for his turn there."
    )
    report.note(
        "Flood and caller share a core, and the flood has what he leaves of it (SCHED_IDLE): he "
        "waits for the store and not for his turn, nor, where the system lets him go first, for "
        "strangers. Quiet is a machine that is kept awake in the same way. “Send” is two decisions "
        "and an instant gateway."
    )
    report.close()


# What it leaves


def _left(where: Stage, flood: Flooder, kind: Kind, report: Report) -> list[object]:
    """Return how many were refused, how many in a second, and the keys and bytes they left."""
    _flood(flood, 0)  # the day's tally and the connections are there from now on
    keys, memory = where.client.dbsize(), where.memory()
    rate, asked = _flood(flood, LAP), LAP
    if kind == "addresses":
        start = time.perf_counter()
        pour(where, _POLICY, refused, range(LAP, MILLION))
        rate, asked = (MILLION - LAP) / (time.perf_counter() - start), MILLION
    keys, memory = where.client.dbsize() - keys, where.memory() - memory
    name = f"{asked:,} refused {_KINDS[kind]}"
    report.bar(f"{name}: memory grows by", memory / 1e6, "≤", 1, " MB")
    report.bar(f"{name}: new keys", keys, "=", 0)
    return [asked, rate, keys, memory]


def _flood(flood: Flooder, start: int) -> float:
    flood.begin(range(start, start + LAP))
    return flood.end()


# Who waits


def _beside(where: Stage, flood: Flooder) -> Beside:
    beside = Beside()
    connection = BlockingConnection(where.target)
    with guard(connection, _POLICY) as asked, first(where.server.process.pid):
        _lap(asked, range(WARM))
        for turn in range(ROUNDS):
            with awake(_CORES[-1]):
                beside.quiet.append(_lap(asked, range(CALLS)))
            flood.begin(range(turn * LAP, (turn + 1) * LAP))
            beside.flooded.append(_lap(asked, takewhile(lambda _: flood.busy, count())))
            beside.rates.append(flood.end())
    return beside


def _lap(asked: Guard, turns: Iterable[int]) -> Lap:
    """Send and verify in turn; return the ms of each."""
    lap: Lap = {"send": [], "verify": []}
    for _ in turns:
        number = next(_NUMBERS)
        for name, call in (("send", _send), ("verify", _verify)):
            start = time.perf_counter()
            call(asked, number)
            lap[name].append(1000 * (time.perf_counter() - start))
            time.sleep(PACE)
    return lap


def _send(asked: Guard, number: int) -> None:
    if not asked.send(phone(number), ip=public_address(number)):
        raise RuntimeError("a legitimate caller was refused")


def _verify(asked: Guard, number: int) -> None:
    answer = asked.verify(phone(number), "000000")
    if not isinstance(answer, Rejected) or answer.reason != "mismatch":
        raise RuntimeError("a legitimate caller's guess was not compared")


def _waits(name: str, beside: Beside, report: Report) -> list[list[object]]:
    rows: list[list[object]] = []
    for call in ("send", "verify"):
        quiet = [lap[call] for lap in beside.quiet]
        flooded = [lap[call] for lap in beside.flooded]
        ratios = sorted(_p99(b) / _p99(a) for a, b in zip(quiet, flooded, strict=True))
        # The middle one of the laps: whoever else is on this machine disturbs some of them.
        figures: list[float] = []
        for laps in (quiet, flooded):
            figures += [median(map(_median, laps)), median(map(_p99, laps))]
        rows.append([name, median(beside.rates), call, *figures])
        report.bar(
            f"p99 of {call} beside a flood {name}, over quiet",
            (figures[3] / figures[1], ratios[0], ratios[-1]),
            "≤",
            3,
            "x",
        )
    return rows


def _median(times: Sequence[float]) -> float:
    return median(times)


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[int(0.99 * len(times))]


if __name__ == "__main__":
    main()
