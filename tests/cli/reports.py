"""Thirty days of a site that was pumped on one night, as the report's values. Made up, seeded."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from smsctl.core.admin import Act, Cell, Day
from smsctl.core.alerts import Alert
from smsctl.core.breakdown import Share, by_cells, overall
from smsctl.core.incidents import incidents
from smsctl.core.policy import Policy
from smsctl.core.summary import spent, tally, totals, weekdays
from smsctl.wiring.callers import Callers
from smsctl.wiring.report import Report

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 23)
_PUMPED = 9  # days before today
_RULES = ("phone-minute", "ip-day", "captcha", "country", "prefix-day", "denied")
_PREFIXES = ("+861620013", "+861380013", "+861700013", "+8614400134", "+85251234")


def pumped_month(days: int = 30, *, fuse: int | None = 5000) -> Report:
    """Return the report of a month, with an incident and an operator's answer to it."""
    chance = random.Random(23)
    counted = [_day(chance, days - 1 - number) for number in range(days)]
    night = datetime(2026, 11, 14, 2, 10, tzinfo=ZONE).timestamp()
    policy = Policy()
    return Report(
        at=datetime(2026, 11, 23, 21, 30, tzinfo=ZONE),
        zone=ZONE,
        days=counted,
        fuse=fuse,
        totals=totals(counted),
        spent=spent(counted, policy, sign_name="示例", price=Decimal("0.045")),
        weekdays=weekdays(counted),
        refused=tally(counted, "refused"),
        observed=tally(counted, "observed"),
        purposes=by_cells(counted, "purpose"),
        countries=by_cells(counted, "country"),
        callers={"prefix": _callers(chance, _PREFIXES), "ip": _callers(chance, _addresses())},
        caller_days=8,
        incidents=incidents(
            counted,
            [
                *(_alert("fuse", "fuse", night + 600 * level, level) for level in (50, 80, 100)),
                _alert("conversion", "all", night + 3000, 30),
                _alert("gateway", "isv.AMOUNT_NOT_ENOUGH", night + 9000, 0),
                _alert("captcha", "outage", night - 86400, 0),
            ],
            fuses={"fuse"},
            zone=ZONE,
        ),
        acts=[
            _act(night + 7200, "pause all for 30m", "被刷：夜间流量异常"),
            _act(night + 30000, "fuse raise fuse to 8000 until midnight", "<b>marketing</b> & co"),
        ],
    )


def _day(chance: random.Random, back: int) -> Day:
    day = TODAY - timedelta(days=back)
    cells: Counter[Cell] = Counter()
    for hour in range(24 if back else 21):
        busy = 3 if hour < 7 else 60 if 9 <= hour < 22 else 20
        busy = busy // 2 if day.weekday() > 4 else busy
        sent = chance.randrange(busy, busy * 2)
        where = {"country": "CN", "hour": hour}
        if back == _PUMPED and 2 <= hour < 9:
            cells[Cell(what="refused", name="fuse", purpose="login", **where)] += 2900  # type: ignore[arg-type]
            sent += 700
        for purpose, part in (("login", sent * 3 // 4), ("register", sent // 4)):
            told = {"name": "", "purpose": purpose, **where}
            cells[Cell(what="sent", **told)] += part  # type: ignore[arg-type]
            cells[Cell(what="verified", **told)] += part * (1 if sent > 300 else 17) // 20  # type: ignore[arg-type]
        cells[Cell(what="rejected", name="", purpose="login", **where)] += sent // 40  # type: ignore[arg-type]
        cells[Cell(what="unknown", name="", purpose="login", **where)] += sent // 60  # type: ignore[arg-type]
        for number, rule in enumerate(_RULES):
            refused = chance.randrange(0, 14 // (number + 1) + 2)
            cells[Cell(what="refused", name=rule, purpose="login", **where)] += refused  # type: ignore[arg-type]
    return Day.of(day.isoformat(), cells)


def _addresses() -> Sequence[str]:
    return [f"203.0.113.{number}" for number in range(1, 7)] + ["2001:db8:85a3::/64"]


def _callers(chance: random.Random, names: Sequence[str]) -> Callers:
    shares = [
        Share(
            name=name,
            sent=sent,
            verified=0 if number == 0 else sent * 17 // 20,
            refused=chance.randrange(20_000 // (number + 1)),
            phones=sent // 2 + 1,
        )
        for number, name in enumerate(names)
        for sent in [chance.randrange(20, 400)]
    ]
    refused = sum(share.refused for share in shares)
    return Callers(shares=shares, conversion=overall(shares), error=120, total=refused)


def _alert(kind: str, subject: str, at: float, level: int) -> Alert:
    return Alert(
        kind=kind,  # type: ignore[arg-type]
        subject=subject,
        level=level,
        ends=at + 3600,
        at=at,
        figures=(level * 50, 5000),
    )


def _act(at: float, what: str, reason: str) -> Act:
    told = datetime.fromtimestamp(at, ZONE).isoformat(timespec="seconds")
    return Act(at=told, who="li.na", what=what, reason=reason)
