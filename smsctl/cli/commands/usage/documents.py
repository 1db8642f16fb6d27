"""What `usage` says, as a JSON document. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from smsctl.cli.commands.fuses import Fuse, fullest
from smsctl.core.admin import ADMITTED, Day
from smsctl.core.promise import Promise

OUTCOMES = ("sent", "rejected", "unknown", "pending", "verified")


def usage_document(
    timezone: str, found: Sequence[Fuse], days: Sequence[Day], worst: Promise
) -> Mapping[str, Any]:
    """Return `smsctl.usage/1`; days ascend, today last."""
    first = fullest(found)
    return {
        "timezone": timezone,
        "fuse": None if first is None else fuse_document(first),
        "fuses": [fuse_document(each) for each in found],
        "days": [_day(each) for each in days],
        "promise": _promise(worst),
    }


def admitted(day: Day) -> int:
    """Return what a day's fuse counts: everything that was, or may have been, sent."""
    return sum(day.outcomes.get(each, 0) for each in ADMITTED)


def refused(day: Day) -> int:
    """Return how many requests were refused, by whatever."""
    return sum(day.refused.values())


def fuse_document(fuse: Fuse) -> Mapping[str, Any]:
    """Return one fuse, as every document tells it."""
    return {
        "rule": fuse.rule.name,
        "window": fuse.rule.window.text,
        "mode": fuse.rule.mode,
        "used": fuse.used,
        "max": fuse.rule.max,
        "remaining": fuse.remaining,
        "percent": fuse.percent,
        "trips_at": fuse.trips_at and fuse.trips_at.isoformat(),
    }


def _day(day: Day) -> Mapping[str, Any]:
    return {
        "date": day.date,
        **{each: day.outcomes.get(each, 0) for each in OUTCOMES},
        "outage": day.outcomes.get("outage", 0),
        "test": day.outcomes.get("test", 0),
        "refused": dict(day.refused),
        "observed": dict(day.observed),
    }


def _promise(worst: Promise) -> Mapping[str, Any]:
    told = asdict(worst)
    told["cost_cny"] = None if worst.cost is None else float(worst.cost)
    del told["cost"]
    return told
