"""`usage`, over a real store: the days, the fuses, the chart, and the monitoring plugin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from smsctl.cli.commands.fuses import Fuse
from smsctl.cli.commands.usage.documents import usage_document
from smsctl.config import load
from smsctl.core.admin import Day
from smsctl.core.blocking import run_blocking
from smsctl.core.policy import DEFAULT_RULES, Policy
from smsctl.core.promise import promise
from smsctl.wiring.parts import Parts, assemble
from tests.cli.desk import SECRET, Desk
from tests.servers import PrivateServer

SHANGHAI = ZoneInfo("Asia/Shanghai")
FUSES = """\
limits:
  - {name: minute, per: phone, max: 1, window: 60s}
  - {name: trial, per: ip, max: 1, window: day, mode: observe}
  - {name: fuse, per: all, max: 10, window: day}
  - {name: monthly, per: all, max: 40, window: month}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(FUSES, encoding="utf-8")
    return file


@pytest.fixture
def desk(server: PrivateServer, file: Path) -> Desk:
    return Desk(
        {
            "SMSCTL_CONFIG": str(file),
            "SMSCTL_STORE__URL": server.url,
            "SMSCTL_SECRET": SECRET,
            "NO_COLOR": "1",
        }
    )


@pytest.fixture
def parts(desk: Desk) -> Iterator[Parts]:
    made = assemble(load(environ=desk.environ), environ=desk.environ, blocking=True)
    yield made
    run_blocking(made.close())


_ORDER = ("--for", "1h", "--reason", "sale", "--yes")


def send(parts: Parts, *lasts: int) -> None:
    """Send a code to each of these phones, all from one address."""
    for last in lasts:
        run_blocking(parts.flow.send(f"138001380{last:02}", ip="203.0.113.7"))


def today() -> date:
    return datetime.now(SHANGHAI).date()


def past(server: PrivateServer, back: int, **counts: int) -> str:
    """Write a day's counts as the scripts would have; return its date."""
    day = (today() - timedelta(days=back)).isoformat()
    with server.client as client:
        client.hset(
            f"{{sms}}:day:{day}",
            mapping={f"{k.replace('__', ':')}|login|CN|9": v for k, v in counts.items()},
        )
    return day


def test_the_document_is_the_contracts() -> None:
    """Key by key, with the contract's own figures."""
    fuse = Fuse(rule=DEFAULT_RULES[-1], used=12, trips_at=None)
    day = Day(
        date="2026-11-23",
        outcomes={"sent": 11, "unknown": 1, "verified": 9, "pending": 0},
        refused={"phone-minute": 4, "captcha": 2},
        observed={},
    )
    worst = promise(Policy(), sign_name="x", price=load(environ={}, defaults=True).gateway.price)
    document = usage_document("Asia/Shanghai", [fuse], [day], worst)
    told = {
        "rule": "fuse",
        "window": "day",
        "mode": "enforce",
        "used": 12,
        "max": 5000,
        "remaining": 4988,
        "percent": 0.24,
        "trips_at": None,
    }
    assert {name: document[name] for name in ("timezone", "fuse", "fuses", "days")} == {
        "timezone": "Asia/Shanghai",
        "fuse": told,
        "fuses": [told],
        "days": [
            {
                "date": "2026-11-23",
                "sent": 11,
                "rejected": 0,
                "unknown": 1,
                "pending": 0,
                "verified": 9,
                "outage": 0,
                "test": 0,
                "refused": {"phone-minute": 4, "captcha": 2},
                "observed": {},
            }
        ],
    }
    assert {name: document["promise"][name] for name in ("messages", "cost_cny", "guesses")} == {
        "messages": 5000,
        "cost_cny": 225.0,
        "guesses": 15000,
    }


def test_days_ascend_and_empty_ones_are_there(desk: Desk, server: PrivateServer) -> None:
    """As many as asked for, today last, whatever was counted."""
    yesterday = past(server, 1, sent=3, unknown=1, refused__minute=2)
    days = desk("usage", "--days", "3", "--json").document["days"]
    assert [(day["date"], day["sent"], day["refused"]) for day in days] == [
        ((today() - timedelta(days=2)).isoformat(), 0, {}),
        (yesterday, 3, {"minute": 2}),
        (today().isoformat(), 0, {}),
    ]
    assert len(desk("usage", "--json").document["days"]) == 7
    assert len(desk("usage", "--days", "90", "--json").document["days"]) == 90


