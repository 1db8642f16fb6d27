"""Every figure of the report, recounted from what the guard answered its callers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from smsctl import GatewayRejected, GatewayUnknown
from smsctl.config import load
from smsctl.core.admin import Act
from smsctl.core.answers import Sent, Verified
from smsctl.core.incidents import Incident
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy, Purpose
from smsctl.core.ports import Declined, Unclear
from smsctl.store.format import Newer
from smsctl.store.hosts import RedisHosts
from smsctl.testing import FakeGateway
from smsctl.wiring.parts import Parts
from smsctl.wiring.report import Report, report
from tests.guards import Bench, MakeBench
from tests.histories import rule

_FUSE = 80
CONFIG = load(environ={}, defaults=True)
POLICY = replace(
    Policy(),
    purposes={
        "login": Purpose(template="SMS_1", text="code: ${code}"),
        "pay": Purpose(template="SMS_2", text="long " * 14 + "${code}"),  # two segments
    },
    rules=(
        rule("minute", "phone", 1, "60s"),
        rule("address", "ip", 24, "day"),
        rule("shadow", "ip", 30, "day", mode="observe"),
        rule("fuse", "all", _FUSE, "day"),
    ),
)
_SEGMENTS = {"login": 1, "pay": 2}
_REPLIES: tuple[tuple[float, Declined | Unclear], ...] = (
    (0.1, Declined(explanation=Phrase("no"), vendor_code="isv.AMOUNT_NOT_ENOUGH")),
    (0.2, Unclear(explanation=Phrase("no answer"))),
)


@dataclass(frozen=True)
class Told:
    """One request, and what its caller was told."""

    at: datetime
    phone: str
    ip: str
    purpose: str
    outcome: str
    """sent, verified, unsure, rejected, or the rule that refused."""


class Played:
    """A store after three days of random requests, and what was answered."""

    def __init__(self, bench: Bench, gateway: FakeGateway) -> None:
        self.bench = bench
        self.gateway = gateway
        self.told: list[Told] = []
        chance = Random(11)
        for _ in range(700):
            self._ask(chance)
            bench.clock.advance(chance.choice([0, 1, 61, 900]))

    def _ask(self, chance: Random) -> None:
        phone = f"13{chance.randrange(3)}0000{chance.randrange(4):04}"
        ip, purpose = f"203.0.113.{chance.randrange(4)}", chance.choice(["login", "pay"])
        draw = chance.random()
        reply = next((reply for below, reply in _REPLIES if draw < below), None)
        self.gateway.replies = [reply] if reply else []
        at = datetime.fromtimestamp(self.bench.clock(), POLICY.timezone)
        who = (at, phone, ip, purpose)
        try:
            answer = self.bench.send(phone, ip=ip, purpose=purpose)
        except GatewayRejected:
            self.told.append(Told(*who, "rejected"))
        except GatewayUnknown:
            self.told.append(Told(*who, "unsure"))
        else:
            outcome = "sent" if isinstance(answer, Sent) else str(answer.rule)
            self.told.append(Told(*who, outcome))
            if outcome == "sent" and chance.random() < 0.6:
                code = self.gateway.sent[-1].code
                verdict = self.bench.verify(code, phone=phone, purpose=purpose)
                assert isinstance(verdict, Verified)
                self.told.append(Told(*who, "verified"))
        self.gateway.replies = []

    def count(self, *outcomes: str, **where: str) -> int:
        """Return how many were told so; `date` is a day, else a field of `Told`."""
        return sum(
            told.outcome in outcomes
            and all(
                f"{told.at:%F}" == value if name == "date" else getattr(told, name) == value
                for name, value in where.items()
            )
            for told in self.told
        )

    def report(self) -> Report:
        return report_of(self.bench, days=5)


def report_of(bench: Bench, *, days: int) -> Report:
    """Return the report over a bench's store."""
    fields: Any = {"flow": None, "lanes": (), "alarm": None, "server": None}
    parts = Parts(
        config=CONFIG,
        policy=POLICY,
        keyring=bench.keyring,
        connection=bench.connection,
        admin=bench.admin,
        history=bench.history,
        overrides=bench.overrides,
        outbox=bench.outbox,
        hosts=RedisHosts(bench.admin._scripts),
        newer=Newer(),
        **fields,
    )
    return report(parts, days=days, top=100)


@pytest.fixture
def played(make_bench: MakeBench, gateway: FakeGateway) -> Played:
    """Return the store and the answers."""
    policy = replace(POLICY, alarming=frozenset({"isv.AMOUNT_NOT_ENOUGH"}))
    return Played(make_bench(policy, gateway=gateway), gateway)


pytestmark = pytest.mark.parametrize("make_bench", ["sync"], indirect=True)
REFUSED = ("minute", "address", "fuse")


