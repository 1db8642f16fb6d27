"""What does a send cost through the vendor's SDK, and whom does a slow vendor delay?

The rate per core is sends over this process's CPU time; the bare SDK, called in one loop, is the
measure. The vendor is a process of its own on loopback.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from statistics import median
from typing import TypeAlias

from benchmarks.frame.guards import async_guard, guard, open_policy
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.frame.three import phone, public_address
from benchmarks.frame.vendor import vendor
from smsctl.core.blocking import run_blocking
from smsctl.core.phone import Phone
from smsctl.core.policy import Purpose
from smsctl.core.ports import Accepted, Message
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.vendors.aliyun_sms import AliyunGateway
from smsctl.vendors.lane import Lane

ROUNDS = sized(7, 3)
COUNT = sized(600, 150)
THREADS = 16
SLOW = float(sized(5, 1))  # seconds
WAITING = 200

_PURPOSES = {"login": Purpose(template="SMS_20261234")}
_SIGN = "示例签名"
_KEY = {"access_key_id": "key-for-benchmarks", "access_key_secret": "made-up"}
_fresh = count(1)

Run: TypeAlias = Callable[[], None]


def main() -> None:
    """Measure, print and write down."""
    report = Report("sms")
    with vendor() as url:
        _rates(url, report)
        _memory(url, report)
    _slow(report)
    report.close()


# The rate


def _rates(url: str, report: Report) -> None:
    blocking, looped = Lane(blocking=True), Lane(blocking=False)
    bare = _bare(url)
    ours, theirs = _gateway(url, blocking), _gateway(url, looped)
    with ThreadPoolExecutor(THREADS) as pool, asyncio.Runner() as runner:
        runs: dict[str, Run] = {
            "the SDK, one loop": lambda: _in_loop(bare),
            f"the SDK, {THREADS} threads": lambda: _in_threads(pool, bare),
            f"smsctl, {THREADS} threads": lambda: _in_threads(pool, lambda: _submit(ours)),
            "smsctl, 50 tasks": lambda: runner.run(_in_tasks(theirs, 50)),
            "smsctl, 200 tasks": lambda: runner.run(_in_tasks(theirs, 200)),
        }
        spent = _in_turn(runs)
    blocking.close()
    looped.close()
    measure = [cpu for _, cpu in spent["the SDK, one loop"]]
    rows: list[list[object]] = []
    for name, laps in spent.items():
        ratios = sorted(base / cpu for base, (_, cpu) in zip(measure, laps, strict=True))
        wall, cpu = median(wall for wall, _ in laps), median(cpu for _, cpu in laps)
        rows.append([name, COUNT / wall, 1e6 * cpu / COUNT, median(ratios)])
        if name.startswith("smsctl"):
            figure = f"sends per core, {name.removeprefix('smsctl, ')}, over the bare SDK"
            report.bar(figure, (median(ratios), ratios[0], ratios[-1]), "≥", 0.8, "x")
    report.table(
        f"Sends, medians of {ROUNDS} rounds of {COUNT}",
        ["through", "a second", "client µs", "per core, over the SDK"],
        rows,
    )


def _in_turn(runs: Mapping[str, Run]) -> dict[str, list[tuple[float, float]]]:
    """Return the wall and CPU seconds of each run's laps, after a round that does not count."""
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for turn in range(ROUNDS + 1):
        for name, run in runs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            lap = time.perf_counter() - wall, time.process_time() - cpu
            if turn:
                spent[name].append(lap)
    return spent


def _bare(url: str) -> Run:
    from alibabacloud_dysmsapi20170525.client import Client  # noqa: PLC0415 - 300 ms
    from alibabacloud_dysmsapi20170525.models import SendSmsRequest  # noqa: PLC0415
    from alibabacloud_tea_openapi.utils_models import Config  # noqa: PLC0415
    from darabonba.runtime import RuntimeOptions  # noqa: PLC0415

    host = url.removeprefix("http://")
    client = Client(Config(endpoint=host, protocol="http", **_KEY))

    def send() -> None:
        request = SendSmsRequest(
            phone_numbers="13800138000",
            sign_name=_SIGN,
            template_code="SMS_20261234",
            template_param=json.dumps({"code": "123456"}),
            out_id="request",
        )
        if client.send_sms_with_options(request, RuntimeOptions()).body.code != "OK":
            raise RuntimeError("not accepted")

    return send


def _gateway(url: str, lane: Lane, *, timeout: float = 30.0) -> AliyunGateway:
    return AliyunGateway(
        sign_name=_SIGN, purposes=_PURPOSES, lane=lane, endpoint=url, timeout=timeout, **_KEY
    )


_MESSAGE = Message(
    phone=Phone("CN", "86", "13800138000"), purpose="login", code="123456", request_id="request"
)


