"""What the scripts remember of decisions, read back and recounted from the decisions themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from smsctl.core.history import Admitted, Guessed, Receipt, RuleLevel, Settled
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy
from smsctl.core.rules import Rule, Window
from smsctl.store.format import REFUSAL, Newer
from smsctl.store.records import split_refusals
from smsctl.testing import Clock, Declined, FakeCaptcha, FakeGateway, NotHuman
from tests.guards import IP, PHONE, Bench, MakeBench
from tests.servers import PrivateServer

TODAY = "2026-11-23"
BUFFER = f"{{sms}}:refusals:{TODAY}"


def closed(most: int = 1) -> Policy:
    """Return a policy whose fuse is used up after so many sends."""
    fuse = Rule(name="fuse", per="all", max=most, window=Window.read("day"))
    return replace(Policy(), rules=(fuse,))


def flood(bench: Bench, count: int, *, addresses: int = 10**9, first: int = 0) -> None:
    """Be refused so often, from so many addresses, for a phone each time another."""
    for number in range(first, first + count):
        source = number % addresses
        bench.send(f"139{number:08}", ip=f"100.{source >> 16}.{source >> 8 & 255}.{source & 255}")


def open_to_all(policy: Policy) -> Policy:
    return replace(policy, private_addresses="count")


def test_a_send_is_told_with_who_what_and_how_full_the_rules_were(
    bench: Bench, gateway: FakeGateway
) -> None:
    """Admitted, settled and guessed, joined by the request id."""
    bench.send()
    bench.clock.advance(61)
    sent = bench.send()
    bench.verify("000000" if gateway.sent[-1].code != "000000" else "000001")
    page = bench.ask(bench.history.events(TODAY))
    first, settled, second, _, guessed = page.events
    assert isinstance(first, Admitted)
    assert isinstance(second, Admitted)
    assert (second.request_id, second.caller.phone) == (sent.request_id, "+86138****8000")  # type: ignore[union-attr]
    caller = second.caller
    assert (caller.prefix, caller.address, caller.country) == ("+861380013", IP, "CN")
    assert (caller.purpose, second.captcha) == ("login", "none")
    assert caller.name == bench.keyring.name("phone", "+8613800138000")
    assert [level.used for level in first.levels] == [0, 0, 0, 0, 0]
    assert second.levels == (
        RuleLevel(rule="phone-minute", used=0, max=1),
        RuleLevel(rule="phone-hour", used=1, max=5),
        RuleLevel(rule="phone-day", used=1, max=10),
        RuleLevel(rule="ip-day", used=1, max=10),
        RuleLevel(rule="fuse", used=1, max=5000),
    )
    assert isinstance(settled, Settled)
    assert (settled.state, settled.request_id) == ("sent", first.request_id)
    assert isinstance(guessed, Guessed)
    assert (guessed.result, guessed.tries_left) == ("mismatch", 2)
    assert guessed.request_id == second.request_id
    assert page.after == 5
    assert bench.ask(bench.history.events(TODAY, after=5)).events == []


def test_what_the_gateway_said_is_kept(make_bench: MakeBench) -> None:
    """Its code, and that it throttled the phone."""
    reply = Declined(explanation=Phrase("no"), vendor_code="isv.X", throttled=60.0)
    bench = make_bench(gateway=FakeGateway([reply]))
    with pytest.raises(Exception, match="no"):
        bench.send()
    _, settled = bench.ask(bench.history.events(TODAY)).events
    assert (settled.state, settled.vendor_code, settled.blame) == ("rejected", "isv.X", "phone")


def test_receipts_are_noted_behind_the_events(bench: Bench) -> None:
    """As they were given, all three states."""
    bench.send()
    receipts = [
        Receipt(at=0.0, request_id="r1", status="waiting", code="", received=None),
        Receipt(at=0.0, request_id="r1", status="failed", code="IS_CLOSE", received=1763870405.5),
        Receipt(at=0.0, request_id="r2", status="delivered", code="DELIVERED", received=1.0),
    ]
    bench.ask(bench.history.note(receipts))
    noted = bench.ask(bench.history.events(TODAY, after=2)).events
    assert [replace(each, at=0.0) for each in noted] == receipts
    assert {each.at for each in noted} == {bench.clock()}


def test_a_refusal_is_told_with_its_rule_and_wait(bench: Bench) -> None:
    """Those alike as one, with their count, the first and the last."""
    bench.send()
    for _ in range(3):
        bench.send()
        bench.clock.advance(1)
    (told,) = bench.ask(bench.history.refusals()).entries
    assert (told.count, told.reason, told.rule, told.max) == (3, "limit", "phone-minute", 1)
    assert (told.last - told.first, told.retry_after, told.act) == (2, 58.0, "send")
    assert (told.caller.phone, told.caller.address) == ("+86138****8000", IP)


def test_other_refusals_are_told_by_their_reason(make_bench: MakeBench) -> None:
    """The captcha's with its codes; a guess at nothing as a guess."""
    captcha = FakeCaptcha([NotHuman(codes=("F001", "F009"))])
    bench = make_bench(captcha=captcha)
    bench.send(captcha_token="t")
    bench.send("+1 212 555 0100", captcha_token="t")
    bench.verify("123456")
    told = {each.reason: each for each in bench.ask(bench.history.refusals()).entries}
    assert {*told} == {"captcha", "country", "missing"}
    assert told["captcha"].codes == ("F001", "F009")
    assert (told["missing"].act, told["country"].caller.country) == ("verify", "US")
    assert {each.rule for each in told.values()} == {None}


