"""Does a decision, or an operator's look, cost more where a million phones are live?

Two servers side by side, one with a thousand phones and one with many, asked in turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from ctypes.util import find_library
from functools import partial

from benchmarks.frame.guards import Call, request, reserve, scripts
from benchmarks.frame.laps import Lap, at_once, in_turn, measured, middle, one_by_one, ratio
from benchmarks.frame.report import FULL, QUICK, Report, sized
from benchmarks.frame.scenes import DAYS, POLICY, Scene, scenes
from benchmarks.frame.stage import Stage
from smsctl.core.admin import Selection
from smsctl.core.blocking import run_blocking
from smsctl.core.ports import LimitExceeded, Reserved
from smsctl.store.admin import RedisAdmin
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.store.store import RedisStore

FEW = 1_000
MANY = 10_000_000 if FULL else sized(1_000_000, 50_000)
BESIDE = 100_000
COUNT = sized(1_000, 500)
LOOKS = sized(300, 40)
USAGES = sized(30, 5)
ROUNDS = sized(9, 7)
TASKS = 50

_AT = f"{MANY:,} phones over {FEW:,}"
_SCATTER = 7_919  # a prime: in steps of it no two of a lap's phones are neighbours


def main() -> None:
    """Measure, print and write down."""
    report = Report("scale")
    jemalloc = find_library("jemalloc")
    with scenes(FEW, MANY, preload=jemalloc or "") as both:
        report.table(
            "Live phones, each with an address and a code of its own",
            ["phones", "keys", "MB", "bytes a phone"],
            [
                [each.phones, each.where.client.dbsize(), each.where.memory() / 1e6, each.bytes]
                for each in both
            ],
        )
        _decisions(both, report)
        _looks(both, report)
    report.note(
        "A decision names its keys, so its work is the same at any size. What is left of a "
        "difference is the processor's: a large table does not lie in its cache."
    )
    if jemalloc is None:
        report.note(
            "There is no jemalloc here, and with glibc's allocator, which the embedded binary has, "
            "even PING takes twice as long on a large server. The bars are about servers as "
            "distributions build them."
        )
    elif not QUICK:
        _beside(report)
    report.close()


def _beside(report: Report) -> None:
    """Show what glibc's allocator makes of the same, without a bar."""
    report.note(
        "So far with jemalloc, as distributions build Redis and Valkey. The embedded binary has "
        "glibc's allocator, whose free lists grow long on a large server: even PING takes longer."
    )
    with scenes(FEW, BESIDE) as both:
        _decisions(both, report, held=False)


# Decisions


def _decisions(both: Sequence[Scene], report: Report, *, held: bool = True) -> None:
    for kind, call in (("new phone", _new), ("refused with its tally", _refused)):
        runs = {each.name: partial(_alone, each, call(each)) for each in both}
        alone = in_turn(runs, ROUNDS if held else 3)
        runs = {each.name: partial(_crowd, each, call(each)) for each in both}
        crowd = in_turn(runs, ROUNDS if held else 3)
        _tell(kind, alone, crowd, report)
        if held:
            _hold(kind, alone, crowd, report)


def _new(scene: Scene) -> Call:
    return partial(_answered, Reserved, lambda number: scene.phones + number)


def _refused(scene: Scene) -> Call:
    return partial(_answered, LimitExceeded, lambda number: number * _SCATTER % scene.phones)


async def _answered(
    wanted: type, place: Callable[[int], int], store: RedisStore, number: int
) -> None:
    answer = await reserve(store, place(number))
    if not isinstance(answer, wanted):
        raise TypeError(f"{answer} in place of {wanted.__name__}")


def _alone(scene: Scene, call: Call) -> Lap:
    connection = BlockingConnection(scene.where.target)
    store = RedisStore(scripts(connection, POLICY))

    def decide(number: int) -> None:
        run_blocking(call(store, number))

    decide(0)
    lap = measured(scene.where, lambda: one_by_one(decide, range(1, COUNT)), COUNT - 1)
    run_blocking(connection.close())
    scene.forget(COUNT)
    return lap


def _crowd(scene: Scene, call: Call) -> Lap:
    with asyncio.Runner() as runner:
        connection = AsyncConnection(scene.where.target)
        store = RedisStore(scripts(connection, POLICY))
        decide = partial(call, store)
        runner.run(at_once(decide, range(TASKS), TASKS))
        rest = range(TASKS, COUNT)
        lap = measured(scene.where, lambda: runner.run(at_once(decide, rest, TASKS)), len(rest))
        runner.run(connection.close())
    scene.forget(COUNT)
    return lap