def test_what_was_sent_and_refused_is_counted(desk: Desk, parts: Parts) -> None:
    """Two sends; one refused by its rule; the observed rule would have refused the second."""
    send(parts, 1, 2, 2)
    document = desk("usage", "--days", "1", "--json").document
    (day,) = document["days"]
    assert (day["sent"], day["refused"], day["observed"]) == (2, {"minute": 1}, {"trial": 1})
    assert [(each["rule"], each["used"], each["percent"]) for each in document["fuses"]] == [
        ("fuse", 2, 20.0),
        ("monthly", 2, 5.0),
    ]
    assert document["fuse"]["rule"] == "fuse"


def test_a_pipe_gets_a_line_for_each_day(desk: Desk, parts: Parts) -> None:
    """Numbers alone: a bar is for eyes."""
    send(parts, 1, 1)
    assert desk("usage", "--days", "1").table == [
        {
            "date": today().isoformat(),
            "sent": "1",
            "rejected": "0",
            "unknown": "0",
            "pending": "0",
            "verified": "0",
            "refused": "1",
            "refused_by": "minute=1",
            "fuse_max": "10",
        }
    ]


def test_a_terminal_gets_bars_against_the_days_fuse(desk: Desk, server: PrivateServer) -> None:
    """A full bar is a full fuse: half of it is half the columns."""
    past(server, 1, sent=10)
    past(server, 2, sent=3, unknown=1, pending=1)
    lines = desk("usage", "--days", "3", terminal=True, COLUMNS="200").out.splitlines()
    assert [line.count("█") for line in lines[1:4]] == [25, 50, 0]
    assert "of 10" in lines[0]


@pytest.mark.parametrize("columns", ["40", "80", "120", "200"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk"])
def test_a_screen_fits_its_terminal_and_encoding(
    desk: Desk, server: PrivateServer, columns: str, encoding: str
) -> None:
    """No line of the chart is wider than the terminal, and no glyph is escaped."""
    past(server, 1, sent=10)
    told = desk("usage", terminal=True, encoding=encoding, COLUMNS=columns)
    assert told.code == 0
    assert "\\u" not in told.out
    assert ("#" if encoding == "ascii" else "█") in told.out
    if int(columns) >= 80:
        assert max(map(len, told.out.splitlines()[:8])) <= int(columns)


def test_the_screen_says_what_is_left_and_what_the_rules_promise(desk: Desk, parts: Parts) -> None:
    """In words below the bars; a full fuse says that nothing more is sent."""
    send(parts, *range(10), 11)
    shown = desk("usage", terminal=True, COLUMNS="120").out
    assert "fuse: 10 of 10 used (100 %), 0 left today" in shown
    assert "it is full: nothing more is sent" in shown
    assert "monthly: 10 of 40 used (25 %), 30 left this month" in shown
    assert "at most 10 messages a day" in shown


def test_a_raised_fuse_promises_what_it_admits(desk: Desk) -> None:
    """The worst of the day is what is in force, in the sentence and in the document."""
    assert desk("fuse", "raise", "30", "--rule", "fuse", *_ORDER).code == 0
    assert desk("usage", "--json").document["promise"]["messages"] == 30
    shown = desk("usage", terminal=True, COLUMNS="120").out
    assert "fuse: 0 of 30 used (0 %), 30 left today" in shown
    assert "at most 30 messages a day" in shown


def test_a_full_fuse_has_tripped(desk: Desk, parts: Parts) -> None:
    """`trips_at` is in the configured zone."""
    send(parts, *range(10))
    at = desk("usage", "--json").document["fuse"]["trips_at"]
    assert at.endswith("+08:00")


def test_outages_and_test_numbers_are_told_apart(desk: Desk, server: PrivateServer) -> None:
    """They are no sends of their own, so they stand in keys of their own."""
    past(server, 0, outage=2, test=5)
    (day,) = desk("usage", "--days", "1", "--json").document["days"]
    assert (day["outage"], day["test"], day["sent"]) == (2, 5, 0)
    shown = desk("usage", terminal=True).out
    assert "2 passed unchecked while the captcha vendor was down" in shown
    assert "5 for test numbers, not sent" in shown


def test_a_reason_is_told_by_its_meaning(desk: Desk, server: PrivateServer) -> None:
    """A rule by the name that the operator gave it, a reason of ours with what it means."""
    past(server, 0, refused__phone__minute=3, refused__locked=2)
    shown = desk("usage", terminal=True, COLUMNS="100", NO_COLOR="1").out
    assert "locked: the phone is locked: too many wrong codes within code.wrong.window" in shown
    narrow = desk("usage", terminal=True, COLUMNS="40", NO_COLOR="1", SMSCTL_LANG="zh").out
    assert "locked：手机号已锁定" in narrow


def test_without_a_fuse_there_is_none_to_show(desk: Desk, file: Path) -> None:
    """Null, no bars' scale, and a warning."""
    file.write_text("limits: [{name: a, per: phone, max: 1, window: 60s}]", encoding="utf-8")
    document = desk("usage", "--json").document
    assert (document["fuse"], document["fuses"], document["promise"]["messages"]) == (
        None,
        [],
        None,
    )
    assert "There is no fuse" in desk("usage", terminal=True).out


@pytest.mark.parametrize(
    "words", [["--days", "0"], ["--days", "91"], ["--days", "x"], ["-w", "80"], ["-c", "90"]]
)
def test_what_cannot_be_is_a_usage_error(desk: Desk, words: list[str]) -> None:
    """Ninety days are kept, and thresholds are the check's."""
    assert desk("usage", *words).code == 2
    assert desk("usage", *words, "--json").error["code"] == "usage"


# The monitoring plugin


def test_the_check_is_one_line_and_its_code(desk: Desk, parts: Parts) -> None:
    """OK, WARNING and CRITICAL as the fuse fills; the month's fuse counts too."""
    rest = "'monthly'={0};32;38;0;40"
    send(parts, *range(7))
    told = desk("usage", "--check")
    assert (told.code, told.out) == (
        0,
        f"SMSCTL OK - fuse 70% (7 of 10) | 'fuse'=7;8;9.5;0;10 {rest.format(7)}\n",
    )
    send(parts, 7)
    told = desk("usage", "--check")
    assert (told.code, told.out.partition(" |")[0]) == (1, "SMSCTL WARNING - fuse 80% (8 of 10)")
    send(parts, 8, 9)
    told = desk("usage", "--check", terminal=True)
    assert (told.code, told.out.partition(" |")[0]) == (2, "SMSCTL CRITICAL - fuse 100% (10 of 10)")


def test_thresholds_are_the_operators(desk: Desk, parts: Parts) -> None:
    """In percent, with or without the sign."""
    send(parts, 1, 2)
    assert desk("usage", "--check", "-w", "20%", "-c", "30").code == 1
    assert desk("usage", "--check", "-w", "10", "-c", "20").code == 2
    assert desk("usage", "--check", "--warning", "20.5", "--critical", "30").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["-w", "90", "-c", "80"],
        ["-w", "many"],
        ["-c", "101"],
        ["-w", "-1"],
        ["-w"],
        ["--days", "none"],
        ["--no-such-option"],
        ["extra"],
    ],
)
def test_a_check_that_is_asked_wrongly_is_unknown(desk: Desk, words: list[str]) -> None:
    """Exit 3 and one line on stdout: to monitoring, 2 would be critical."""
    told = desk("usage", "--check", *words)
    assert told.code == 3
    assert told.out.startswith("SMSCTL UNKNOWN - ")
    assert told.out.count("\n") == 1