def test_a_flood_is_counted_exactly_and_bounded(
    make_bench: MakeBench, server: PrivateServer
) -> None:
    """Invariant 5: each refusal is counted once, whether its record was digested or not."""
    bench = make_bench(open_to_all(closed()), clock=Clock())
    bench.send()
    flood(bench, 900)
    (day,) = bench.ask(bench.admin.usage(1))
    assert (day.outcomes["sent"], day.refused) == (1, {"fuse": 900})
    assert len(server.look("GET", BUFFER)) < 49152
    remembered = bench.ask(bench.history.refusals())
    assert Counter(each.caller.phone for each in remembered.entries).total() == 900
    assert sum(each.count for each in remembered.entries) == 900
    assert {each.rule for each in remembered.entries} == {"fuse"}


def test_refusals_alike_become_one_when_digested(
    make_bench: MakeBench, server: PrivateServer
) -> None:
    """A bot that hammers one phone does not push the others out."""
    bench = make_bench(open_to_all(closed()))
    bench.send()
    bench.send("13900000001", ip="198.51.100.1")
    for _ in range(1000):
        bench.send(ip="198.51.100.2")
    blocks = server.look("LRANGE", "{sms}:refusals:earlier", "0", "-1")
    assert sum(map(len, blocks)) < 1000
    entries = bench.ask(bench.history.refusals()).entries
    counts = Counter[str]()
    for each in entries:
        counts[each.caller.address or ""] += each.count
    assert counts == {"198.51.100.1": 1, "198.51.100.2": 1000}


def test_the_heaviest_offenders_are_found_within_the_told_error(make_bench: MakeBench) -> None:
    """Misra-Gries: never too high, and too low by the error at most."""
    bench = make_bench(open_to_all(closed()))
    bench.send()
    for number in range(1500):
        bench.send(f"139{number:08}", ip=f"198.51.{number % 250}.{number // 250}")
        if number % 3 == 0:
            bench.send(f"1370000{number:04}", ip="203.0.113.66")
    found = bench.ask(bench.history.offenders(TODAY))
    addresses = found["ip"]
    assert (addresses.entries[0].who, addresses.total) == ("203.0.113.66", 2000)
    assert 500 - addresses.error <= addresses.entries[0].count <= 500
    assert addresses.error <= 2000 // 65
    prefixes = found["prefix"]
    counts = {each.who: each.count for each in prefixes.entries}
    assert (counts, prefixes.error) == ({"+861390000": 1500, "+861370000": 500}, 0)


