"""What `watch` asks of the store, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smsctl.cli.commands.watch.documents import watch_document
from smsctl.cli.commands.watch.pulse import Beat, snapshots
from smsctl.cli.commands.watch.reader import Reader, Snapshot
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import StoreUnavailable
from smsctl.core.gauge import Rate
from smsctl.core.policy import Policy
from smsctl.core.rules import Rule, Window
from tests.cli.watching import TODAY, Told, denied, pause, raised, used, waiting
from tests.core.happenings import NOON, admitted, caller, guessed, settled, turned_away


def look(reader: Reader) -> Snapshot:
    return run_blocking(reader.look())


def reader_of(told: Told, policy: Policy | None = None) -> Reader:
    return Reader(told.sources(), policy or Policy())


def beat(told: Told, count: int | None, pause: Callable[[float], bool]) -> Beat:
    return Beat(interval=1.0, count=count, tick=lambda: told.now, pause=pause)


def test_every_event_is_taken_once() -> None:
    """What was written between two looks, and nothing of before."""
    told = Told(events_of={TODAY: [admitted(NOON - 5, "a")]})
    reader = reader_of(told)
    assert look(reader).reading.sends == Rate(1, 0.2)
    told.events_of[TODAY] += [settled(NOON, "a"), admitted(NOON, "b")]
    assert look(reader).reading.sends == Rate(2, 0.4)
    assert look(reader).reading.sends == Rate(2, 0.4)


def test_a_page_does_not_end_a_look() -> None:
    """Two thousand sends of this minute are two pages and more."""
    events = [admitted(NOON - 1, f"r{number}") for number in range(2500)]
    told = Told(events_of={TODAY: [*events]})
    assert look(reader_of(told)).reading.sends.minute == 2500


def test_the_first_look_does_not_read_the_whole_day() -> None:
    """Of 100,000 earlier events it opens but some: the hour's first is found by halving."""
    old = [admitted(NOON - 7200, f"o{number}") for number in range(100_000)]
    told = Told(events_of={TODAY: [*old, admitted(NOON - 3599, "a"), settled(NOON - 3598, "a")]})
    snapshot = look(reader_of(told))
    assert snapshot.reading.sent_hour == 1
    assert [each.at - NOON for each in snapshot.reading.newest] == [-3598]
    assert len(told.asked) < 50


@pytest.mark.parametrize("before", range(6))
def test_the_first_of_the_hour_is_found_wherever_it_stands(before: int) -> None:
    """None before it, one, or several; and where there is none at all."""
    old = [admitted(NOON - 7200, f"o{number}") for number in range(before)]
    for new in (0, 1, 2):
        young = [admitted(NOON - 9, f"n{number}") for number in range(new)]
        told = Told(events_of={TODAY: [*old, *young]})
        assert len(look(reader_of(told)).reading.newest) == new


def test_midnight_is_crossed_without_a_gap() -> None:
    """The hour before is read from yesterday, and the new day from its beginning."""
    midnight = NOON - 12 * 3600
    told = Told(
        now=midnight - 1,
        events_of={"2026-11-22": [admitted(midnight - 5, "a")], TODAY: [admitted(midnight, "c")]},
    )
    reader = reader_of(told)
    assert look(reader).reading.sends.minute == 1
    told.events_of["2026-11-22"].append(admitted(midnight - 0.5, "b"))
    told.now = midnight + 1
    assert look(reader).reading.sends.minute == 3
    told.events_of[TODAY].append(admitted(midnight + 1, "d"))
    assert look(reader).reading.sends.minute == 4
    told.now = midnight + 2
    assert look(reader_of(told)).reading.sends.minute == 4


def test_a_raised_fuse_is_measured_by_what_is_in_force() -> None:
    """And no longer once the override has ended."""
    told = Told(levels=[used("fuse", 4900)], overrides=[raised(8000)])
    (burn,) = look(reader_of(told)).burns
    assert (burn.raised, burn.fuse.rule.max, burn.fuse.remaining) == (True, 8000, 3100)
    told.now = NOON + 901
    (burn,) = look(reader_of(told)).burns
    assert (burn.raised, burn.fuse.rule.max, burn.fuse.remaining) == (False, 5000, 100)


def test_the_present_pace_says_when_a_fuse_is_spent() -> None:
    """Twenty in five minutes, of which the filtered fuse counts ten: 100 left are 50 minutes."""
    lane = Rule(name="lane", per="all", max=110, window=Window.read("day"), only_purpose="login")
    rolling = Rule(name="burst", per="all", max=20, window=Window.read("1h"))
    policy = Policy(rules=(lane, rolling))
    other = caller(purpose="bind")
    events = [admitted(NOON - 9, f"a{number}") for number in range(10)]
    events += [admitted(NOON - 9, f"b{number}", who=other) for number in range(10)]
    told = Told(events_of={TODAY: [*events]}, levels=[used("lane", 10), used("burst", 20)])
    first, second = look(reader_of(told, policy)).burns
    assert first.spent_at is not None
    assert first.spent_at.isoformat() == "2026-11-23T12:50:00+08:00"
    assert second.spent_at == second.fuse.trips_at


