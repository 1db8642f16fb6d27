"""Whom does a vendor delay that takes its time, and what does it cost to wait for it?

Guards as `open_guard` makes them. The vendor is a process of its own on loopback: it accepts a
message after `SLOW` seconds, and refuses a captcha token at once.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count, cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from benchmarks.frame.guards import SECRET, guard, open_policy
from benchmarks.frame.memory import resident
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.frame.three import phone
from benchmarks.frame.turns import awake, eager
from benchmarks.frame.vendor import SITEVERIFY, vendor
from smsctl import AsyncGuard, Guard, Refused, Rejected, SmsctlError, open_async_guard, open_guard
from smsctl.core.blocking import run_blocking
from smsctl.store.connection import BlockingConnection

ROUNDS = sized(3, 1)
SLOW = float(sized(5, 1))  # seconds
WAITING = 200
CROWD = 1_200
THREADS, QUEUE = 32, 1024
"""Of a lane."""
WARM = 0.1
"""Seconds until what a guard imports and connects to is there."""
PACE = 0.001
"""Seconds between two calls of a caller: whoever waits for the vendor has work of his own."""

_CONFIG = """
store: {{url: "{store}", timeout: 5s}}
code: {{secret: "{secret}"}}
purposes: {{login: {{template: SMS_20261234}}}}
gateway:
  provider: aliyun
  sign_name: 示例签名
  access_key_id: key-for-benchmarks
  access_key_secret: made-up
  endpoint: {vendor}
  timeout: {timeout}s
captcha: {{provider: turnstile, secret: made-up, endpoint: "{vendor}{siteverify}"}}
limits: [{{name: phone-minute, per: phone, max: 1, window: 60s}}]
"""
_CORES = range(os.cpu_count() or 1)
_fresh = count(1)

Lap: TypeAlias = dict[str, list[float]]
"""Milliseconds of each decision, by its kind."""


@dataclass(frozen=True, slots=True)
class Face:
    """One of the guard's two faces."""

    lap: Callable[[str, float], Lap]
    """Decides for so many seconds, one call at a time; this phone has had its message."""
    begin: Callable[[int], None]
    """Lets so many ask for a message, and gives them the time to ask."""
    waiting: Callable[[], int]
    """Returns how many of them have no answer yet."""
    end: Callable[[], Counter[str]]
    """Returns what they got, once they all have it."""
    one: Callable[[], str]
    """Lets one more ask, and returns what he got."""


Opened: TypeAlias = Callable[[Path], AbstractContextManager[Face]]


@dataclass(slots=True)
class Beside:
    """What a caller waited, and what those got who waited for the vendor."""

    quiet: list[Lap] = field(default_factory=list)
    slow: list[Lap] = field(default_factory=list)
    got: Counter[str] = field(default_factory=Counter)
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Crowd:
    """What it takes to let as many wait as a lane takes."""

    waiting: int
    threads: int
    memory: float
    """MB by which the process has grown."""
    beyond: float
    """Milliseconds until the next one is told that he is too many."""


def main() -> None:
    """Measure, print and write down."""
    report = Report("slow_vendor")
    import_module("alibabacloud_dysmsapi20170525.client")  # a process's first send pays for it
    faces: dict[str, Opened] = {"tasks": _tasks, "threads": _threads}
    with stage() as where, TemporaryDirectory() as folder:
        config = Path(folder, "config.yaml")
        _tell_waits({name: _beside(where, config, face) for name, face in faces.items()}, report)
        _tell_crowds({name: _crowd(where, config, face) for name, face in faces.items()}, report)
    report.close()


# Who else decides


def _beside(where: Stage, config: Path, face: Opened) -> Beside:
    beside = Beside()
    for _ in range(ROUNDS):
        with eager(where.server.process.pid), vendor(SLOW) as url:
            _write(config, where, url, timeout=1.2 * SLOW)
            with face(config) as asked:
                asked.lap(_taken(where), WARM)
                with awake(_CORES[0]), awake(_CORES[-1]):
                    beside.quiet.append(asked.lap(_taken(where), SLOW / 3))
                    asked.begin(WAITING)
                    beside.slow.append(asked.lap(_taken(where), SLOW / 3))
                beside.threads = max(beside.threads, _lane_threads())
                beside.got += asked.end()
    return beside


