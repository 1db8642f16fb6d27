"""What does a send cost through the vendor's SDK?

The rate per core is sends over this process's CPU time; the bare SDK, called in one loop, is the
measure. The vendor is a process of its own on loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median
from typing import TypeAlias

from benchmarks.frame.memory import resident
from benchmarks.frame.report import Report, sized
from benchmarks.frame.turns import eager, on
from benchmarks.frame.vendor import vendor
from smsctl.core.blocking import run_blocking
from smsctl.core.phone import Phone
from smsctl.core.policy import Purpose
from smsctl.core.ports import Accepted, Message
from smsctl.vendors.aliyun_sms import AliyunGateway
from smsctl.vendors.lane import Lane

ROUNDS = sized(15, 5)
COUNT = sized(200, 60)
THREADS = 16

_PURPOSES = {"login": Purpose(template="SMS_20261234")}
_SIGN = "示例签名"
_KEY = {"access_key_id": "key-for-benchmarks", "access_key_secret": "made-up"}

_MEASURE = "the SDK, one loop"
_THREADS = f"the SDK, {THREADS} threads"
_CORES = range(os.cpu_count() or 1)

Run: TypeAlias = Callable[[], None]
Laps: TypeAlias = list[tuple[float, float]]
"""Wall and CPU seconds."""
Spent: TypeAlias = dict[str, Laps]
"""Of each contestant."""


def main() -> None:
    """Measure, print and write down."""
    report = Report("sms")
    with eager(os.getpid()), ExitStack() as vendors:
        with on(_CORES[0]):
            url = vendors.enter_context(vendor())
        with on(_CORES[-1]):
            alone = _rates(url)
        _tell(f"Sends on one core, medians of {ROUNDS} rounds of {COUNT}", alone, report)
        for name, laps in alone.items():
            if name.startswith("smsctl"):
                figure = f"sends per core, {name.removeprefix('smsctl, ')}, over the bare SDK"
                report.bar(figure, _per_core(alone, laps), "≥", 0.8, "x")
        _tell("The same on all cores, beside the vendor", _rates(url), report)
        report.note(
            "The threads of one process hand the interpreter's lock round. On several cores that "
            "takes the CPU time of all of them, the bare SDK's threads too; a call through a lane "
            "is handed to a thread and back."
        )
        _memory(url, report)
    report.close()


# The rate


def _rates(url: str) -> Spent:
    blocking, looped = Lane(blocking=True), Lane(blocking=False)
    bare = _bare(url)
    ours, theirs = _gateway(url, blocking), _gateway(url, looped)
    with ThreadPoolExecutor(THREADS) as pool, asyncio.Runner() as runner:
        runs: dict[str, Run] = {
            _MEASURE: lambda: _in_loop(bare),
            _THREADS: lambda: _in_threads(pool, bare),
            f"smsctl, {THREADS} threads": lambda: _in_threads(pool, lambda: _submit(ours)),
            "smsctl, 50 tasks": lambda: runner.run(_in_tasks(theirs, 50)),
            "smsctl, 200 tasks": lambda: runner.run(_in_tasks(theirs, 200)),
        }
        spent = _in_turn(runs)
    blocking.close()
    looped.close()
    return spent


def _tell(title: str, spent: Spent, report: Report) -> None:
    rows: list[list[object]] = []
    for name, laps in spent.items():
        wall, cpu = median(wall for wall, _ in laps), median(cpu for _, cpu in laps)
        over = [_per_core(spent, laps, other)[0] for other in (_MEASURE, _THREADS)]
        rows.append([name, COUNT / wall, 1e6 * cpu / COUNT, *over])
    head = ["through", "a second", "client µs", "per core, over one loop", "over the SDK's threads"]
    report.table(title, head, rows)


def _per_core(spent: Spent, laps: Laps, other: str = _MEASURE) -> tuple[float, float, float]:
    """Return the rate per core over that of another: median, least, largest of the rounds."""
    ratios = sorted(bare / cpu for (_, bare), (_, cpu) in zip(spent[other], laps, strict=True))
    return median(ratios), ratios[0], ratios[-1]


def _in_turn(runs: Mapping[str, Run]) -> Spent:
    """Return the wall and CPU seconds of each run's laps, after a round that does not count."""
    spent: Spent = {name: [] for name in runs}
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


def _gateway(url: str, lane: Lane) -> AliyunGateway:
    return AliyunGateway(
        sign_name=_SIGN, purposes=_PURPOSES, lane=lane, endpoint=url, timeout=30.0, **_KEY
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
        before = resident()
        for _ in range(sends // COUNT):
            _in_threads(pool, lambda: _submit(gateway))
        grown = resident() - before
    lane.close()
    report.bar(f"{sends:,} sends: this process grows by", grown, "≤", 5, " MB")


if __name__ == "__main__":
    main()
