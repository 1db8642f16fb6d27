"""Invariant 3: a caller that vanishes at any await leaves nothing that could be spent twice."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.naming import Keyring
from smsctl.core.policy import Policy
from smsctl.testing import FakeCaptcha, FakeGateway
from tests.guards import SECRET, Bench, MakeBench
from tests.histories import everything, redis_store, rule
from tests.servers import PrivateServer

RULES = (rule("phone", "phone", 1, "1h"), rule("fuse", "all", 2, "day"))
POLICY = replace(Policy(), rules=RULES)
STEPS = ("look", "check", "reserve", "submit", "settle")
RESERVED = {
    # The steps after which, or in which, the quota is taken: what comes later keeps it.
    "before": {"submit", "settle"},
    "after": {"reserve", "submit", "settle"},
}


class Breaking:
    """A port that breaks off at one step, before or after the real call took effect."""

    def __init__(self, real: Any, step: str, when: str, fault: type[BaseException]) -> None:
        self._real = real
        self._step = step
        self._when = when
        self._fault = fault

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._real, name)
        if name != self._step:
            return call

        async def broken(*arguments: Any, **options: Any) -> Any:
            if self._when == "before":
                raise self._fault
            await call(*arguments, **options)
            raise self._fault

        return broken


def broken_bench(
    make_bench: MakeBench, gateway: FakeGateway, step: str, when: str, fault: type[BaseException]
) -> Bench:
    def wrap(real: Any) -> Any:
        return Breaking(real, step, when, fault)

    return make_bench(POLICY, gateway=wrap(gateway), captcha=wrap(FakeCaptcha()), store=wrap)


def standing(bench: Bench) -> Any:
    name = bench.keyring.name("phone", "+8613800138000")
    return bench.ask(bench.admin.show(replace(everything(), phone=name)))


@pytest.mark.parametrize("fault", [asyncio.CancelledError, KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize(
    ("step", "when"), [(step, when) for step in STEPS for when in ("before", "after")]
)
def test_a_break_at_any_await_spends_nothing_twice(
    make_bench: MakeBench, gateway: FakeGateway, step: str, when: str, fault: type[BaseException]
) -> None:
    """Quota that may have been used stays used, a code that may have arrived verifies."""
    bench = broken_bench(make_bench, gateway, step, when, fault)
    # A gateway's exception is an unknown outcome; every other break goes through.
    with pytest.raises(BaseException):  # noqa: B017, PT011 - which one is not the point
        bench.send(captcha_token="t")
    taken = step in RESERVED[when]
    assert [level.used for level in standing(bench).levels] == [int(taken), int(taken)]
    assert len(standing(bench).codes) == int(taken)
    healthy = make_bench(POLICY, gateway=gateway)
    if gateway.sent:
        assert healthy.verify(gateway.sent[-1].code)
    assert bool(healthy.send()) is not taken


@pytest.mark.parametrize("make_bench", ["async"], indirect=True)
def test_a_cancelled_task_leaves_a_usable_guard(
    make_bench: MakeBench, gateway: FakeGateway
) -> None:
    """A cancelled call's reply is handed to nobody else."""
    bench = make_bench(replace(Policy(), rules=()), gateway=gateway)
    assert bench.runner is not None

    async def storm() -> list[Any]:
        tasks = [
            asyncio.ensure_future(bench.guard.send(f"138{number:08}", ip=None))  # type: ignore[arg-type]
            for number in range(200)
        ]
        for turn in range(20):
            await asyncio.sleep(0)
            for task in tasks[turn::20]:
                if turn % 2:
                    task.cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    answers = bench.runner.run(storm())
    sent = {number: a for number, a in enumerate(answers) if not isinstance(a, BaseException)}
    assert len(sent) >= 100
    for number, answer in sent.items():
        assert answer.phone == f"+86138****{number:04}"
    codes = {message.phone.national: message.code for message in gateway.sent}
    for national, code in list(codes.items())[:50]:
        assert bench.verify(code, phone=national)


KILLED = """
import os, signal, sys
from dataclasses import replace
from smsctl.core.blocking import run_blocking
from smsctl.core.flow import Flow, Ports
from smsctl.core.naming import Keyring
from smsctl.numbering import read_phone
from smsctl.store.connection import BlockingConnection
from smsctl.store.calls import Scripts
from smsctl.store.store import RedisStore
from smsctl.store.target import Target
from smsctl.testing import FakeCaptcha, FakeGateway
from tests.guard.test_crashes import POLICY, SECRET

path, step, when = sys.argv[1:]
keyring = Keyring(SECRET)

class Killing:
    def __init__(self, real):
        self.real = real
    def __getattr__(self, name):
        call = getattr(self.real, name)
        if name != step:
            return call
        async def killed(*arguments, **options):
            if when == "after":
                await call(*arguments, **options)
            os.kill(os.getpid(), signal.SIGKILL)
        return killed

class Telling(FakeGateway):
    async def submit(self, message):
        print(message.code, flush=True)
        return await super().submit(message)

connection = BlockingConnection(Target(scheme="unix", path=path))
scripts = Scripts(connection, policy=POLICY, prefix="sms", fingerprint=keyring.fingerprint())
ports = Ports(
    store=Killing(RedisStore(scripts)), gateway=Killing(Telling()), captcha=Killing(FakeCaptcha()),
    read_phone=lambda text: read_phone(text, region="CN"),
    journal=lambda _: None, tick=lambda: 0.0, now=lambda: None,
)
run_blocking(Flow(POLICY, keyring, ports).send("13800138000", ip="203.0.113.7", captcha_token="t"))
"""


@pytest.mark.parametrize(
    ("step", "when"),
    [("look", "after"), ("check", "after"), ("reserve", "after"), ("submit", "after")],
)
def test_a_killed_process_spends_nothing_twice(server: PrivateServer, step: str, when: str) -> None:
    """A kill between any two steps: what may have been sent counts and verifies."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(server.path), step, when],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    keyring = Keyring(SECRET)
    _, admin, connection = redis_store(server.target, POLICY, None, keyring.fingerprint())
    name = keyring.name("phone", "+8613800138000")
    shown = run_blocking(admin.show(replace(everything(), phone=name)))
    taken = step in RESERVED[when]
    assert [level.used for level in shown.levels] == [int(taken), int(taken)]
    assert len(shown.codes) == int(taken)
    (today,) = run_blocking(admin.usage(1))
    assert today.outcomes.get("pending", 0) == int(taken)
    run_blocking(connection.close())
    assert bool(done.stdout.strip()) is (step == "submit")