def test_who_is_not_listed_was_refused_at_most_so_often(make_bench: MakeBench) -> None:
    """Also where every one of a flood comes but once: the bound grows with each digest."""
    bench = make_bench(open_to_all(closed()))
    bench.send()
    flood(bench, 1200)
    addresses = bench.ask(bench.history.offenders(TODAY))["ip"]
    assert addresses.total == 1200
    assert addresses.error == 2  # one for each full record of some 450 refusals
    assert {each.count for each in addresses.entries} == {1}


def test_what_has_rolled_out_is_said(make_bench: MakeBench, server: PrivateServer) -> None:
    """`complete_since` moves on when blocks are dropped, and not before."""
    bench = make_bench(open_to_all(closed()))
    bench.send()
    flood(bench, 400)
    start = bench.clock() - 8 * 86_400
    assert bench.ask(bench.history.refusals()).complete_since == start
    bench.clock.advance(60)
    flood(bench, 3200, first=400)
    kept = bench.ask(bench.history.refusals())
    assert kept.complete_since == bench.clock()
    blocks = server.look("LRANGE", "{sms}:refusals:earlier", "0", "-1")
    assert sum(map(len, blocks)) <= 340 * 1024


def test_a_day_ends_with_its_own_record(make_bench: MakeBench) -> None:
    """Refusals before and after midnight are counted on their own days; the fuse is new."""
    bench = make_bench(closed(), clock=Clock("2026-11-23T23:59:58+08:00"))
    bench.send()
    for _ in range(4):
        bench.send("13900000001")
        bench.clock.advance(1)
    bench.send("13900000001")
    days = bench.ask(bench.admin.usage(2))
    assert [day.refused for day in days] == [{"fuse": 2}, {"fuse": 2}]
    assert [{cell.hour for cell in day.cells} for day in days] == [{23}, {0}]


def test_another_secret_reads_nothing_of_who_it_was(make_bench: MakeBench) -> None:
    """Invariant 8: a copy of the store tells nobody's phone, prefix or address."""
    bench = make_bench()
    bench.send(PHONE)
    stranger = make_bench(secret=b"another secret than that of tests")
    told = stranger.ask(stranger.history.events(TODAY)).events[0]
    assert isinstance(told, Admitted)
    assert "8000" not in told.caller.phone
    assert "138" not in told.caller.prefix


def test_a_record_is_split_as_it_was_written() -> None:
    """Whatever follows a damaged record is not guessed at."""
    common = b"\1\0\1" + b"x" * 60
    record = (REFUSAL.size + len(common)).to_bytes(2) + b"\1" + bytes(16) + common
    split = split_refusals(record * 2 + b"\0\1", Newer())
    assert [shared for _, shared in split] == [common] * 2


def test_refusals_of_a_quiet_week_are_all_told(bench: Bench) -> None:
    """Each day's rest lies undigested; eight days of them are read, and no more."""
    for _ in range(10):
        bench.send()
        bench.send()
        bench.clock.advance(86_400)
    told = bench.ask(bench.history.refusals())
    assert len(told.entries) == 8
    assert {each.rule for each in told.entries} == {"phone-minute"}
    assert told.complete_since == bench.clock() - 8 * 86_400


def test_a_rule_may_be_called_as_a_guess_at_nothing_is(make_bench: MakeBench) -> None:
    """A guess that found nothing is told by its kind, not by its name."""
    missing = Rule(name="missing", per="all", max=1, window=Window.read("day"))
    bench = make_bench(replace(Policy(), rules=(missing,)))
    for _ in range(2):
        bench.send("13900139000")
    bench.verify("123456")
    told = {each.act: each for each in bench.ask(bench.history.refusals()).entries}
    assert (told["send"].reason, told["send"].rule, told["send"].max) == ("fuse", "missing", 1)
    assert (told["verify"].reason, told["verify"].rule) == ("missing", None)
