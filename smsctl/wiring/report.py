"""All figures of a report, read from the store and reckoned once: every page tells the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from smsctl.core.admin import Act, Day
from smsctl.core.blocking import run_blocking
from smsctl.core.breakdown import ByCaller, Share, by_cells, worst
from smsctl.core.incidents import Incident, incidents
from smsctl.core.rules import daily_fuse, raise_rules
from smsctl.core.summary import Spent, Totals, spent, tally, totals, weekdays
from smsctl.wiring.callers import REMEMBERED, Callers, callers_of
from smsctl.wiring.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What there is to tell of a span of days."""

    at: datetime
    """When it was read, in the configured time zone."""
    zone: ZoneInfo
    days: Sequence[Day]
    """Oldest first; the last is today and not over yet."""
    fuse: int | None
    """The `max` in force of the tightest fuse of a day, or None."""
    totals: Totals
    spent: Spent
    weekdays: Sequence[Sequence[int]]
    """Sends by weekday from Monday and hour from midnight."""
    refused: Mapping[str, int]
    """By rule or reason, most first."""
    observed: Mapping[str, int]
    purposes: Sequence[Share]
    countries: Sequence[Share]
    callers: Mapping[ByCaller, Callers]
    """Number prefixes and client addresses of the last days, the worst first."""
    caller_days: int
    """How many days these are."""
    incidents: Sequence[Incident]
    """Oldest first."""
    acts: Sequence[Act]
    """What operators did, oldest first."""


def report(parts: Parts, *, days: int, top: int) -> Report:
    """Return the report of the last days, today included. Raises StoreUnavailable.

    `top` is how many prefixes and addresses are told.
    """
    config, policy = parts.config, parts.policy
    zone = policy.timezone
    book, now = run_blocking(parts.overrides.read())
    rules = raise_rules(policy.rules, book.raised(now))
    counted = run_blocking(parts.admin.usage(days))
    first = counted[0].midnight(zone)
    recent = counted[-REMEMBERED:]
    callers = callers_of(parts, recent)
    fuse = daily_fuse(rules)
    return Report(
        at=datetime.fromtimestamp(now, zone),
        zone=zone,
        days=counted,
        fuse=fuse.max if fuse else None,
        totals=totals(counted),
        spent=spent(
            counted, policy, sign_name=config.gateway.sign_name, price=config.gateway.price
        ),
        weekdays=weekdays(counted),
        refused=tally(counted, "refused"),
        observed=tally(counted, "observed"),
        purposes=worst(by_cells(counted, "purpose"), top),
        countries=worst(by_cells(counted, "country"), top),
        callers={
            by: replace(found, shares=worst(found.shares, top)) for by, found in callers.items()
        },
        caller_days=len(recent),
        incidents=incidents(
            counted,
            run_blocking(parts.outbox.raised()),
            fuses={rule.name for rule in rules if rule.fuse and rule.mode == "enforce"},
            zone=zone,
        ),
        acts=[
            act
            for act in reversed(run_blocking(parts.admin.acts()))
            if datetime.fromisoformat(act.at) >= first
        ],
    )
