"""How full the fuses are, and when they would trip. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from smsctl.core.admin import Standing
from smsctl.core.pace import calendar_window, moment, trips_at
from smsctl.core.policy import Policy
from smsctl.core.rules import Rule, daily_fuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuse:
    """One rule `per: all` and what it has admitted in its window."""

    rule: Rule
    used: int
    trips_at: datetime | None
    """At the window's pace so far; None where it would not trip before the window ends."""

    @property
    def remaining(self) -> int:
        """How many more it admits."""
        return max(0, self.rule.max - self.used)

    @property
    def percent(self) -> float:
        """How full it is, to two places, rounded down: 95.0 is never told before it is reached."""
        return math.floor(self.used * 10_000 / self.rule.max) / 100

    def reached(self, percent: float) -> bool:
        """Say whether that much of it is used."""
        return self.used * 100 >= percent * self.rule.max


def fuses(policy: Policy, standing: Standing, *, now: float) -> list[Fuse]:
    """Return every fuse in the rules' order; `now` is in Unix seconds."""
    used = {level.rule: level.used for level in standing.levels if level.subject == "all"}
    return [
        Fuse(
            rule=rule,
            used=used[rule.name],
            trips_at=_trips(policy, rule, used[rule.name], now),
        )
        for rule in policy.rules
        if rule.name in used
    ]


def fullest(found: Sequence[Fuse]) -> Fuse | None:
    """Return the fuse that would refuse first, or None; one that only observes comes last."""
    return max(found, key=_urgency, default=None)


def daily(found: Sequence[Fuse]) -> Fuse | None:
    """Return the fuse that a whole day is measured against, or None: the tightest of a day."""
    rule = daily_fuse(fuse.rule for fuse in found)
    return next((fuse for fuse in found if fuse.rule is rule), None)


def _urgency(fuse: Fuse) -> tuple[bool, float]:
    return fuse.rule.mode == "enforce", fuse.used / fuse.rule.max


def _trips(policy: Policy, rule: Rule, used: int, now: float) -> datetime | None:
    """Return when it trips. A rolling fuse at a steady pace stays where it is: only when full."""
    unit = rule.window.unit
    if unit == "rolling":
        return moment(now, policy.timezone) if used >= rule.max else None
    start, end = calendar_window(unit, now, policy.timezone)
    at = trips_at(start=start, now=now, end=end, used=used, most=rule.max)
    return None if at is None else moment(at, policy.timezone)
