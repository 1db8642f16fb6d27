"""What the parts of a guard share, and what they do not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from smsctl.config import load
from smsctl.core.answers import Refused, Sent
from smsctl.core.blocking import run_blocking
from smsctl.vendors.lane import DeadlinePassed, Lane
from smsctl.wiring import parts
from smsctl.wiring.parts import Parts
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, FakeAliyun
from tests.fakes.siteverify import SECRET, FakeSiteverify
from tests.servers import PrivateServer

PHONE = "13800138000"


@pytest.fixture
def hang() -> Iterator[threading.Event]:
    """Set when the test is over."""
    over = threading.Event()
    yield over
    over.set()


@pytest.fixture
def made(
    server: PrivateServer,
    aliyun: FakeAliyun,
    siteverify: FakeSiteverify,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Parts]:
    """Both vendors on loopback, with one thread for each lane."""
    monkeypatch.setattr(parts, "Lane", partial(Lane, threads=1, queue=1))
    environ = {
        "HOME": "/nonexistent",
        "SMSCTL_STORE__URL": server.url,
        "SMSCTL_SECRET": "a-secret-of-this-host-alone",
        "SMSCTL_GATEWAY__PROVIDER": "aliyun",
        "SMSCTL_GATEWAY__ACCESS_KEY_ID": ACCESS_KEY_ID,
        "SMSCTL_GATEWAY__ACCESS_KEY_SECRET": ACCESS_KEY_SECRET,
        "SMSCTL_GATEWAY__ENDPOINT": aliyun.url,
        "SMSCTL_CAPTCHA__PROVIDER": "turnstile",
        "SMSCTL_CAPTCHA__SECRET": SECRET,
        "SMSCTL_CAPTCHA__ENDPOINT": siteverify.endpoint,
    }
    assembled = parts.assemble(load(environ=environ, defaults=True), environ=environ, blocking=True)
    yield assembled
    run_blocking(assembled.close())


def _hang(lane: Lane, over: threading.Event) -> None:
    with pytest.raises(DeadlinePassed):
        run_blocking(lane.run(over.wait, timeout=0.02))


def test_a_gateway_that_hangs_delays_no_human_check(made: Parts, hang: threading.Event) -> None:
    """Every thread of the gateway hangs: a wrong token is refused, and is no outage."""
    sending, _ = made.lanes
    _hang(sending, hang)
    answer = run_blocking(made.flow.send(PHONE, ip=None, captcha_token="wrong"))
    assert isinstance(answer, Refused)
    assert answer.reason == "captcha"


def test_a_captcha_that_hangs_delays_no_message(
    made: Parts, hang: threading.Event, aliyun: FakeAliyun
) -> None:
    """Every thread of the captcha hangs: who needs no check is sent a code."""
    _, checking = made.lanes
    _hang(checking, hang)
    assert isinstance(run_blocking(made.flow.send(PHONE, ip=None, skip_captcha=True)), Sent)
    assert len(aliyun.heard) == 1