def _write(config: Path, where: Stage, url: str, *, timeout: float) -> None:
    text = _CONFIG.format(
        store=where.url,
        secret=SECRET.decode(),
        vendor=url,
        timeout=timeout,
        siteverify=SITEVERIFY,
    )
    config.write_text(text, encoding="utf-8")
    config.chmod(0o600)


def _taken(where: Stage) -> str:
    """Return a phone that has just had its message of the minute."""
    number = phone(next(_fresh))
    with guard(BlockingConnection(where.target), open_policy()) as other:
        other.send(number, ip=None)
    return number


def _tell_waits(decided: Mapping[str, Beside], report: Report) -> None:
    rows: list[list[object]] = []
    for name, beside in decided.items():
        for kind in beside.quiet[0]:
            quiet = [lap[kind] for lap in beside.quiet]
            slow = [lap[kind] for lap in beside.slow]
            ratios = sorted(_p99(b) / _p99(a) for a, b in zip(quiet, slow, strict=True))
            figures: list[float] = []
            for laps in (quiet, slow):
                figures += [median(map(_p50, laps)), median(map(_p99, laps))]
            rows.append([f"{WAITING} {name}", kind, *figures, max(map(max, slow))])
            report.bar(
                f"p99 of a {kind} while {WAITING} {name} wait for a slow vendor, over quiet",
                (figures[3] / figures[1], ratios[0], ratios[-1]),
                "≤",
                3,
                "x",
            )
    head = ["beside", "decision", "quiet p50", "p99", "beside p50", "p99", "latest"]
    report.table(f"Decisions beside sends to a vendor that takes {SLOW:.0f} s, ms", head, rows)
    outcomes = ("Sent", "GatewayUnknown", "GatewayRejected")
    report.table(
        f"What they got who waited, {ROUNDS} times {WAITING}",
        ["through", "sent", "may arrive", "not sent", "threads"],
        [
            [name, *(beside.got[each] for each in outcomes), beside.threads]
            for name, beside in decided.items()
        ],
    )


def _p50(times: list[float]) -> float:
    return median(times)


def _p99(times: list[float]) -> float:
    return sorted(times)[int(0.99 * len(times))]


# What waiting takes


def _crowd(where: Stage, config: Path, face: Opened) -> Crowd:
    with ExitStack() as vendors:
        _write(config, where, vendors.enter_context(vendor(60)), timeout=60)
        with face(config) as asked:
            asked.lap(_taken(where), WARM)
            before = resident()
            asked.begin(CROWD)
            while asked.waiting() > THREADS + QUEUE:
                asked.begin(0)
            grown, waiting, threads = resident() - before, asked.waiting(), _lane_threads()
            start = time.perf_counter()
            if asked.one() != "GatewayRejected":
                raise RuntimeError("one more was not too many")
            beyond = time.perf_counter() - start
            vendors.close()
            asked.end()
    return Crowd(waiting=waiting, threads=threads, memory=grown, beyond=1000 * beyond)


def _tell_crowds(crowds: Mapping[str, Crowd], report: Report) -> None:
    report.table(
        f"{CROWD:,} ask, and no answer comes",
        ["through", "wait", "threads", "MB more", "KB of one who waits", "one more is told in, ms"],
        [
            [
                name,
                crowd.waiting,
                crowd.threads,
                crowd.memory,
                1000 * crowd.memory / crowd.waiting,
                crowd.beyond,
            ]
            for name, crowd in crowds.items()
        ],
    )
    for name, crowd in crowds.items():
        report.bar(
            f"{CROWD:,} {name} ask: wait for the vendor", crowd.waiting, "=", THREADS + QUEUE
        )
        report.bar(f"{CROWD:,} {name} ask: threads of the lanes", crowd.threads, "≤", THREADS + 1)
    report.note(
        "The next one is told at once that too many wait: nothing was sent, and his quota is back. "
        "The memory of threads is that of the callers' own, too."
    )


