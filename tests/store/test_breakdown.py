"""Every figure of `usage --by`, recounted from what the guard answered its callers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Literal

import pytest

from smsctl import GatewayRejected
from smsctl.core.breakdown import Share, by_callers, by_cells, converts_badly, wilson_high, worst
from smsctl.core.carriers import carrier_of
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy, Purpose
from smsctl.core.ports import Declined
from smsctl.testing import FakeGateway
from tests.guards import Bench, MakeBench
from tests.histories import rule

TODAY = "2026-11-23"
POLICY = replace(
    Policy(),
    purposes={"login": Purpose(template="SMS_1"), "pay": Purpose(template="SMS_2")},
    rules=(rule("minute", "phone", 1, "60s"), rule("ip", "ip", 60, "day")),
)
Counts = Counter[tuple[str, str, str]]


def play(bench: Bench, gateway: FakeGateway, count: int) -> tuple[Counts, dict[str, set[str]]]:
    """Send, guess and be refused at random; return what came of it, and the phones by address."""
    chance, counts = Random(7), Counts()
    phones: dict[str, set[str]] = {}
    start = bench.clock()
    for _ in range(count):
        phone = f"13{chance.randrange(3)}0000{chance.randrange(40):04}"
        ip, purpose = f"203.0.113.{chance.randrange(4)}", chance.choice(["login", "pay"])
        hour = f"{12 + int(bench.clock() - start) // 3600:02}"
        names = {"ip": ip, "prefix": f"+86{phone[:7]}", "purpose": purpose, "hour": hour}
        gateway.replies = [Declined(explanation=Phrase("no"))] if chance.random() < 0.1 else []
        try:
            sent = bool(bench.send(phone, ip=ip, purpose=purpose))
        except GatewayRejected:
            sent = None
        gateway.replies = []
        outcomes = [{True: "sent", False: "refused", None: "rejected"}[sent]]
        if sent:
            phones.setdefault(ip, set()).add(phone)
            if chance.random() < 0.6:
                assert bench.verify(gateway.sent[-1].code, phone=phone, purpose=purpose)
                outcomes.append("verified")
        for kind, name in names.items():
            for outcome in outcomes:
                counts[kind, name, outcome] += 1
        bench.clock.advance(chance.choice([0, 1, 61]))
    return counts, phones


@pytest.fixture
def played(
    make_bench: MakeBench, gateway: FakeGateway
) -> tuple[Bench, Counts, dict[str, set[str]]]:
    """Return a store after 600 random requests."""
    bench = make_bench(POLICY, gateway=gateway)
    counts, phones = play(bench, gateway, 600)
    return bench, counts, phones


Played = tuple[Bench, Counts, dict[str, set[str]]]


def figures(share: Share) -> tuple[int, int, int]:
    return share.sent, share.verified, share.refused


def expected(counts: Counts, kind: str) -> dict[str, tuple[int, int, int]]:
    names = {name for of, name, _ in counts if of == kind}
    found = {
        name: (
            counts[kind, name, "sent"],
            counts[kind, name, "verified"],
            counts[kind, name, "refused"],
        )
        for name in names
    }
    return {name: figures for name, figures in found.items() if any(figures)}


@pytest.mark.parametrize("by", ["hour", "purpose"])
def test_cells_add_up_to_what_was_answered(played: Played, by: Literal["hour", "purpose"]) -> None:
    """Each hour and each purpose, exactly."""
    bench, counts, _ = played
    shares = by_cells(bench.ask(bench.admin.usage(1)), by)
    assert {share.name: figures(share) for share in shares} == expected(counts, by)


@pytest.mark.parametrize("by", ["ip", "prefix"])
def test_callers_add_up_to_what_was_answered(played: Played, by: Literal["ip", "prefix"]) -> None:
    """Each address and each prefix, exactly: with so few of them the bound is 0."""
    bench, counts, phones = played
    events = bench.ask(bench.history.events(TODAY, most=10_000)).events
    offenders = bench.ask(bench.history.offenders(TODAY))[by]
    shares = by_callers(events, [offenders], by)
    assert {share.name: figures(share) for share in shares} == expected(counts, by)
    assert {share.refused_error for share in shares} == {0}
    if by == "ip":
        assert {share.name: share.phones for share in shares} == {
            ip: len(seen) for ip, seen in phones.items()
        }


def test_rules_are_told_by_their_refusals(played: Played) -> None:
    """As many as were answered refused."""
    bench, counts, _ = played
    shares = by_cells(bench.ask(bench.admin.usage(1)), "rule")
    refused = sum(n for (kind, _, what), n in counts.items() if (kind, what) == ("ip", "refused"))
    assert sum(share.refused for share in shares) == refused
    assert {share.name for share in shares} == {"minute", "ip"}


def share(sent: int, verified: int, refused: int = 0, name: str = "x") -> Share:
    return Share(name=name, sent=sent, verified=verified, refused=refused)


@pytest.mark.parametrize(
    ("one", "overall", "low"),
    [
        (share(9, 0), 80.0, False),
        (share(10, 0), 80.0, True),
        (share(10, 0), 40.0, False),
        (share(100, 20), 80.0, True),
        (share(100, 33), 80.0, False),
        (share(10, 12), 80.0, False),
        (share(10, 0), None, False),
    ],
)
def test_low_conversion_stands_out_only_where_it_is_no_chance(
    one: Share, overall: float | None, low: bool
) -> None:
    """The upper end of the interval below half of all."""
    assert converts_badly(one, overall) is low


def test_the_interval_is_wilsons() -> None:
    """Two figures worked out by hand."""
    assert round(wilson_high(0, 10), 4) == 0.2775
    assert round(wilson_high(50, 100), 4) == 0.5962


def test_the_worst_come_first() -> None:
    """By what was refused and what was sent in vain."""
    shares = [share(10, 10, 0, "good"), share(10, 0, 0, "vain"), share(0, 0, 11, "refused")]
    assert [each.name for each in worst(shares, 2)] == ["refused", "vain"]


@pytest.mark.parametrize(
    ("number", "network", "kind"),
    [
        ("+861380013", "mobile", "ordinary"),
        ("+861620013", "telecom", "virtual"),
        ("+861650013", "mobile", "virtual"),
        ("+861670013", "unicom", "virtual"),
        ("+861703013", "mobile", "virtual"),
        ("+861700013", "telecom", "virtual"),
        ("+861709013", "unicom", "virtual"),
        ("+861710013", "unicom", "virtual"),
        ("+861440013", "mobile", "iot"),
        ("+861410013", "telecom", "iot"),
        ("+861460013", "unicom", "iot"),
        ("+861480013", "mobile", "iot"),
        ("+861920013", "broadnet", "ordinary"),
        ("+861349013", "satellite", "ordinary"),
        ("+861340013", "mobile", "ordinary"),
        ("+861990013", "telecom", "ordinary"),
    ],
)
def test_a_prefix_is_named(number: str, network: str | None, kind: str) -> None:
    """Its network, and whether people seldom have such a number."""
    carrier = carrier_of(number)
    assert carrier is not None
    assert (carrier.network, carrier.kind, carrier.conspicuous) == (
        network,
        kind,
        kind != "ordinary",
    )
    assert carrier_of("+12125550100") is None
