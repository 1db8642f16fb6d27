"""Alerts: raised once whoever crosses the edge, told at least once whoever dies."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from smsctl import CaptchaUnavailable, GatewayRejected
from smsctl.config import load
from smsctl.config.alerts import Conversion
from smsctl.core.admin import Cell, Day
from smsctl.core.blocking import run_blocking
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy
from smsctl.core.ports import Declined
from smsctl.core.rules import Rule, Window
from smsctl.testing import Clock, FakeCaptcha, FakeGateway, Outage
from smsctl.wiring.alerts import round_of
from smsctl.wiring.alerts.sweep import low_conversion
from smsctl.wiring.parts import assemble
from tests.fakes.receiver import SECRET, FakeReceiver
from tests.guards import Bench, MakeBench
from tests.servers import PrivateServer

START = Clock()()


def fused(most: int = 10, window: str = "day") -> Policy:
    fuse = Rule(name="fuse", per="all", max=most, window=Window.read(window))
    return replace(Policy(), rules=(fuse,), alarming=frozenset({"isv.AMOUNT_NOT_ENOUGH"}))


def raised(bench: Bench) -> list[tuple[str, str, int, tuple[int, int]]]:
    found = bench.ask(bench.outbox.raised())
    return sorted((each.kind, each.subject, each.level, each.figures) for each in found)


def send(bench: Bench, count: int, *, first: int = 0) -> None:
    for number in range(first, first + count):
        assert bench.send(f"139{number:08}", ip=None)


def test_each_threshold_is_crossed_once_in_its_window(make_bench: MakeBench) -> None:
    """At 50, 80 and 100 percent; the refusals after it raise nothing; the next day does again."""
    bench = make_bench(fused())
    send(bench, 4)
    assert raised(bench) == []
    send(bench, 6, first=4)
    assert raised(bench) == [
        ("fuse", "fuse", 50, (5, 10)),
        ("fuse", "fuse", 80, (8, 10)),
        ("fuse", "fuse", 100, (10, 10)),
    ]
    assert len(bench.alarms) == 3
    bench.send("13800138000", ip=None)
    bench.clock.advance(86_400)
    send(bench, 5, first=20)
    assert len(raised(bench)) == 4
    assert len(bench.alarms) == 4


def test_a_refund_does_not_raise_an_alert_again(make_bench: MakeBench) -> None:
    """Down over the edge and up again is one crossing."""
    gateway = FakeGateway()
    bench = make_bench(fused(2), gateway=gateway)
    for number in range(3):
        gateway.replies = [Declined(explanation=Phrase("no"))]
        with pytest.raises(GatewayRejected):
            bench.send(f"1390000000{number}", ip=None)
    assert [each[2] for each in raised(bench)] == [50]
    assert len(bench.alarms) == 1


def test_a_rolling_fuse_has_edges_too(make_bench: MakeBench) -> None:
    """Each once in a stretch as long as its window, however often it is crossed anew."""
    bench = make_bench(fused(4, "2h"))
    send(bench, 4)
    assert [each[2] for each in raised(bench)] == [50, 80, 100]
    for number in range(20):
        bench.clock.advance(1805 if number % 2 else 1795)  # one leaves the window, one comes
        bench.send(f"139{number:08}", ip=None)
    found = [each for each in bench.ask(bench.outbox.raised()) if each.level == 100]
    assert {each.ends % 7200 for each in found} == {0.0}
    assert len({each.ends for each in found}) == len(found) == 6


def test_a_short_rolling_fuse_rings_once_an_hour(make_bench: MakeBench) -> None:
    """A fuse of ten seconds would ring all night."""
    bench = make_bench(fused(2, "10s"))
    for number in range(30):
        bench.send(f"139{number:08}", ip=None)
        bench.clock.advance(6)
    assert [each[2] for each in raised(bench)] == [50, 80, 100]


def test_what_was_raised_is_known_for_forty_days(make_bench: MakeBench) -> None:
    """Told or not: it is the report's. What is too old to be news is lent to nobody."""
    bench = make_bench(fused(2))
    send(bench, 1)
    (told,) = bench.ask(bench.outbox.borrow())
    bench.ask(bench.outbox.give_back(told, frozenset({"a"}), done=True))
    send(bench, 1, first=1)
    bench.clock.advance(3 * 86_400)
    assert bench.ask(bench.outbox.borrow()) == []
    assert len(bench.ask(bench.outbox.pending())) == 2
    assert len(raised(bench)) == 3
    bench.clock.advance(38 * 86_400)
    send(bench, 1, first=2)
    assert [each[3] for each in raised(bench)] == [(1, 2)]


