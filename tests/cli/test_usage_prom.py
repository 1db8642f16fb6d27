"""`usage -o prom` and the checks for monitoring beside `--check`."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from smsctl.cli.commands import plugin
from smsctl.cli.commands.fuses import Fuse
from smsctl.cli.commands.usage.prom import prom_text
from smsctl.core.admin import Cell, Day
from smsctl.core.policy import Policy, Purpose
from tests.cli.desk import Desk
from tests.cli.desks import OTHER, PHONE
from tests.histories import rule

SAMPLE = re.compile(r"(?P<name>[a-z_]+)(?:[{](?P<labels>[^}]*)[}])? (?P<value>[0-9.e+-]+)")
LABEL = re.compile(r'([a-z]+)="((?:[^"\\]|\\.)*)"')


def read(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Read the exposition format strictly: each family announced once, before its samples."""
    assert text.endswith("\n")
    found: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    kinds: dict[str, str] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("# HELP "):
            name = line.split()[2]
            assert lines[number + 1].startswith(f"# TYPE {name} ")
            assert name not in kinds
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert kind in {"gauge", "counter"}
            assert kind != "counter" or name.endswith("_total")
            kinds[name] = kind
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert match["name"] in kinds
            key = (match["name"], tuple(LABEL.findall(match["labels"] or "")))
            assert key not in found
            found[key] = float(match["value"])
    return found


def test_a_page_has_every_count_of_the_day() -> None:
    """Each figure recounted from the cells."""
    cells = {
        Cell("sent", "", "login", "CN", 9): 3,
        Cell("sent", "", "login", "CN", 10): 4,
        Cell("sent", "", "pay", "CN", 9): 1,
        Cell("verified", "", "login", "CN", 9): 6,
        Cell("pending", "", "login", "CN", 9): 2,
        Cell("refused", 'a"b', "login", "CN", 9): 5,
    }
    fuse = Fuse(rule=rule("fuse", "all", 40, "day"), used=10, trips_at=None)
    day = Day.of("2026-11-23", cells)
    page = read(prom_text(day, [fuse], policy=Policy(), last_success=12.5, now=99.0))
    assert page["smsctl_up", ()] == 1
    assert page["smsctl_sends_total", (("outcome", "sent"), ("purpose", "login"))] == 7
    assert page["smsctl_sends_total", (("outcome", "sent"), ("purpose", "pay"))] == 1
    assert page["smsctl_verified_total", (("purpose", "login"),)] == 6
    sends = [count for (name, _), count in page.items() if name == "smsctl_sends_total"]
    assert sum(sends) == 8  # nothing is counted twice
    assert page["smsctl_pending", (("outcome", "pending"), ("purpose", "login"))] == 2
    assert page["smsctl_refused_total", (("rule", r"a\"b"),)] == 5
    assert page["smsctl_fuse_used", (("rule", "fuse"),)] == 10
    assert page["smsctl_fuse_max", (("rule", "fuse"),)] == 40
    assert page["smsctl_fuse_ratio", (("rule", "fuse"),)] == 0.25
    assert page["smsctl_conversion_ratio", ()] == 0.6  # of ten that were, or may have been, sent
    assert page["smsctl_last_success_timestamp_seconds", ()] == 12.5
    assert page["smsctl_collected_timestamp_seconds", ()] == 99


def test_what_can_be_counted_is_there_from_the_start() -> None:
    """At 0: a counter that appears with its first count never shows that one as an increase."""
    watch = replace(rule("watch", "all", 1, "1h"), mode="observe")
    policy = replace(
        Policy(),
        rules=(rule("phone", "phone", 1, "60s"), watch),
        purposes={name: Purpose(template="SMS_1") for name in ("login", "pay")},
    )
    day = Day.of("2026-11-23", {})
    page = read(prom_text(day, [], policy=policy, last_success=None, now=99.0))
    assert {count for (name, _), count in page.items() if name.endswith("_total")} == {0.0}
    sends = {labels for name, labels in page if name == "smsctl_sends_total"}
    assert len(sends) == 3 * 2
    assert {dict(labels)["rule"] for name, labels in page if name == "smsctl_refused_total"} == {
        *("phone", "captcha", "country", "denied", "locked", "paused")
    }
    assert page["smsctl_observed_total", (("rule", "watch"),)] == 0


