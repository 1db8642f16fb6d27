"""What went wrong in a span of days: alerts that were raised, and hours in which a fuse was full.

Pure. Alerts of consecutive hours that say the same are one incident.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal
from zoneinfo import ZoneInfo

from smsctl.core.admin import Day
from smsctl.core.alerts import Alert

IncidentKind = Literal["fuse", "conversion", "gateway", "captcha", "full"]
_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that an operator was, or should have been, told of."""

    kind: IncidentKind
    """As of an alert; or `full`: a fuse refused."""
    subject: str
    """The fuse's rule, a purpose or `all`, the vendor's code, `outage`."""
    since: float
    """Unix seconds: when the alert was raised; of `full` the hour in which it began."""
    until: float
    """The newest alert's time; of `full` the end of the last hour."""
    level: int = 0
    """As of an alert."""
    figures: tuple[int, int] = (0, 0)
    """As of the newest alert."""
    refused: int = 0
    """Of `full`: how many requests the fuse refused."""


def incidents(
    days: Sequence[Day], alerts: Iterable[Alert], *, fuses: Collection[str], zone: ZoneInfo
) -> list[Incident]:
    """Return what went wrong since the first day's midnight, oldest first.

    `fuses` are the names of rules `per: all` that enforce.
    """
    first = days[0].midnight(zone).timestamp()
    told = chain(_raised(alert for alert in alerts if alert.at >= first), _full(days, fuses, zone))
    return sorted(told, key=lambda each: (each.since, each.kind, each.subject, each.level))


def _raised(alerts: Iterable[Alert]) -> Iterator[Incident]:
    """Yield one incident for alerts alike whose hours follow each other."""
    found: dict[tuple[str, str, int], Incident] = {}
    for alert in sorted(alerts, key=lambda each: each.at):
        if alert.kind == "test":
            continue
        key = (alert.kind, alert.subject, alert.level)
        earlier = found.get(key)
        if earlier is not None:
            if _next_to(earlier, alert):
                found[key] = replace(earlier, until=alert.at, figures=alert.figures)
                continue
            yield earlier
        found[key] = Incident(
            kind=alert.kind,
            subject=alert.subject,
            level=alert.level,
            since=alert.at,
            until=alert.at,
            figures=alert.figures,
        )
    yield from found.values()


def _full(days: Sequence[Day], fuses: Collection[str], zone: ZoneInfo) -> Iterator[Incident]:
    """Yield one incident for each run of hours in which a fuse refused."""
    hours: dict[str, Counter[float]] = {name: Counter() for name in fuses}
    for day in days:
        midnight = day.midnight(zone).timestamp()
        for cell, count in day.cells.items():
            if cell.what == "refused" and cell.name in hours:
                hours[cell.name][midnight + cell.hour * _HOUR] += count
    for name, refused in hours.items():
        run: Incident | None = None
        for start, count in sorted(refused.items()):
            if run is not None and start <= run.until:
                run = replace(run, until=start + _HOUR, refused=run.refused + count)
                continue
            if run is not None:
                yield run
            run = Incident(
                kind="full", subject=name, since=start, until=start + _HOUR, refused=count
            )
        if run is not None:
            yield run


def _next_to(earlier: Incident, alert: Alert) -> bool:
    """Say whether the alert tells that the same trouble goes on; each fuse's window is another."""
    return alert.kind != "fuse" and _hour(alert.at) - _hour(earlier.until) <= _HOUR


def _hour(at: float) -> float:
    return at - at % _HOUR