def test_a_mistake_before_the_commands_name_is_unknown_too(desk: Desk) -> None:
    """The parser has not come to the command yet; monitoring does not care."""
    assert desk("--no-such-option", "usage", "--check").code == 3
    assert desk("--no-such-option", "usage").code == 2


def test_a_check_that_cannot_look_is_unknown(desk: Desk, file: Path) -> None:
    """No store, another secret, a broken file, no file, no fuse: always 3, never a traceback."""
    wrong = [
        desk("usage", "--check", SMSCTL_STORE__URL="redis://127.0.0.1:1/0"),
        desk("usage", "--check", SMSCTL_STORE__URL="embedded", SMSCTL_STORE__DURABILITY="strict"),
        desk("usage", "--check", SMSCTL_CONFIG="/nonexistent.yaml"),
    ]
    file.write_text("limits: [{name: a, per: phone, max: 1, window: 60s}]", encoding="utf-8")
    wrong.append(desk("usage", "--check"))
    file.write_text("limits: |broken", encoding="utf-8")
    wrong.append(desk("usage", "--check"))
    for told in wrong:
        assert (told.code, told.out.count("\n")) == (3, 1)
        assert told.out.startswith("SMSCTL UNKNOWN - ")


def test_a_check_of_a_foreign_store_is_unknown(desk: Desk, server: PrivateServer) -> None:
    """The count of another installation is not ours."""
    with server.client as client:
        client.set("{sms}:secret", "0123456789abcdef")
    assert desk("usage", "--check").code == 3


def test_the_check_has_a_document_too(desk: Desk) -> None:
    """The same code and line."""
    told = desk("usage", "--check", "--json")
    assert told.document["schema"] == "smsctl.usage_check/1"
    assert (told.code, told.document["code"]) == (0, 0)
    assert told.document["line"].startswith("SMSCTL OK - ")