def _tell(
    kind: str,
    alone: Mapping[str, Sequence[Lap]],
    crowd: Mapping[str, Sequence[Lap]],
    report: Report,
) -> None:
    report.table(
        f"Reserve, {kind}: µs of the server with {TASKS} tasks; one caller alone, ms",
        ["phones", "CPU", "script", "CPU, alone", "script, alone", "p50", "p99"],
        [
            [
                phones,
                middle(crowd[phones], _cpu),
                middle(crowd[phones], _script),
                middle(alone[phones], _cpu),
                middle(alone[phones], _script),
                middle(alone[phones], _median),
                middle(alone[phones], lambda lap: lap.quantile(0.99)),
            ]
            for phones in alone
        ],
    )


def _hold(
    kind: str,
    alone: Mapping[str, Sequence[Lap]],
    crowd: Mapping[str, Sequence[Lap]],
    report: Report,
) -> None:
    few, many = crowd.values()
    report.bar(f"{_AT}: server CPU, {kind}, {TASKS} tasks", ratio(many, few, _cpu), "≤", 1.2, "x")
    few, many = alone.values()
    report.bar(f"{_AT}: latency, {kind}, one caller", ratio(many, few, _median), "≤", 1.2, "x")


def _cpu(lap: Lap) -> float:
    return lap.server_cpu


def _script(lap: Lap) -> float:
    return lap.script


def _median(lap: Lap) -> float:
    return lap.quantile(0.5)


# What operators ask


def _looks(both: Sequence[Scene], report: Report) -> None:
    rows: list[list[object]] = []
    searches = 0
    for act, ask, count in (("limits show", _show, LOOKS), ("usage", _usage, USAGES)):
        for each in both:
            each.where.client.config_resetstat()
        laps = in_turn({each.name: partial(_look, each, ask, count) for each in both}, ROUNDS)
        for each in both:
            ran = _commands(each.where)
            searches += ran.get("scan", 0) + ran.get("keys", 0)
            rows.append(
                [
                    f"{act}, {each.name}",
                    middle(laps[each.name], _median),
                    middle(laps[each.name], lambda lap: lap.quantile(0.99)),
                    middle(laps[each.name], _cpu),
                    _told(ran, (ROUNDS + 1) * count),
                ]
            )
        few, many = laps.values()
        report.bar(f"{_AT}: {act}", ratio(many, few, _median), "≤", 1.5, "x")
    report.table(
        f"What an operator asks: ms; µs of the server; {DAYS} days of usage",
        ["act", "p50", "p99", "CPU", "commands of one"],
        rows,
    )
    report.bar("SCAN and KEYS in all of it", searches, "=", 0)


def _look(scene: Scene, ask: Callable[[RedisAdmin, int], object], count: int) -> Lap:
    connection = BlockingConnection(scene.where.target)
    admin = RedisAdmin(scripts(connection, POLICY))
    numbers = range(count)
    lap = measured(
        scene.where,
        lambda: one_by_one(lambda n: ask(admin, n * _SCATTER % scene.phones), numbers),
        count,
    )
    run_blocking(connection.close())
    return lap


def _show(admin: RedisAdmin, number: int) -> None:
    asked = request(number)
    selection = Selection(
        phone=asked.phone,
        prefix=asked.prefix,
        country=asked.country,
        ip=asked.ip,
        purposes=[asked.purpose],
        all=True,
    )
    if not run_blocking(admin.show(selection)).codes:
        raise RuntimeError("a phone without its code")


def _usage(admin: RedisAdmin, _number: int) -> None:
    if len(run_blocking(admin.usage(DAYS))) != DAYS:
        raise RuntimeError("not every day is there")


def _commands(where: Stage) -> dict[str, int]:
    """Return how often each command ran since the counts were set back."""
    told = where.client.info("commandstats")
    return {name.removeprefix("cmdstat_"): each["calls"] for name, each in told.items()}


def _told(ran: Mapping[str, int], acts: int) -> str:
    of_one = {name: round(count / acts) for name, count in ran.items()}
    return ", ".join(f"{count} {name}" for name, count in of_one.items() if count)


if __name__ == "__main__":
    main()
