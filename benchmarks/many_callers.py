"""How many decisions does one process make for many tasks, beside the peers and beside the limit?

The limit is the guard's own bytes, packed before, through one socket with as many unanswered as
there are tasks; redis-cli and the bare EVALSHA give the same bytes. The whole send has an instant
gateway. Each decision admits a phone and an address that nobody has seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from importlib.metadata import version
from itertools import count

import redis.asyncio

from benchmarks.frame import tools
from benchmarks.frame.guards import async_guard, commands, open_policy, reserve
from benchmarks.frame.laps import DecideLater, Lap, Run, at_once, in_turn, measured, medians, ratio
from benchmarks.frame.raw import RawSender
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.frame.three import Three, address, phone, public_address
from benchmarks.peers import contestant as peers
from benchmarks.peers.registry import ASYNC, GUARD, LIMITS_LATER
from smsctl.core.guard import AsyncGuard
from smsctl.store.command import Command
from smsctl.store.connection import AsyncConnection
from smsctl.store.scripts import script

ROUNDS = sized(7, 3)
COUNT = sized(4_000, 1_000)
TASKS = (50, 200)

LIMIT = "the limit: a raw sender"
PIPE = "redis-cli --pipe"
BARE = f"redis.asyncio {version('redis')}, bare EVALSHA"
SEND = "smsctl, a whole send"
_THREE = Three()


def main() -> None:
    """Measure, print and write down."""
    report = Report("many_callers")
    with stage() as where, asyncio.Runner() as runner:
        for tasks in TASKS:
            _contest(where, runner, report, tasks)
        _yardsticks(where, report)
    report.close()


def _contest(where: Stage, runner: asyncio.Runner, report: Report, tasks: int) -> None:
    stack = AsyncExitStack()
    runs = runner.run(_runs(where, runner, stack, tasks))
    laps = in_turn(runs, ROUNDS)
    runner.run(stack.aclose())
    where.clear()
    head, rows = medians(laps)
    report.table(
        f"{tasks} tasks, medians of {ROUNDS} rounds of {COUNT:,}", ["three limits", *head], rows
    )
    over = ratio(laps[GUARD], laps[LIMIT], lambda lap: lap.rate)
    report.bar(f"async reserve/s, {tasks} tasks, over the raw sender", over, "≥", 0.5, "x")
    if tasks == TASKS[0]:
        over = ratio(laps[GUARD], laps[LIMITS_LATER], lambda lap: lap.rate)
        report.bar(f"the same, {tasks} tasks, over {LIMITS_LATER}", over, "≥", 4, "x")
        over = ratio(laps[SEND], laps[LIMITS_LATER], lambda lap: lap.rate)
        report.bar(f"whole guard.send, {tasks} tasks, over {LIMITS_LATER}", over, "≥", 3, "x")
    over = ratio(laps[GUARD], laps[BARE], lambda lap: lap.client_cpu)
    report.bar(f"client CPU, {tasks} tasks, over redis.asyncio's bare EVALSHA", over, "≤", 0.5, "x")


async def _runs(
    where: Stage, runner: asyncio.Runner, stack: AsyncExitStack, tasks: int
) -> dict[str, Run]:
    runs: dict[str, Run] = {}

    def add_packed(
        name: str, send: Callable[[list[Command]], Callable[[], Sequence[float]]]
    ) -> None:
        first = count(step=COUNT)

        def run() -> Lap:
            start = next(first)
            asked = commands(open_policy(_THREE), reserve, range(start, start + COUNT))
            return measured(where, send(asked), COUNT)

        runs[name] = run

    def add(name: str, prepare: Callable[[range], DecideLater]) -> None:
        first = count(step=COUNT)

        def run() -> Lap:
            start = next(first)
            decide = prepare(range(start, start + COUNT))
            return measured(where, lambda: runner.run(at_once(decide, range(COUNT), tasks)), COUNT)

        runs[name] = run

    where.client.script_load(script("reserve").text)
    add_packed(LIMIT, lambda asked: RawSender(where, asked, tasks))
    if tools.CLI:
        add_packed(PIPE, lambda asked: tools.piped(where, asked))
    bare = await stack.enter_async_context(
        redis.asyncio.Redis(port=where.port, protocol=2, max_connections=tasks)
    )
    add(BARE, partial(_bare, bare))
    for name, contestant in ASYNC.items():
        decide = await stack.enter_async_context(contestant(where, _THREE))
        add(name, partial(_contestant, decide))
    whole = async_guard(AsyncConnection(where.target), open_policy(_THREE))
    await stack.enter_async_context(whole)
    add(SEND, partial(_send, whole))
    return runs


def _yardsticks(where: Stage, report: Report) -> None:
    if not (tools.BENCHMARK and tools.CLI):
        report.note(tools.MISSING)
        return
    nothing = ["EVALSHA", str(where.client.script_load("return 1")), "0"]
    value = ["SET", "key:__rand_int__", "value"]
    calls = 10 * COUNT
    report.table(
        "redis-benchmark, 50 connections, calls/s",
        ["call", "one at a time", "16 at a time"],
        [
            [name, *(tools.benchmarked(where, call, calls, depth=depth) for depth in (1, 16))]
            for name, call in (("SET", value), ("EVALSHA of `return 1`", nothing))
        ],
    )


def _bare(client: redis.asyncio.Redis, numbers: range) -> DecideLater:
    asked = commands(open_policy(_THREE), reserve, numbers)
    return lambda at: client.execute_command(*asked[at])


def _contestant(decide: peers.DecideLater, numbers: range) -> DecideLater:
    asked = [(phone(number), address(number)) for number in numbers]
    return lambda at: decide(*asked[at])


def _send(guard: AsyncGuard, numbers: range) -> DecideLater:
    asked = [(phone(number), public_address(number)) for number in numbers]
    return lambda at: guard.send(asked[at][0], ip=asked[at][1])


if __name__ == "__main__":
    main()
