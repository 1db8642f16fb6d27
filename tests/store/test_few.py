"""What no limit bounds leaves little: sends that the gateway rejects, and those of test numbers."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from smsctl.cli.commands.events.following import Follower
from smsctl.cli.commands.usage.prom import last_success
from smsctl.core.errors import GatewayRejected, StoreUnavailable
from smsctl.core.history import Admitted, Settled
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy, TestNumber
from smsctl.core.ports import Settlement
from smsctl.core.rules import Rule, Window
from smsctl.testing import Declined, FakeGateway
from tests.guards import Bench, MakeBench
from tests.histories import new_code, request
from tests.servers import PrivateServer

TODAY = "2026-11-23"
EVENTS = f"{{sms}}:events:{TODAY}"
FEW = 50  # `lua/parts/few.lua`
REPLY = Declined(explanation=Phrase("no"), vendor_code="isv.AMOUNT_NOT_ENOUGH")
ONLY_A_FUSE = replace(
    Policy(), rules=(Rule(name="fuse", per="all", max=9999, window=Window.read("day")),)
)


def rejected(bench: Bench, gateway: FakeGateway, count: int) -> None:
    """Send to so many phones; the gateway takes none."""
    gateway.replies = [REPLY] * count
    for number in range(count):
        with pytest.raises(GatewayRejected):
            bench.send(f"139{number:08}")


def test_the_first_rejections_are_recorded_and_the_rest_counted(
    make_bench: MakeBench, server: PrivateServer, gateway: FakeGateway
) -> None:
    """An account without money meets a flood: the record stays small, and `why` can answer."""
    bench = make_bench(ONLY_A_FUSE, gateway=gateway)
    assert bench.send()
    rejected(bench, gateway, 1000)
    assert bench.send("13800138001")
    events = bench.ask(bench.history.events(TODAY, most=5000)).events
    assert Counter(type(each) for each in events) == {Admitted: FEW + 2, Settled: FEW + 2}
    states = Counter(each.state for each in events if isinstance(each, Settled))
    assert states == {"rejected": FEW, "sent": 2}
    (day,) = bench.ask(bench.admin.usage(1))
    assert (day.outcomes, day.refused) == ({"sent": 2, "rejected": 1000}, {})
    told = bench.ask(bench.history.refusals()).entries
    assert {(each.reason, each.codes, each.rule) for each in told} == {
        ("rejected", ("isv.AMOUNT_NOT_ENOUGH",), None)
    }
    assert sum(each.count for each in told) == 1000 - FEW
    offenders = bench.ask(bench.history.offenders(TODAY))
    assert {each.total for each in offenders.values()} <= {0}
    blank = server.look("MEMORY", "USAGE", EVENTS, "SAMPLES", "0")
    assert blank < 30_000


BAD = Declined(explanation=Phrase("no"), vendor_code="isv.MOBILE_NUMBER_ILLEGAL", bad_number=True)


def test_bad_numbers_are_bounded_by_who_sends_them(
    make_bench: MakeBench, server: PrivateServer, gateway: FakeGateway
) -> None:
    """Invariant 5: an address reaches the vendor ten times a day, and leaves no counter behind."""
    bench = make_bench(gateway=gateway)
    gateway.replies = [BAD] * 3000
    for number in range(3000):
        with suppress(GatewayRejected):
            assert not bench.send(f"139{number:08}")
    assert len(gateway.sent) == 10
    with server.client as client:
        kept = Counter(key.decode().split(":")[1] for key in client.scan_iter())
    assert kept["code"] == 10  # each answers its own request id until it expires
    assert (kept["phone"], kept["ip"], kept["all"]) == (0, 1, 0)


@pytest.mark.parametrize(
    ("sent", "bad", "alerts"), [(0, 49, 0), (0, 51, 1), (0, 200, 1), (60, 55, 0), (60, 70, 1)]
)
def test_a_flood_of_rejections_is_one_alert(
    make_bench: MakeBench, gateway: FakeGateway, sent: int, bad: int, alerts: int
) -> None:
    """Once an hour, where more are rejected than sent; mistyped numbers are nobody's flood."""
    bench = make_bench(ONLY_A_FUSE, gateway=gateway)
    for number in range(sent):
        assert bench.send(f"138{number:08}")
    gateway.replies = [BAD] * bad
    for number in range(bad):
        with pytest.raises(GatewayRejected):
            bench.send(f"139{number:08}")
    raised = [alert.id.rpartition("|")[0] for alert in bench.ask(bench.outbox.raised())]
    assert raised == ["gateway|isv.MOBILE_NUMBER_ILLEGAL|50"] * alerts


