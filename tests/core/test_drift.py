"""Our count against the vendor's: a span, a tolerance, and the vendor's own days."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from smsctl.core.admin import Cell, Day
from smsctl.core.drift import Counted, DriftStatus, closest, compare, counted

CHINA = timezone(timedelta(hours=8))
DAY = date(2026, 11, 22)


def cell(what: str, *, hour: int = 12, purpose: str = "login") -> Cell:
    return Cell(what=what, name="", purpose=purpose, country="CN", hour=hour)


def verdict(
    here: Counted, there: int | None, *, percent: float = 2.0, disputed: bool = False
) -> tuple[int, DriftStatus]:
    """Compare one day."""
    doubtful = [DAY] if disputed else []
    found = compare({DAY: here}, {DAY: there}, percent=percent, disputed=doubtful)[0]
    return found.drift, found.verdict


def test_only_what_may_have_gone_out_is_counted() -> None:
    """Rejected, refused, verified and test sends are not the vendor's to bill."""
    day = Day.of(
        "2026-11-22",
        {
            cell("sent"): 7,
            cell("sent", purpose="pay"): 2,
            cell("unknown"): 1,
            cell("pending"): 1,
            cell("rejected"): 5,
            cell("verified"): 6,
            cell("test"): 3,
            Cell("refused", "ip-day", "login", "CN", 12): 90,
        },
    )
    found = counted([day], zone=CHINA, theirs=CHINA, segments={})
    assert found == {DAY: Counted(sent=9, unsure=2)}
    found = counted([day], zone=CHINA, theirs=CHINA, segments={"login": 1, "pay": 3})
    assert found == {DAY: Counted(sent=13, unsure=2)}


@pytest.mark.parametrize(
    ("zone", "hour", "expected"),
    [
        ("Asia/Shanghai", 0, date(2026, 11, 22)),
        ("Asia/Shanghai", 23, date(2026, 11, 22)),
        ("UTC", 15, date(2026, 11, 22)),
        ("UTC", 16, date(2026, 11, 23)),
        ("America/Los_Angeles", 7, date(2026, 11, 22)),
        ("America/Los_Angeles", 8, date(2026, 11, 23)),
        ("Pacific/Auckland", 4, date(2026, 11, 21)),
        ("Pacific/Auckland", 5, date(2026, 11, 22)),
    ],
)
def test_an_hour_belongs_to_the_vendors_day(zone: str, hour: int, expected: date) -> None:
    """The vendor's day is China's, wherever ours begins."""
    day = Day.of("2026-11-22", {cell("sent", hour=hour): 1})
    assert [*counted([day], zone=ZoneInfo(zone), theirs=CHINA, segments={})] == [expected]


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Kolkata", 21), ("Asia/Kathmandu", 21)])
def test_an_hour_in_two_days_may_belong_to_either(zone: str, hour: int) -> None:
    """Midnight in China is 21:30 in India, and 21:45 in Nepal."""
    days = [Day.of("2026-11-22", {cell("sent", hour=hour): 90, cell("sent", hour=20): 10})]
    here = counted(days, zone=ZoneInfo(zone), theirs=CHINA, segments={})
    after = DAY + timedelta(days=1)
    assert here == {DAY: Counted(sent=10, unsure=90), after: Counted(unsure=90)}
    told = {DAY: 40, after: 60}
    assert [each.verdict for each in compare(here, told, percent=0.0)] == ["ok"] * 3


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (1000, (0, "ok")),
        (1020, (20, "ok")),
        (1021, (21, "more")),
        (980, (-20, "ok")),
        (979, (-21, "fewer")),
        (None, (0, "unreadable")),
    ],
)
def test_drift_is_what_lies_beyond_two_percent(
    there: int | None, expected: tuple[int, DriftStatus]
) -> None:
    """Of a thousand messages twenty are tolerated, and the next is not."""
    assert verdict(Counted(sent=1000), there) == expected


@pytest.mark.parametrize(("there", "expected"), [(5, (5, "ok")), (6, (6, "more"))])
def test_five_messages_are_always_tolerated(there: int, expected: tuple[int, DriftStatus]) -> None:
    """Of one alone, two percent would be nothing."""
    assert verdict(Counted(unsure=1), there + 1) == expected
    assert verdict(Counted(unsure=1), there + 1, percent=0.0) == expected


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (94, (-6, "fewer")),
        (95, (-5, "ok")),
        (100, (0, "ok")),
        (110, (0, "ok")),
        (115, (5, "ok")),
        (116, (6, "more")),
    ],
)
def test_what_is_not_known_is_no_drift(there: int, expected: tuple[int, DriftStatus]) -> None:
    """Ten may have been sent: the vendor may count them or not."""
    assert verdict(Counted(sent=100, unsure=10), there, percent=0.0) == expected


def test_a_disputed_count_never_is_in_override() -> None:
    """A match with one of two answers proves nothing; drift is told all the same."""
    assert verdict(Counted(sent=10), 10, disputed=True) == (0, "disputed")
    assert verdict(Counted(sent=10), 99, disputed=True) == (89, "more")
    assert compare({}, {DAY: 99}, disputed=[DAY], percent=2.0)[0].disputed


def test_a_day_of_which_nothing_is_known_here_is_told_apart() -> None:
    """A store that was emptied, or not in use yet, says nothing of a day, nor of all together."""
    before = DAY - timedelta(days=1)
    *days, total = compare({DAY: Counted(sent=50)}, {before: 400, DAY: 50}, percent=2.0)
    assert [each.verdict for each in days] == ["uncounted", "ok"]
    assert (total.here.sent, total.there, total.verdict) == (50, 50, "ok")
    assert compare({}, {before: 400, DAY: 9}, percent=2.0)[-1].verdict == "uncounted"


def test_messages_or_segments_are_counted_alike_on_all_days() -> None:
    """Whichever leaves less drift over all days: a single day does not choose for itself."""
    days = [DAY, DAY + timedelta(days=1)]

    def chosen(*told: int) -> list[int]:
        there = dict(zip(days, told, strict=True))
        return [
            each.drift
            for each in closest(
                compare({day: Counted(sent=sent) for day in days}, there, percent=0.0)
                for sent in (50, 150)
            )[:-1]
        ]

    assert chosen(50, 50) == [0, 0]
    assert chosen(150, 150) == [0, 0]
    assert chosen(90, 50) == [40, 0]


def test_a_trickle_shows_over_all_days() -> None:
    """Four messages a day are below the tolerance of each day, and not of a week."""
    days = [DAY + timedelta(days=n) for n in range(7)]
    *each, total = compare(
        {day: Counted(sent=50) for day in days}, dict.fromkeys(days, 54), percent=2.0
    )
    assert {day.verdict for day in each} == {"ok"}
    assert (total.day, total.drift, total.verdict) == (None, 28, "more")


def test_a_day_that_was_not_told_is_not_in_the_sum() -> None:
    """Else it would look like sends that the vendor does not know."""
    other = DAY + timedelta(days=1)
    here = {DAY: Counted(sent=500), other: Counted(sent=30)}
    total = compare(here, {DAY: None, other: 30}, percent=2.0)[-1]
    assert (total.here.sent, total.there, total.verdict) == (30, 30, "ok")
