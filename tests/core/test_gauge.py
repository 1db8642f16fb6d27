"""The sliding window: exact figures, and random histories against recounting them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsctl.core.gauge import (
    FIVE_MINUTES,
    HOUR,
    MINUTE,
    NEWEST,
    Gauge,
    Latency,
    Rate,
    percentile,
    spread,
)
from smsctl.core.history import Admitted, Event, Guessed, Refusals, Settled
from tests.core.happenings import NOON, admitted, caller, day, guessed, settled, turned_away

NONE = Refusals(entries=(), complete_since=0.0)
NOTHING = Rate(0, 0.0)


def test_a_rate_counts_the_last_minute_and_means_the_last_five() -> None:
    """The moment a window ago is outside; now is inside."""
    gauge = Gauge()
    ages = (300, 299, 61, 60, 59, 0)
    gauge.take(admitted(NOON - age, f"r{age}") for age in ages)
    assert gauge.reading(NOON).sends == Rate(2, 1.0)
    assert gauge.reading(NOON + 60).sends == Rate(0, 0.8)
    assert gauge.reading(NOON + 300).sends == NOTHING


def test_right_and_wrong_codes_are_counted_apart() -> None:
    """A last wrong try is a wrong one too."""
    gauge = Gauge()
    gauge.take(
        [
            guessed(NOON - 3, "a", "mismatch"),
            guessed(NOON - 2, "a", "exhausted"),
            guessed(NOON - 1, "b"),
        ]
    )
    read = gauge.reading(NOON)
    assert (read.verified, read.wrong) == (Rate(1, 0.2), Rate(2, 0.4))


def test_the_gateways_latency_is_from_admission_to_settlement() -> None:
    """Nearest rank: of ten, the fifth and the tenth; without any there is none."""
    gauge = Gauge()
    assert gauge.reading(NOON).latency is None
    for number in range(10):
        gauge.take([admitted(NOON - 20, f"r{number}")])
    for number in range(10):
        gauge.take([settled(NOON - 20 + number + 1, f"r{number}", "unknown")])
    assert gauge.reading(NOON).latency == Latency(10, 5.0, 10.0)


def test_a_stepped_clock_makes_no_negative_latency() -> None:
    """A settlement before its admission took no time."""
    gauge = Gauge()
    gauge.take([admitted(NOON, "a"), settled(NOON - 5, "a")])
    assert gauge.reading(NOON).latency == Latency(1, 0.0, 0.0)


def test_conversion_is_of_the_sends_of_the_last_hour() -> None:
    """Rejected sends can't convert, what may have been sent can; earlier ones are not counted."""
    gauge = Gauge()
    gauge.take([admitted(NOON - HOUR, "old"), settled(NOON - HOUR, "old")])
    gauge.take([admitted(NOON - 9, "a"), settled(NOON - 8, "a"), guessed(NOON - 7, "a")])
    gauge.take([admitted(NOON - 6, "b"), settled(NOON - 5, "b")])
    gauge.take([admitted(NOON - 4, "c"), settled(NOON - 3, "c", "rejected")])
    gauge.take(
        [admitted(NOON - 4, "d"), settled(NOON - 3, "d", "unknown"), admitted(NOON - 1, "e")]
    )
    gauge.take([guessed(NOON - 2, "old")])
    read = gauge.reading(NOON)
    assert (read.sent_hour, read.verified_hour) == (4, 1)


def test_a_test_numbers_request_is_no_send() -> None:
    """It is told among the newest, and counts nowhere."""
    gauge = Gauge()
    gauge.take([admitted(NOON, "t", captcha="test"), guessed(NOON, "t")])
    read = gauge.reading(NOON)
    assert (read.sends, read.verified, read.lanes) == (NOTHING, NOTHING, {})
    assert [each.what.at for each in read.newest if isinstance(each.what, Admitted)] == [NOON]


def test_sends_are_counted_by_purpose_and_country() -> None:
    """What a fuse of one lane needs to know of its pace."""
    gauge = Gauge()
    gauge.take([admitted(NOON, "a"), admitted(NOON, "b")])
    gauge.take([admitted(NOON, "c", who=caller(purpose="bind", country="HK"))])
    gauge.take([admitted(NOON, "d"), settled(NOON, "d", "rejected")])  # a fuse gave it back
    assert gauge.reading(NOON).lanes == {("login", "CN"): 2, ("bind", "HK"): 1}