def test_the_file_is_put_in_place_whole(desk: Desk, tmp_path: Path) -> None:
    """Readable by others, nothing left beside it, and the last success is in it."""
    desk("send", PHONE)
    target = tmp_path / "out" / "smsctl.prom"
    target.parent.mkdir()
    target.write_text("old")
    assert desk("usage", "-o", "prom", "--out", str(target)).code == 0
    page = read(target.read_text())
    assert page["smsctl_sends_total", (("outcome", "sent"), ("purpose", "login"))] == 1
    assert page["smsctl_last_success_timestamp_seconds", ()] > 1_700_000_000
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert [each.name for each in target.parent.iterdir()] == ["smsctl.prom"]
    assert read(desk("usage", "-o", "prom").out)["smsctl_up", ()] == 1


def test_a_store_that_is_down_is_a_metric(desk: Desk, tmp_path: Path) -> None:
    """Else an alert on it would read the figures of yesterday."""
    target = tmp_path / "smsctl.prom"
    told = desk(
        "usage", "-o", "prom", "--out", str(target), SMSCTL_STORE__URL="redis://127.0.0.1:1/0"
    )
    assert told.code == 69
    page = read(target.read_text())
    assert page.pop(("smsctl_collected_timestamp_seconds", ())) > 1_700_000_000
    assert page == {("smsctl_up", ()): 0}


@pytest.mark.parametrize(
    "words",
    [
        ["-o", "json"],
        ["--out", "x"],
        ["-o", "prom", "--out", "/nowhere/x"],
        ["--check", "--check-gateway"],
        ["-w", "5"],
        ["-o", "prom", "-w", "5"],
        ["-o", "prom", "--days", "5"],
        ["-o", "prom", "--by", "hour"],
        ["-o", "prom", "--check"],
        ["--by", "hour", "--check"],
        ["--by", "hour", "-w", "5"],
        ["--check", "--days", "5"],
        ["--check", "--top", "5"],
        ["--check-conversion", "-w", "30", "-c", "50"],
        ["--check-gateway", "-w", "30", "-c", "20"],
    ],
)
def test_bad_input_is_a_usage_error(desk: Desk, words: list[str]) -> None:
    """Nothing is dropped without a word; for the checks 3, as monitoring has it."""
    checks = [word for word in words if word.startswith("--check")]
    assert desk("usage", *words).code == (3 if checks else 2)


@pytest.mark.parametrize(
    ("verified", "sent", "code"),
    [(0, 49, 0), (25, 50, 0), (24, 50, 1), (15, 50, 1), (14, 50, 2), (50, 50, 0)],
)
def test_conversion_is_judged_below_its_thresholds(verified: int, sent: int, code: int) -> None:
    """Below 50 percent a warning, below 30 critical; of too few nothing is said."""
    told = plugin.conversion(verified, sent, least=50, warning=50, critical=30)
    assert told.code == code
    assert told.line.count("|") == 1


@pytest.mark.parametrize(
    ("failed", "made", "code"), [(0, 0, 0), (4, 100, 0), (5, 100, 1), (19, 100, 1), (20, 100, 2)]
)
def test_gateway_errors_are_judged_from_their_thresholds(failed: int, made: int, code: int) -> None:
    """Reaching counts."""
    assert plugin.gateway(failed, made, warning=5, critical=20).code == code


def test_the_checks_read_the_store(desk: Desk) -> None:
    """One line each."""
    for phone in (PHONE, OTHER):
        desk("send", phone)
    gateway = desk("usage", "--check-gateway")
    assert (gateway.code, gateway.out.count("\n")) == (0, 1)
    assert "0 of 2 sends failed" in gateway.out
    conversion = desk("usage", "--check-conversion")
    assert conversion.code == 0
    assert "too few sends: 0 of 50" in conversion.out
    down = desk("usage", "--check-gateway", SMSCTL_STORE__URL="redis://127.0.0.1:1/0")
    assert down.code == 3