def test_every_day_and_all_days_add_up(played: Played) -> None:
    """Sent, unsure, rejected, verified and refused by rule; quiet days are 0."""
    told = played.report()
    assert len({f"{each.at:%F}" for each in played.told}) == 3
    for day in told.days:
        counts = {name: played.count(name, date=day.date) for name in REFUSED}
        assert day.refused == {name: count for name, count in counts.items() if count}
    for name in ("sent", "unsure", "rejected", "verified"):
        assert getattr(told.totals, name) == played.count(name) > 0
    assert dict(told.refused) == {name: played.count(name) for name in REFUSED}
    assert told.totals.refused == sum(told.refused.values())


def test_hours_of_the_week_add_up(played: Played) -> None:
    """Whatever was sent, or perhaps was, lies in the hour in which it was asked for."""
    hours = Counter(
        (told.at.weekday(), told.at.hour)
        for told in played.told
        if told.outcome in {"sent", "unsure"}
    )
    told = played.report().weekdays
    assert {(day, hour): n for day, row in enumerate(told) for hour, n in enumerate(row) if n} == (
        hours
    )


def test_money_is_reckoned_by_segments(played: Played) -> None:
    """0.045 CNY a segment: what was sent, what perhaps was, and what was refused."""
    money = played.report().spent
    price = CONFIG.gateway.price

    def cost(*outcomes: str) -> Decimal:
        return (
            sum(
                (
                    played.count(*outcomes, purpose=name) * count
                    for name, count in _SEGMENTS.items()
                ),
                start=0,
            )
            * price
        )

    assert (money.sent, money.unsure) == (cost("sent"), cost("unsure"))
    assert money.averted == cost(*REFUSED)
    assert (money.abroad, money.texts_known) == (0, True)


def test_purposes_prefixes_and_addresses_add_up(played: Played) -> None:
    """With so few callers the bound of refusals is 0."""
    told = played.report()
    shares = {
        "purpose": told.purposes,
        "ip": told.callers["ip"].shares,
        "prefix": told.callers["prefix"].shares,
    }
    for by, found in shares.items():
        names = {_name(each, by) for each in played.told}
        assert {share.name for share in found} == names
        for share in found:
            mine = [each for each in played.told if _name(each, by) == share.name]
            counts = Counter(each.outcome for each in mine)
            assert share.sent == counts["sent"] + counts["unsure"]
            assert share.verified == counts["verified"]
            assert share.refused == sum(counts[name] for name in REFUSED)
            if by != "purpose":
                sent = {each.phone for each in mine if each.outcome in {"sent", "unsure"}}
                assert share.phones == len(sent)
    assert {found.error for found in told.callers.values()} == {0}


def test_incidents_are_the_edges_that_were_crossed(played: Played) -> None:
    """Each threshold of each day's fuse, the hours in which it refused, and the gateway's code."""
    told = played.report()
    fuses = [each for each in told.incidents if each.kind == "fuse"]
    full = [each for each in told.incidents if each.kind == "full"]
    gateway = [each for each in told.incidents if each.kind == "gateway"]
    tried = Counter(f"{each.at:%F}" for each in played.told if each.outcome in {"sent", "unsure"})
    assert sorted((f"{_at(each.since):%F}", each.level) for each in fuses) == sorted(
        (day, level)
        for day, n in tried.items()
        for level in POLICY.thresholds
        if n * 100 >= _FUSE * level
    )
    assert sum(each.refused for each in full) == played.count("fuse")
    refused = {each.at for each in played.told if each.outcome == "fuse"}
    assert all(any(each.since <= at.timestamp() < each.until for each in full) for at in refused)
    rejected = {_hour(each.at) for each in played.told if each.outcome == "rejected"}
    assert gateway
    for each in gateway:
        assert {_hour(_at(each.since)), _hour(_at(each.until))} <= rejected
    assert not rejected - {hour for each in gateway for hour in _hours(each)}


def test_acts_of_the_span_are_told(played: Played) -> None:
    """Oldest first; what was done before the span is not."""
    for day in (20, 21):
        at = f"2026-11-{day}T00:00:00+08:00"
        played.bench.ask(played.bench.admin.record(Act(at=at, who="li", what=f"{day}", reason="")))
    assert played.report().days[0].date == "2026-11-21"
    assert [act.what for act in played.report().acts] == ["21"]


def test_a_day_without_anything_is_told(make_bench: MakeBench) -> None:
    """Nothing was sent: no conversion, no cost, no incident."""
    told = report_of(make_bench(POLICY), days=1)
    assert told.totals.conversion is None
    assert told.spent.sent == 0
    assert not told.incidents
    assert [share for found in told.callers.values() for share in found.shares] == []
    assert told.fuse == _FUSE


def _name(told: Told, by: str) -> str:
    return f"+86{told.phone[:7]}" if by == "prefix" else str(getattr(told, by))


def _hours(incident: Incident) -> Iterator[datetime]:
    at = _hour(_at(incident.since))
    while at.timestamp() <= incident.until:
        yield at
        at += timedelta(hours=1)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, POLICY.timezone)