def test_the_outbox_is_bounded(make_bench: MakeBench, server: PrivateServer) -> None:
    """Without a channel nobody empties it; the oldest go, and what remains rings no second time."""
    bench = make_bench(fused(2))
    with server.client as client:
        ends = [f"{START - 600 * number:.0f}" for number in range(2000)]
        old = {f"gateway|isv.X|0|{each}": f"{START:.0f} 0 0 0 0 " for each in ends}
        client.hset("{sms}:alerts", mapping=old)
        send(bench, 1)
        assert client.hlen("{sms}:alerts") == 1501
        assert client.hexists("{sms}:alerts", f"gateway|isv.X|0|{START:.0f}")
    send(bench, 1, first=1)
    assert sorted(each[2] for each in raised(bench) if each[0] == "fuse") == [50, 80, 100]


def test_money_trouble_is_raised_once_an_hour(make_bench: MakeBench) -> None:
    """A code that means trouble, and no other; again in the next hour while it lasts."""
    gateway = FakeGateway()
    bench = make_bench(fused(100), gateway=gateway)
    for number, code in enumerate(["isv.X", "isv.AMOUNT_NOT_ENOUGH", "isv.AMOUNT_NOT_ENOUGH"]):
        gateway.replies = [Declined(explanation=Phrase("no"), vendor_code=code)]
        with pytest.raises(GatewayRejected):
            bench.send(f"1390000000{number}", ip=None)
    assert raised(bench) == [("gateway", "isv.AMOUNT_NOT_ENOUGH", 0, (0, 0))]
    bench.clock.advance(3600)
    gateway.replies = [Declined(explanation=Phrase("no"), vendor_code="isv.AMOUNT_NOT_ENOUGH")]
    with pytest.raises(GatewayRejected):
        bench.send(ip=None)
    assert len(raised(bench)) == 2


@pytest.mark.parametrize("on_outage", ["refuse", "allow"])
def test_a_captcha_outage_is_raised_whether_it_lets_through_or_not(
    make_bench: MakeBench, on_outage: Literal["refuse", "allow"]
) -> None:
    """Once an hour."""
    captcha = FakeCaptcha([Outage(explanation=Phrase("down"))] * 2)
    bench = make_bench(replace(fused(), on_outage=on_outage), captcha=captcha)
    for number in range(2):
        with suppress(CaptchaUnavailable):
            bench.send(f"1390000000{number}", ip=None, captcha_token="t")
    assert raised(bench) == [("captcha", "outage", 0, (0, 0))]
    assert len(bench.alarms) == 1


def ringing(receiver: FakeReceiver, tmp_path: Path, most: int) -> Path:
    """Write a configuration whose fuse rings at half of `most`."""
    file = tmp_path / "config.yaml"
    file.touch(mode=0o600)
    file.write_text(
        f"limits: [{{name: fuse, per: all, max: {most}, window: day}}]\n"
        f"code: {{secret: a-secret-of-the-tests-alone}}\n"
        f"alerts: {{language: en, fuse: [50], channels: [{{name: a, kind: dingtalk,"
        f" url: '{receiver.url_of('dingtalk')}', secret: {SECRET}}}]}}\n"
    )
    return file


def crossing(file: Path, url: str, most: int, first: int) -> None:
    """Send in a process of its own, with an alarm of its own."""
    environ = {**os.environ, "SMSCTL_STORE__URL": url}
    parts = assemble(load(file, environ=environ), environ=environ, blocking=True)
    for number in range(first, first + most):
        run_blocking(parts.flow.send(f"139{number:08}", ip=None))
    run_blocking(parts.close())