def test_overrides_that_have_ended_are_not_in_force() -> None:
    """Pauses come first, however long they hold."""
    told = Told(overrides=[denied("+86170"), pause(), pause(id="ended", until=NOON)])
    assert [each.kind for each in look(reader_of(told)).overrides] == ["pause", "deny"]


def test_a_silent_store_leaves_the_last_figures() -> None:
    """With since when they stand; when it answers again, what was missed is read."""
    told = Told(events_of={TODAY: [admitted(NOON - 5, "a")]})
    seen: list[Snapshot] = []

    def pause(seconds: float) -> bool:
        told.now += 1
        told.silent = len(seen) in {1, 2}
        if told.silent:
            told.events_of[TODAY].append(admitted(told.now, f"s{told.now}"))
        return True

    for snapshot in snapshots(reader_of(told), beat(told, 4, pause)):
        seen.append(snapshot)  # noqa: PERF402 - the pause looks at how many there are
    assert [(each.silent_since, each.now - NOON) for each in seen] == [
        (None, 0),
        (NOON, 1),
        (NOON, 2),
        (None, 3),
    ]
    assert [each.reading.sends.minute for each in seen] == [1, 1, 1, 3]


def test_a_store_that_never_answered_is_an_error() -> None:
    """There is nothing to show."""
    told = Told(silent=True)
    with pytest.raises(StoreUnavailable):
        next(snapshots(reader_of(told), beat(told, None, lambda seconds: True)))


def test_looks_keep_their_beat() -> None:
    """The time that a look takes is no drift; a look that took too long is not made up for."""
    told = Told()
    waits: list[float] = []
    reader = reader_of(told)
    slow = iter([0.25, 0.25, 2.5, 0.25])

    def pause(seconds: float) -> bool:
        waits.append(seconds)
        told.now += seconds
        return len(waits) < 4

    for _ in snapshots(reader, beat(told, None, pause)):
        told.now += next(slow, 0.0)
    assert waits == [0.75, 0.75, 0.0, 0.75]


def test_somebody_who_has_seen_enough_ends_it() -> None:
    """After the look that he saw, without another."""
    told = Told()
    assert len(list(snapshots(reader_of(told), beat(told, None, lambda seconds: False)))) == 1


def test_the_document_tells_all_that_the_screen_shows() -> None:
    """Key by key, and no phone is whole."""
    told = Told(
        events_of={
            TODAY: [
                admitted(NOON - 9, "a"),
                settled(NOON - 8.75, "a"),
                guessed(NOON - 4, "a"),
                admitted(NOON - 3, "b"),
            ]
        },
        turned_away=[turned_away(NOON - 2, NOON - 1, 2)],
        levels=[used("fuse", 12)],
        overrides=[denied("+86170")],
        waiting=[waiting()],
    )
    document = watch_document(look(reader_of(told)))
    assert document == {
        "at": "2026-11-23T12:00:00+08:00",
        "silent_since": None,
        "rates": {
            "sends": {"minute": 2, "five_minutes": 0.4},
            "refusals": {"minute": 2, "five_minutes": 0.4},
            "verified": {"minute": 1, "five_minutes": 0.2},
            "wrong": {"minute": 0, "five_minutes": 0},
        },
        "refused_by": {"phone-minute": 2},
        "refused_whole": True,
        "latency": {"count": 1, "p50_s": 0.25, "p95_s": 0.25},
        "conversion": {"sent": 2, "verified": 1, "percent": 50.0},
        "fuses": [
            {
                "rule": "fuse",
                "window": "day",
                "mode": "enforce",
                "used": 12,
                "max": 5000,
                "raised": False,
                "remaining": 4988,
                "percent": 0.24,
                "trips_at": None,
                "spent_at": None,
            }
        ],
        "overrides": [
            {
                "id": "0a1b2c3d",
                "kind": "deny",
                "purpose": None,
                "country": None,
                "rule": None,
                "max": None,
                "target": "+86170",
                "since": "2026-11-23T11:45:00+08:00",
                "until": "2026-12-02T12:00:00+08:00",
                "reason": "IoT numbers",
                "author": "wang@ops1",
            }
        ],
        "hosts": [],
        "alerts": [
            {
                "kind": "fuse",
                "subject": "fuse",
                "level": 80,
                "at": "2026-11-23T11:59:00+08:00",
                "attempts": 2,
            }
        ],
        "newest": [
            {
                "at": "2026-11-23T11:59:59+08:00",
                "event": "refused",
                "act": "send",
                "reason": "limit",
                "rule": "phone-minute",
                "count": 2,
                "phone": "+86138****8000",
                "purpose": "login",
            },
            {
                "at": "2026-11-23T11:59:57+08:00",
                "event": "admitted",
                "request_id": "b",
                "captcha": "none",
                "phone": "+86138****8000",
                "purpose": "login",
            },
            {
                "at": "2026-11-23T11:59:56+08:00",
                "event": "guessed",
                "request_id": "a",
                "result": "verified",
                "phone": "+86138****8000",
                "purpose": "login",
            },
            {
                "at": "2026-11-23T11:59:51+08:00",
                "event": "settled",
                "request_id": "a",
                "state": "sent",
                "vendor_code": None,
                "took_s": 0.25,
                "phone": "+86138****8000",
                "purpose": "login",
            },
        ],
    }
