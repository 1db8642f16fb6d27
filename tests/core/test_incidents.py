"""What counts as one incident, and what as two."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from smsctl.core.admin import Cell, Day
from smsctl.core.alerts import Alert, AlertKind
from smsctl.core.incidents import incidents

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = Day.of("2026-11-22", {})
MIDNIGHT = FIRST.midnight(ZONE).timestamp()
HOUR = 3600.0


def alert(
    kind: AlertKind, hours: float, *, subject: str = "all", level: int = 0, used: int = 0
) -> Alert:
    """Return one that was raised so many hours after the first midnight."""
    at = MIDNIGHT + hours * HOUR
    return Alert(
        kind=kind, subject=subject, level=level, ends=at + HOUR, at=at, figures=(used, 100)
    )


def refused(date: str, counts: dict[int, int], *, rule: str = "fuse") -> Day:
    """Return a day with so many refusals in its hours, by two purposes."""
    return Day.of(
        date,
        {
            Cell(what="refused", name=rule, purpose=purpose, country="CN", hour=hour): count
            for hour, count in counts.items()
            for purpose in ("login", "pay")
        },
    )


def seen(days: list[Day], *alerts: Alert) -> list[tuple[str, float, float, int]]:
    """Return each incident as kind, first and last hour, and what tells it from others."""
    found = incidents(days, alerts, fuses={"fuse"}, zone=ZONE)
    return [
        (each.kind, hours_of(each.since), hours_of(each.until), each.refused or each.figures[0])
        for each in found
    ]


def hours_of(at: float) -> float:
    return (at - MIDNIGHT) / HOUR


def test_an_alert_of_the_next_hour_goes_on_and_one_later_begins_anew() -> None:
    """The newest figures are told; the clock's hours count, not the minutes between."""
    alerts = [
        alert("conversion", 9.9, used=20),
        alert("conversion", 10.0, used=10),
        alert("conversion", 11.9, used=5),
        alert("conversion", 13.0, used=7),
    ]
    assert seen([FIRST], *reversed(alerts)) == [
        ("conversion", 9.9, 11.9, 5),
        ("conversion", 13.0, 13.0, 7),
    ]


def test_another_subject_level_or_kind_is_another_incident() -> None:
    """Each is told by itself, at the same time."""
    alerts = [
        alert("gateway", 1, subject="isv.AMOUNT_NOT_ENOUGH"),
        alert("gateway", 1, subject="isv.OUT_OF_SERVICE"),
        alert("captcha", 1, subject="outage"),
        alert("conversion", 1, subject="login", level=30),
        alert("conversion", 1, subject="login", level=20),
    ]
    assert len(seen([FIRST], *alerts)) == 5


def test_a_fuse_is_an_incident_for_each_window_and_a_trial_is_none() -> None:
    """Two hours' fuses that follow each other blew twice; `alert test` is not trouble."""
    alerts = [
        alert("fuse", 1, subject="fuse", level=80),
        alert("fuse", 2, subject="fuse", level=80),
        alert("test", 3),
    ]
    assert [kind for kind, *_ in seen([FIRST], *alerts)] == ["fuse", "fuse"]


def test_what_was_before_the_first_midnight_is_left_out() -> None:
    """To the second."""
    before, at = (alert("captcha", hours, subject="outage") for hours in (-1 / HOUR, 0))
    assert seen([FIRST], before, at) == [("captcha", 0, 0, 0)]


def test_a_full_fuse_is_one_incident_over_midnight_until_it_has_room() -> None:
    """Its refusals are summed over purposes; other rules' are no incident."""
    days = [
        refused("2026-11-22", {3: 1, 22: 10, 23: 5}),
        refused("2026-11-23", {0: 2, 2: 7}),
        refused("2026-11-24", {5: 9}, rule="ip-day"),
    ]
    assert seen(days) == [("full", 3, 4, 2), ("full", 22, 25, 34), ("full", 26, 27, 14)]


def test_they_are_told_as_they_began() -> None:
    """Oldest first, of whatever kind."""
    found = incidents(
        [refused("2026-11-22", {8: 1})],
        [alert("captcha", 9, subject="outage"), alert("gateway", 7, subject="OUT_OF_SERVICE")],
        fuses={"fuse"},
        zone=ZONE,
    )
    assert [each.subject for each in found] == ["OUT_OF_SERVICE", "fuse", "outage"]