def test_what_is_taken_out_is_what_was_rejected(
    make_bench: MakeBench, gateway: FakeGateway
) -> None:
    """Also where others were admitted and settled in between."""
    bench = make_bench(ONLY_A_FUSE, gateway=gateway)
    rejected(bench, gateway, FEW)
    place = bench.ask(bench.history.events(TODAY)).after
    store = bench.guard._flow._ports.store
    for number in (1, 2, 3):
        bench.ask(store.reserve(request(number), new_code(number)))
    for number, state in ((2, "rejected"), (3, "sent"), (1, "sent")):
        settlement = Settlement(state=state)  # type: ignore[arg-type]
        bench.ask(store.settle(request(number), new_code(number), settlement))
    page = bench.ask(bench.history.events(TODAY, after=place))
    assert [each.request_id for each in page.events] == ["r1", "r3", "r3", "r1"]
    assert page.after == place + 5


def test_a_follower_sees_each_once_and_no_blank(
    make_bench: MakeBench, gateway: FakeGateway
) -> None:
    """Places do not move, so it misses nothing behind them; and finds its beginning among them."""
    bench = make_bench(ONLY_A_FUSE, gateway=gateway)
    follower = Follower(bench.history, bench.history._scripts.policy.timezone)
    seen = [*bench.ask(follower.news(bench.clock(), since=bench.clock() - 60))]
    for each in range(3):
        rejected(bench, gateway, 40)
        gateway.replies = []
        assert bench.send(f"1380013800{each}")
        seen += bench.ask(follower.news(bench.clock(), since=0.0))
    sent = [each for each in seen if isinstance(each, Settled) and each.state == "sent"]
    assert len({each.request_id for each in sent}) == len(sent) == 3
    assert len(seen) == 2 * (FEW + 3)
    bench.clock.advance(60)
    gateway.replies = []
    assert bench.send("13800138009")
    late = Follower(bench.history, bench.history._scripts.policy.timezone)
    assert len(bench.ask(late.news(bench.clock(), since=bench.clock() - 1))) == 2


@pytest.mark.parametrize("make_bench", ["sync"], indirect=True)  # a command has no event loop
def test_the_last_success_is_found_behind_them(make_bench: MakeBench, gateway: FakeGateway) -> None:
    """Then above all somebody has to be told how long ago it was."""
    bench = make_bench(ONLY_A_FUSE, gateway=gateway)
    assert bench.send()
    sent_at = bench.clock()
    bench.clock.advance(600)
    rejected(bench, gateway, 700)
    parts: Any = SimpleNamespace(history=bench.history)
    assert last_success(parts, TODAY) == sent_at


def test_a_test_number_in_a_loop_leaves_little(make_bench: MakeBench) -> None:
    """It has no limits; its code verifies all the same."""
    number = TestNumber(
        e164="+8613800138000", code="246810", until=datetime(2026, 12, 1, tzinfo=UTC)
    )
    bench = make_bench(replace(ONLY_A_FUSE, test_numbers={number.e164: number}))
    for _ in range(100):
        assert bench.send()
        assert bench.verify("246810")
    events = bench.ask(bench.history.events(TODAY)).events
    assert len(events) == 2 * FEW
    (day,) = bench.ask(bench.admin.usage(1))
    assert day.outcomes == {"test": 100}
    bench.clock.advance(3600)
    assert bench.send()
    assert len(bench.ask(bench.history.events(TODAY)).events) == 2 * FEW + 1


def test_damage_does_not_let_the_record_of_refusals_grow(
    make_bench: MakeBench, server: PrivateServer
) -> None:
    """What it would be digested into cannot be read: it is told once each time that it is full."""
    closed = replace(ONLY_A_FUSE.rules[0], max=1)
    bench = make_bench(replace(ONLY_A_FUSE, rules=(closed,), private_addresses="count"))
    bench.send()
    server.look("HSET", f"{{sms}}:day:{TODAY}", "offenders:ip", "x")
    failed = 0
    for number in range(1500):
        with suppress(StoreUnavailable):
            bench.send(f"139{number:08}")
            continue
        failed += 1
        assert server.look("EXISTS", f"{{sms}}:refusals:{TODAY}") == 0
    assert 0 < failed < 5