def test_eight_processes_cross_one_threshold_and_one_alert_is_told(
    server: PrivateServer, receiver: FakeReceiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly one message for each edge, from whichever process crossed it."""
    file = ringing(receiver, tmp_path, 40)
    monkeypatch.setenv("SMSCTL_STATE_DIR", str(tmp_path / "state"))
    context = multiprocessing.get_context("spawn")
    crowd = [
        context.Process(target=crossing, args=(file, server.url, 5, 100 * number))
        for number in range(8)
    ]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert [each.exitcode for each in crowd] == [0] * 8
    assert [text.splitlines()[0] for text in receiver.told] == ["smsctl: fuse has reached 50 %"]


@pytest.mark.parametrize("blocking", [True, False], ids=["sync", "async"])
def test_who_closes_at_once_has_told_first(
    server: PrivateServer, receiver: FakeReceiver, tmp_path: Path, *, blocking: bool
) -> None:
    """A command, or a task, that ends with the send that crossed the edge."""
    environ = {"SMSCTL_STORE__URL": server.url}
    parts = assemble(
        load(ringing(receiver, tmp_path, 2), environ=environ), environ=environ, blocking=blocking
    )

    async def cross() -> None:
        await parts.flow.send("13800138000", ip=None)
        await parts.close()

    run_blocking(cross()) if blocking else asyncio.run(cross())
    assert len(receiver.told) == 1


def day(sent: int, verified: int, *, hour: int = 11, purpose: str = "login") -> Day:
    cells = {
        Cell("sent", "", purpose, "CN", hour): sent,
        Cell("verified", "", purpose, "CN", hour): verified,
    }
    return Day.of("2026-11-23", cells)


@pytest.mark.parametrize(
    ("sent", "verified", "found"),
    [(50, 14, 1), (50, 15, 0), (49, 0, 0), (1000, 299, 1), (1000, 300, 0)],
)
def test_low_conversion_is_judged_by_the_last_whole_hour(
    sent: int, verified: int, found: int
) -> None:
    """Below 30 percent of at least 50 sends."""
    clock = Clock("2026-11-23T12:30:00+08:00")
    alerts = list(low_conversion([day(sent, verified)], Policy(), Conversion(), now=clock()))
    assert len(alerts) == found
    for alert in alerts:
        assert (alert.subject, alert.level, alert.figures) == ("login", 30, (verified, sent))
        assert alert.ends == Clock("2026-11-23T13:00:00+08:00")()


def test_low_conversion_looks_back_over_midnight() -> None:
    """At half past midnight the last whole hour was yesterday's."""
    clock = Clock("2026-11-24T00:30:00+08:00")
    found = list(low_conversion([day(100, 0, hour=23)], Policy(), Conversion(), now=clock()))
    assert [alert.figures for alert in found] == [(0, 100)]
    off = list(low_conversion([day(100, 0, hour=23)], Policy(), Conversion(below=0), now=clock()))
    assert off == []


def test_a_fuse_that_was_full_before_is_told_by_the_sweep(
    server: PrivateServer, tmp_path: Path, receiver: FakeReceiver
) -> None:
    """Where the policy was tightened below what was used, nobody crosses the edge any more."""

    def parts(most: int) -> object:
        file = tmp_path / f"{most}.yaml"
        file.touch(mode=0o600)
        file.write_text(
            f"limits: [{{name: fuse, per: all, max: {most}, window: day}}]\n"
            f"code: {{secret: a-secret-of-the-tests-alone}}\n"
            f"alerts: {{channels: [{{name: a, kind: wecom, url: '{receiver.url_of('wecom')}'}}]}}\n"
        )
        environ = {"SMSCTL_STORE__URL": server.url}
        return assemble(load(file, environ=environ), environ=environ, blocking=True)

    before = parts(100)
    for number in range(4):
        run_blocking(before.flow.send(f"1390000000{number}", ip=None))  # type: ignore[attr-defined]
    after = parts(5)
    assert len(round_of(after).told) == 2  # type: ignore[arg-type]
    assert round_of(after).told == []  # type: ignore[arg-type]
    assert all("4" in text for text in receiver.told)
    for each in (before, after):
        run_blocking(each.close())  # type: ignore[attr-defined]