def test_a_send_that_is_never_told_as_settled_does_not_count_for_ever() -> None:
    """It was one of very many that the gateway rejected, and was taken out of the record."""
    gauge = Gauge()
    gauge.take([admitted(NOON, "a"), admitted(NOON, "b"), settled(NOON + 1, "b")])
    for later, counted in ((119, 2), (121, 1)):
        read = gauge.reading(NOON + later)
        assert (read.sent_hour, sum(read.lanes.values())) == (counted, counted)


def test_refusals_before_the_first_look_come_from_the_record() -> None:
    """The day's counters say nothing of when, so the record of refusals does."""
    gauge = Gauge()
    known = Refusals(
        entries=[
            turned_away(NOON - 59, NOON, 60),
            turned_away(NOON - 1, NOON - 1, 2, reason="captcha", rule=None),
            turned_away(NOON - 1, NOON - 1, 9, reason="missing", rule=None, act="verify"),
        ],
        complete_since=0.0,
    )
    gauge.count([day("2026-11-23", {"phone-minute": 1000})], known, now=NOON)
    read = gauge.reading(NOON)
    assert read.refused_by == {"phone-minute": 60, "captcha": 2}
    assert read.refusals == Rate(62, 12.4)


def test_a_record_that_rolled_over_says_so_until_it_no_longer_matters() -> None:
    """What a flood pushed out before the first look is missed for five minutes at most."""
    gauge = Gauge()
    gauge.count([], Refusals(entries=(), complete_since=NOON - 2), now=NOON)
    assert not gauge.reading(NOON).refused_whole
    gauge.count([], Refusals(entries=(), complete_since=NOON + 290), now=NOON + 297)
    assert not gauge.reading(NOON + 297).refused_whole
    assert gauge.reading(NOON + 298).refused_whole


def test_later_refusals_come_from_the_days_counters() -> None:
    """These leave nothing out, however many others a flood has pushed from the record."""
    gauge = Gauge()
    gauge.count([day("2026-11-23", {"ip-day": 5})], NONE, now=NOON)
    gauge.count([day("2026-11-23", {"ip-day": 1_000_005, "country": 1})], NONE, now=NOON + 1)
    assert gauge.reading(NOON + 1).refused_by == {"ip-day": 1_000_000, "country": 1}


def test_nothing_is_lost_at_midnight() -> None:
    """The last refusals of the old day count with the first of the new."""
    gauge = Gauge()
    gauge.count([day("2026-11-22", {}), day("2026-11-23", {"a": 5})], NONE, now=NOON)
    gauge.count([day("2026-11-23", {"a": 7}), day("2026-11-24", {"a": 3})], NONE, now=NOON + 1)
    assert gauge.reading(NOON + 1).refused_by == {"a": 5}


def test_what_happened_during_a_silence_is_spread_over_it() -> None:
    """Ten minutes without an answer are not refused in their last second."""
    gauge = Gauge()
    gauge.count([day("2026-11-23", {})], NONE, now=NOON)
    gauge.count([day("2026-11-23", {"a": 600})], NONE, now=NOON + 600)
    assert gauge.reading(NOON + 600).refusals == Rate(60, 60.0)


def test_the_newest_come_first_and_a_settled_send_once() -> None:
    """Its admission is told by what became of it; refusals stand among the events."""
    gauge = Gauge()
    gauge.take([admitted(NOON - 9, "a"), settled(NOON - 8, "a"), admitted(NOON - 7, "b")])
    gauge.take([guessed(NOON - 5, "a"), settled(NOON - 5, "unheard")])
    refusals = Refusals(entries=[turned_away(NOON - 60, NOON - 6, 3)], complete_since=0.0)
    gauge.count([], refusals, now=NOON)
    newest = gauge.reading(NOON).newest
    assert [(each.at - NOON, type(each.what).__name__, each.took) for each in newest] == [
        (-5, "Settled", None),
        (-5, "Guessed", None),
        (-6, "TurnedAway", None),
        (-7, "Admitted", None),
        (-8, "Settled", 1.0),
    ]
    assert [each.caller is None for each in newest] == [True, False, False, False, False]


def test_the_newest_are_bounded() -> None:
    """An hour of traffic is not a screen."""
    gauge = Gauge()
    gauge.take(admitted(NOON - 1000 + number, f"r{number}") for number in range(999))
    newest = gauge.reading(NOON).newest
    assert len(newest) == NEWEST
    assert newest[0].at == NOON - 2


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.integers(1, 10_000), st.booleans())
def test_a_spread_keeps_the_count_and_its_ends(
    first: float, long: float, times: int, late: bool
) -> None:
    """Nothing is lost, nothing is outside, and the last stands at the end."""
    points = list(spread(NOON + first, NOON + first + long, times, late=late))
    assert sum(some for _, some in points) == times
    assert all(some > 0 for _, some in points)
    assert points[-1][0] == pytest.approx(NOON + first + long)
    assert min(at for at, _ in points) >= NOON + first
    assert len(points) <= 300


