"""What `report` says, as a JSON document and as lines for pipes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from smsctl.cli.frame.result import Cell
from smsctl.cli.shares import LOW, remarks, share_document
from smsctl.core.breakdown import By, ByCaller, Share
from smsctl.core.incidents import Incident
from smsctl.core.summary import Totals, totals

if TYPE_CHECKING:
    from smsctl.wiring.callers import Callers  # redis-py: 75 ms
    from smsctl.wiring.report import Report  # as above

_COUNTS = ("sent", "unsure", "rejected", "verified", "refused", "observed", "test", "outage")
_ACT = ("at", "who", "what", "reason")
COLUMNS = ("date", *_COUNTS, "conversion")


def report_document(told: Report) -> Mapping[str, Any]:
    """Return `smsctl.report/1`; money is CNY, as text."""
    money = told.spent
    average = told.totals.conversion
    return {
        "at": told.at.isoformat(timespec="seconds"),
        "timezone": told.zone.key,
        "fuse_max": told.fuse,
        "total": _totals(told.totals),
        "cost": {
            "currency": "CNY",
            "sent": str(money.sent),
            "unsure": str(money.unsure),
            "averted": str(money.averted),
            "abroad": money.abroad,
            "texts_known": money.texts_known,
        },
        "days": [
            {"date": day.date, **_totals(totals([day])), "refused_by": dict(day.refused)}
            for day in told.days
        ],
        "weekdays": told.weekdays,
        "refused": dict(told.refused),
        "observed": dict(told.observed),
        "purposes": _shares("purpose", told.purposes, average),
        "countries": _shares("country", told.countries, average),
        "callers": {
            "days": told.caller_days,
            "prefixes": _callers("prefix", told.callers["prefix"]),
            "addresses": _callers("ip", told.callers["ip"]),
        },
        "incidents": [_incident(each, told.zone) for each in told.incidents],
        "acts": [{name: getattr(act, name) for name in _ACT} for act in told.acts],
    }


def report_rows(told: Report) -> Iterator[Sequence[Cell]]:
    """Yield each day's line of TSV."""
    for day in told.days:
        yield day.date, *_totals(totals([day])).values()


def _totals(found: Totals) -> Mapping[str, Any]:
    conversion = found.conversion
    return {
        **asdict(found),
        "conversion": None if conversion is None else round(conversion, 1),
    }


def _shares(by: By, shares: Sequence[Share], average: float | None) -> Sequence[Mapping[str, Any]]:
    return [share_document(share, by, low=LOW in remarks(share, by, average)) for share in shares]


def _callers(by: ByCaller, found: Callers) -> Mapping[str, Any]:
    rows = _shares(by, found.shares, found.conversion)
    return {"refused_error": found.error, "rows": rows}


def _incident(each: Incident, zone: ZoneInfo) -> Mapping[str, Any]:
    since, until = (
        datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
        for at in (each.since, each.until)
    )
    return {
        "kind": each.kind,
        "subject": each.subject,
        "since": since,
        "until": until,
        "level": each.level,
        "figures": [*each.figures],
        "refused": each.refused,
    }