def _lane_threads() -> int:
    return sum(thread.name == "smsctl-lane" for thread in threading.enumerate())


# The faces


@contextmanager
def _tasks(config: Path) -> Iterator[Face]:
    with asyncio.Runner() as runner:
        asked = open_async_guard(config)
        sends: list[asyncio.Task[str]] = []

        async def send() -> str:
            try:
                return _kind(await asked.send(phone(next(_fresh)), ip=None, skip_captcha=True))
            except SmsctlError as error:
                return _kind(error)

        async def begin(tasks: int) -> None:
            sends.extend(asyncio.create_task(send()) for _ in range(tasks))
            await asyncio.sleep(SLOW / 5)

        async def end() -> Counter[str]:
            return Counter(await asyncio.gather(*sends))

        yield Face(
            lap=lambda taken, seconds: runner.run(
                _lap(_calls(asked, taken), seconds, asyncio.sleep)
            ),
            begin=lambda tasks: runner.run(begin(tasks)),
            waiting=lambda: sum(not send.done() for send in sends),
            end=lambda: runner.run(end()),
            one=lambda: runner.run(send()),
        )
        runner.run(asked.close())
    _join()


@contextmanager
def _threads(config: Path) -> Iterator[Face]:
    with ThreadPoolExecutor(CROWD) as pool, open_guard(config) as asked:
        sends: list[Future[str]] = []

        def send() -> str:
            try:
                return _kind(asked.send(phone(next(_fresh)), ip=None, skip_captcha=True))
            except SmsctlError as error:
                return _kind(error)

        def begin(threads: int) -> None:
            sends.extend(pool.submit(send) for _ in range(threads))
            time.sleep(SLOW / 5)

        async def pause(seconds: float) -> None:
            time.sleep(seconds)  # noqa: ASYNC251 - there is no loop

        def later(call: Callable[[], object]) -> Callable[[], Awaitable[object]]:
            async def called() -> object:
                return call()

            return called

        def lap(taken: str, seconds: float) -> Lap:
            calls = {kind: later(call) for kind, call in _calls(asked, taken).items()}
            return run_blocking(_lap(calls, seconds, pause))

        yield Face(
            lap=lap,
            begin=begin,
            waiting=lambda: sum(not send.done() for send in sends),
            end=lambda: Counter(send.result() for send in sends),
            one=send,
        )
    _join()


def _calls(asked: Guard | AsyncGuard, taken: str) -> dict[str, Callable[[], Any]]:
    return {
        "verify": lambda: asked.verify(phone(next(_fresh)), "000000"),
        "send that a limit refuses": lambda: asked.send(taken, ip=None, captcha_token="any"),
        "send that the captcha refuses": lambda: asked.send(
            phone(next(_fresh)), ip=None, captcha_token="wrong"
        ),
    }


async def _lap(
    calls: Mapping[str, Callable[[], Awaitable[object]]],
    seconds: float,
    pause: Callable[[float], Awaitable[None]],
) -> Lap:
    lap: Lap = {kind: [] for kind in calls}
    end = time.perf_counter() + seconds
    for kind in cycle(calls):
        start = time.perf_counter()
        if start > end:
            break
        answer = await calls[kind]()
        lap[kind].append(1000 * (time.perf_counter() - start))
        if not isinstance(answer, Refused | Rejected):
            raise TypeError("a caller who should be turned away was not")
        await pause(PACE)
    return lap


def _kind(answer: object) -> str:
    return type(answer).__name__


def _join() -> None:
    """Wait for the threads of lanes that are closed."""
    for thread in threading.enumerate():
        if thread.name == "smsctl-lane":
            thread.join()


if __name__ == "__main__":
    main()
