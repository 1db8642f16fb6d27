"""Invariants 1 and 2 under concurrency: threads, tasks and processes at one subject."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from smsctl import Sent, Verified
from smsctl.core.policy import CodePolicy, Policy
from smsctl.store.format import TIMES
from smsctl.testing import FakeGateway
from tests.guards import Bench, MakeBench
from tests.histories import rule
from tests.servers import PrivateServer

CROWD = 64


def together(bench: Bench, call: Callable[[int], Any]) -> list[Any]:
    """Return what 64 calls give that begin at once: tasks of a loop, or threads."""
    if bench.runner is not None:

        async def gather() -> list[Any]:
            return await asyncio.gather(*(call(number) for number in range(CROWD)))

        return bench.runner.run(gather())
    start = threading.Barrier(CROWD)
    answers: list[Any] = [None] * CROWD

    def run(number: int) -> None:
        start.wait()
        answers[number] = call(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def phone(number: int) -> str:
    return f"138{number:08}"


@pytest.mark.parametrize(
    ("limited", "arguments"),
    [
        (rule("phone", "phone", 7, "1h"), lambda n: ("13800138000", f"203.0.113.{n}")),
        (rule("ip", "ip", 7, "day"), lambda n: (phone(n), "203.0.113.7")),
        (rule("fuse", "all", 7, "day"), lambda n: (phone(n), f"203.0.113.{n}")),
        (rule("rolling", "all", 7, "1h"), lambda n: (phone(n), f"203.0.113.{n}")),
    ],
    ids=["phone", "ip", "fuse", "rolling fuse"],
)
def test_a_crowd_gets_exactly_the_limit(
    make_bench: MakeBench, gateway: FakeGateway, limited: Any, arguments: Callable[[int], Any]
) -> None:
    """Invariant 1: of 64 at once exactly `max` are sent, and the gateway is called as often."""
    bench = make_bench(replace(Policy(), rules=(limited,)), gateway=gateway)

    def send(number: int) -> Any:
        number_as_typed, ip = arguments(number)
        return bench.guard.send(number_as_typed, ip=ip)

    answers = together(bench, send)
    assert sum(isinstance(answer, Sent) for answer in answers) == 7
    assert len(gateway.sent) == 7
    assert Counter(a.rule for a in answers if not a) == {limited.name: CROWD - 7}


def test_of_many_right_answers_one_wins(make_bench: MakeBench, gateway: FakeGateway) -> None:
    """Invariant 2: 64 concurrent correct verifications, one success."""
    bench = make_bench(gateway=gateway)
    bench.send()
    code = gateway.sent[0].code
    answers = together(bench, lambda _: bench.guard.verify("13800138000", code))
    assert Counter(type(a).__name__ for a in answers) == {"Verified": 1, "Rejected": CROWD - 1}


def test_of_many_guesses_only_the_tries_are_looked_at(
    make_bench: MakeBench, gateway: FakeGateway, server: PrivateServer
) -> None:
    """Invariant 2: 64 concurrent wrong guesses are three tries, and three of the wrong budget."""
    bench = make_bench(gateway=gateway)
    bench.send()
    code = int(gateway.sent[0].code)
    guesses = [f"{(code + 1 + n) % 10**6:06}" for n in range(CROWD)]
    answers = together(bench, lambda n: bench.guard.verify("13800138000", guesses[n]))
    reasons = Counter((a.reason, a.tries_left) for a in answers)
    assert reasons == {
        ("mismatch", 2): 1,
        ("mismatch", 1): 1,
        ("exhausted", 0): 1,
        ("missing", 0): CROWD - 3,
    }
    name = bench.keyring.name("phone", "+8613800138000")
    assert server.look("STRLEN", f"{{sms}}:wrong:{name}") == TIMES.size + 6 * 3


def test_the_wrong_budget_holds_in_a_crowd(make_bench: MakeBench, gateway: FakeGateway) -> None:
    """Invariant 2: with 10 tries a code and a budget of 5, five guesses are compared."""
    code_policy = CodePolicy(tries=10, wrong_max=5)
    bench = make_bench(replace(Policy(), code=code_policy), gateway=gateway)
    bench.send()
    code = int(gateway.sent[0].code)
    guesses = [f"{(code + 1 + n) % 10**6:06}" for n in range(CROWD)]
    answers = together(bench, lambda n: bench.guard.verify("13800138000", guesses[n]))
    assert Counter(a.reason for a in answers) == {"mismatch": 5, "locked": CROWD - 5}


def test_the_same_request_at_once_is_sent_once(make_bench: MakeBench, gateway: FakeGateway) -> None:
    """Invariant 10: 64 calls with one request id make one message."""
    bench = make_bench(replace(Policy(), rules=()), gateway=gateway)

    async def tell(call: Any) -> Any:
        try:
            return await call
        except Exception as unknown:  # noqa: BLE001 - the outcome of the first is not known yet
            return unknown

    def send(_: int) -> Any:
        if bench.runner is not None:
            return tell(bench.guard.send("13800138000", ip=None, request_id="r"))
        try:
            return bench.guard.send("13800138000", ip=None, request_id="r")
        except Exception as unknown:  # noqa: BLE001 - as above
            return unknown

    answers = together(bench, send)
    assert len(gateway.sent) == 1
    assert {type(answer).__name__ for answer in answers} <= {"Sent", "GatewayUnknown"}
    assert not any(isinstance(answer, Verified) for answer in answers)


PROCESS = """
import sys
from dataclasses import replace
from smsctl.core.blocking import run_blocking
from smsctl.core.policy import Policy
from tests.histories import new_code, redis_store, request, rule
from smsctl.core.ports import Reserved
from smsctl.store.target import Target

path, number = sys.argv[1], int(sys.argv[2])
policy = replace(Policy(), rules=(
    rule("ip", "ip", 40, "day"), rule("fuse", "all", 50, "day"), rule("phone", "phone", 1, "1h"),
))
store, _, connection = redis_store(Target(scheme="unix", path=path), policy, None)
print("ready", flush=True)
sys.stdin.readline()
admitted = 0
for turn in range(60):
    # Even processes press from one address, odd ones from their own; all at the same phones.
    asked = request(turn, 0 if number % 2 == 0 else number)
    code = new_code(number * 1000 + turn)
    admitted += isinstance(run_blocking(store.reserve(asked, code)), Reserved)
print(admitted, flush=True)
"""


def test_eight_processes_get_exactly_the_limit(server: PrivateServer) -> None:
    """Invariant 1: phones, one address and the fuse hold across processes that begin at once."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(server.path), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate(timeout=30)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    admitted = [int(output) for output in outputs]
    # All eight try the same 60 phones: the fuse ends it, and one address gets its share at most.
    assert sum(admitted) == 50
    assert sum(admitted[0::2]) <= 40