def _submit(gateway: AliyunGateway) -> None:
    if not isinstance(run_blocking(gateway.submit(_MESSAGE)), Accepted):
        raise TypeError("not accepted")


def _in_loop(send: Run) -> None:
    for _ in range(COUNT):
        send()


def _in_threads(pool: ThreadPoolExecutor, send: Run) -> None:
    for done in [pool.submit(send) for _ in range(COUNT)]:
        done.result()


async def _in_tasks(gateway: AliyunGateway, tasks: int) -> None:
    waiting = iter(range(COUNT))

    async def work() -> None:
        for _ in waiting:
            if not isinstance(await gateway.submit(_MESSAGE), Accepted):
                raise TypeError("not accepted")

    await asyncio.gather(*[work() for _ in range(tasks)])


# Memory


def _memory(url: str, report: Report) -> None:
    sends = sized(10_000, 600)
    lane = Lane(blocking=True)
    gateway = _gateway(url, lane)
    with ThreadPoolExecutor(THREADS) as pool:
        _in_threads(pool, lambda: _submit(gateway))
        before = _resident()
        for _ in range(sends // COUNT):
            _in_threads(pool, lambda: _submit(gateway))
        grown = _resident() - before
    lane.close()
    report.bar(f"{sends:,} sends: this process grows by", grown, "≤", 5, " MB")


def _resident() -> float:
    """Return the MB that this process has in memory."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (kib,) = [int(line.split()[1]) for line in lines if line.startswith("VmRSS")]
    return kib * 1024 / 1e6


# A slow vendor


def _slow(report: Report) -> None:
    with stage() as where, vendor(SLOW) as url, asyncio.Runner() as runner:
        tables = {
            f"{WAITING} tasks send": runner.run(_beside_tasks(where, url)),
            f"{THREADS * 2} threads send": _beside_threads(where, url),
        }
    report.table(
        f"A caller's verify beside sends to a vendor that takes {SLOW:.0f} s, ms",
        ["beside", "quiet p50", "p99", "beside p50", "p99", "threads of the lane"],
        [
            [name, *_quantiles(quiet), *_quantiles(busy), threads]
            for name, (quiet, busy, threads) in tables.items()
        ],
    )
    for name, (quiet, busy, threads) in tables.items():
        over = _quantiles(busy)[1] / _quantiles(quiet)[1]
        report.bar(
            f"p99 of a decision while {name} to a slow vendor, over quiet", over, "≤", 3, "x"
        )
        report.bar(f"threads of the lane while {name}", threads, "≤", 32)


async def _beside_tasks(where: Stage, url: str) -> tuple[list[float], list[float], int]:
    lane = Lane(blocking=False)
    made = async_guard(
        AsyncConnection(where.target), open_policy(), _gateway(url, lane, timeout=SLOW + 1)
    )
    async with made as asked:

        async def verify() -> None:
            await asked.verify(phone(next(_fresh)), "000000")

        async def lap() -> list[float]:
            times, end = [], time.perf_counter() + SLOW / 2
            while (start := time.perf_counter()) < end:
                await verify()
                times.append(1000 * (time.perf_counter() - start))
            return times

        await verify()  # whatever it imports and connects to is there from now on
        quiet = await lap()
        numbers = [next(_fresh) for _ in range(WAITING)]
        sends = [
            asyncio.create_task(asked.send(phone(number), ip=public_address(number)))
            for number in numbers
        ]
        await asyncio.sleep(SLOW / 5)
        busy, threads = await lap(), _lane_threads()
        await asyncio.gather(*sends, return_exceptions=True)
    lane.close()
    return quiet, busy, threads


def _beside_threads(where: Stage, url: str) -> tuple[list[float], list[float], int]:
    lane = Lane(blocking=True)
    gateway = _gateway(url, lane, timeout=SLOW + 1)
    with guard(BlockingConnection(where.target), open_policy(), gateway) as asked:

        def verify() -> None:
            asked.verify(phone(next(_fresh)), "000000")

        def lap() -> list[float]:
            times, end = [], time.perf_counter() + SLOW / 2
            while (start := time.perf_counter()) < end:
                verify()
                times.append(1000 * (time.perf_counter() - start))
            return times

        verify()
        quiet = lap()
        with ThreadPoolExecutor(2 * THREADS) as pool:
            for _ in range(2 * THREADS):
                number = next(_fresh)
                pool.submit(asked.send, phone(number), ip=public_address(number))
            time.sleep(SLOW / 5)
            busy, threads = lap(), _lane_threads()
    lane.close()
    return quiet, busy, threads


def _lane_threads() -> int:
    return sum(thread.name == "smsctl-lane" for thread in threading.enumerate())


def _quantiles(times: list[float]) -> list[float]:
    ordered = sorted(times)
    return [ordered[len(ordered) // 2], ordered[int(0.99 * len(ordered))]]


if __name__ == "__main__":
    main()