@given(st.lists(st.floats(0, 100), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_least_that_so_many_do_not_exceed(
    values: list[float], percent: int
) -> None:
    """By the definition of the nearest rank."""
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


@st.composite
def histories(draw: st.DrawFn) -> Sequence[Event]:
    """Return events of half an hour more than the longest window, in the order of their times."""
    events: list[Event] = []
    for number in range(draw(st.integers(0, 12))):
        at = NOON + draw(st.integers(0, 5400))
        request = f"r{number}"
        test = draw(st.sampled_from(["none", "none", "test"]))
        events.append(admitted(at, request, captcha="test" if test == "test" else "none"))
        if draw(st.booleans()):
            at += draw(st.integers(0, 9))
            state = draw(st.sampled_from(["sent", "sent", "rejected", "unknown"]))
            events.append(settled(at, request, state))  # type: ignore[arg-type]
        for result in draw(st.lists(st.sampled_from(["mismatch", "verified"]), max_size=2)):
            at += draw(st.integers(0, 400))
            events.append(guessed(at, request, result))  # type: ignore[arg-type]
    return sorted(events, key=lambda event: event.at)


def _within(events: Sequence[Event], now: float, span: float) -> list[Event]:
    return [event for event in events if now - span < event.at <= now]


def _recounted(events: Sequence[Event], now: float) -> dict[str, object]:
    """Return the figures of `now`, counted anew from every event until then."""
    events = [event for event in events if event.at <= now]
    sends = {e.request_id: e for e in events if isinstance(e, Admitted) and e.captcha != "test"}
    began = {e.request_id: e.at for e in events if isinstance(e, Admitted)}
    no = {e.request_id for e in events if isinstance(e, Settled) and e.state == "rejected"}
    right = {e.request_id for e in events if isinstance(e, Guessed) and e.result == "verified"}
    known = right | {e.request_id for e in events if isinstance(e, Settled)}
    hour = [
        e
        for e in _within(list(sends.values()), now, HOUR)
        if e.request_id not in no and (e.request_id in known or e.at > now - 120)
    ]
    took = sorted(
        e.at - began[e.request_id]
        for e in _within(events, now, FIVE_MINUTES)
        if isinstance(e, Settled)
    )

    def rate(wanted: Sequence[Event]) -> Rate:
        five = len(_within(wanted, now, FIVE_MINUTES))
        return Rate(len(_within(wanted, now, MINUTE)), five / 5)

    tests = {e.request_id for e in events if isinstance(e, Admitted) and e.captcha == "test"}
    guesses = [e for e in events if isinstance(e, Guessed) and e.request_id not in tests]
    return {
        "sends": rate(list(sends.values())),
        "verified": rate([e for e in guesses if e.result == "verified"]),
        "wrong": rate([e for e in guesses if e.result != "verified"]),
        "sent_hour": len(hour),
        "verified_hour": sum(e.request_id in right for e in hour),
        "took": len(took),
    }


@given(histories(), st.lists(st.integers(0, 6000), min_size=1, max_size=6))
def test_a_window_that_slides_reads_what_a_recount_finds(
    events: Sequence[Event], moments: list[int]
) -> None:
    """However often it was read before, and however much it has forgotten since."""
    gauge = Gauge()
    before = -1.0
    for now in sorted(NOON + moment for moment in moments):
        gauge.take(event for event in events if before < event.at <= now)
        before = now
        read = gauge.reading(now)
        assert _recounted(events, now) == {
            "sends": read.sends,
            "verified": read.verified,
            "wrong": read.wrong,
            "sent_hour": read.sent_hour,
            "verified_hour": read.verified_hour,
            "took": read.latency.count if read.latency else 0,
        }


@given(st.lists(st.integers(0, 50), max_size=90))
def test_counters_that_grow_are_read_as_they_grew(steps: list[int]) -> None:
    """Read once a second: no refusal is lost, and none is counted twice."""
    gauge = Gauge()
    gauge.count([day("2026-11-23", {})], NONE, now=NOON)
    for number, _ in enumerate(steps, 1):
        total = sum(steps[:number])
        gauge.count([day("2026-11-23", {"a": total})], NONE, now=NOON + number)
        read = gauge.reading(NOON + number)
        assert read.refusals == Rate(sum(steps[:number][-60:]), total / 5)
