"""How many sends a set of rules can admit at most in a span of time.

Every figure is an upper bound that needs no assumption about who sends what. Knows no clock: a
day has 24 hours here, and the one day of a year with 25 is not told apart.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from smsctl.core.policy import Policy
from smsctl.core.rules import Per, Rule

DAY = 86400.0
LONGEST_MONTH = 31 * DAY
SHORTEST_MONTH = 28 * DAY


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which sends are added up."""

    seconds: float
    days_cut: int
    """Calendar midnights that may lie within it."""
    months_cut: int
    """Calendar months' ends that may lie within it."""


CALENDAR_DAY = Span(DAY, 0, 0)
CALENDAR_MONTH = Span(LONGEST_MONTH, 30, 0)


def any_span(seconds: float) -> Span:
    """Return the span of that length, wherever it lies."""
    return Span(
        seconds,
        math.ceil(seconds / DAY),
        1 if seconds <= SHORTEST_MONTH else 2,
    )


def window_span(rule: Rule) -> Span:
    """Return the span in which the rule itself adds up."""
    match rule.window.unit:
        case "day":
            return CALENDAR_DAY
        case "month":
            return CALENDAR_MONTH
        case "rolling":
            return any_span(rule.window.length / 1000)


def admitted(rule: Rule, span: Span) -> int:
    """Return the most that the rule admits of one subject within the span.

    A rolling rule admits `max` at once, then as many when its window has passed.
    """
    match rule.window.unit:
        case "day":
            return rule.max * (1 + span.days_cut)
        case "month":
            return rule.max * (1 + span.months_cut)
        case "rolling":
            return rule.max * max(1, math.ceil(span.seconds / (rule.window.length / 1000)))


def most(policy: Policy, span: Span, *, of: Collection[Per], country: str | None = None) -> float:
    """Return the most that the enforced rules admit within the span; infinite where nothing bounds.

    `of` are the kinds of rules that count all sends in question as one subject: `{"all"}` for
    the whole system, `{"phone", "prefix", "all"}` for one phone. `country`: those of one alone.
    """
    rules = [rule for rule in policy.rules if rule.mode == "enforce"]
    purposes = list(policy.purposes)
    places = [country] if country else sorted(policy.countries)
    # Where no rule tells them apart, one stands for all.
    if not any(rule.per == "purpose" or rule.only_purpose for rule in rules):
        purposes = purposes[:1]
    if not any(rule.per == "country" or rule.only_country for rule in rules):
        places = places[:1]
    return _most(rules, span, frozenset(of), tuple(purposes), tuple(places))


def _most(
    rules: Sequence[Rule],
    span: Span,
    of: frozenset[Per],
    purposes: tuple[str, ...],
    places: tuple[str, ...],
) -> float:
    """Return the least of what bounds them together, by purpose, and by country."""
    kinds: set[Per] = set(of)
    if len(purposes) == 1:
        kinds.add("purpose")
    if len(places) == 1:
        kinds.add("country")
    bounds: list[float] = [
        admitted(rule, span)
        for rule in rules
        if rule.per in kinds
        and (rule.only_purpose is None or purposes == (rule.only_purpose,))
        and (rule.only_country is None or places == (rule.only_country,))
    ]
    if len(purposes) > 1:
        bounds.append(sum(_most(rules, span, of, (each,), places) for each in purposes))
    if len(places) > 1:
        bounds.append(sum(_most(rules, span, of, purposes, (each,)) for each in places))
    return min(bounds, default=math.inf)
