"""The one mechanism of all limits: a rule, its window, and the tracks in which rules are counted.

Knows nothing of how a track is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Per = Literal["phone", "ip", "prefix", "country", "purpose", "all"]
Mode = Literal["enforce", "observe"]
Blame = Literal["account", "phone", "number"]
"""For whose sake the vendor rejects: the account, too much to one phone, or the number itself."""
Unit = Literal["rolling", "day", "month"]

MAX_ROLLING = 100
"""A rolling rule remembers each admitted time, so its `max` is bounded; larger are calendar."""

MAX_TRACKS = 12
"""What one script call can touch: `store/lua/parts/held.lua` writes out each number of keys."""

KEPT_BY: Mapping[Blame, frozenset[Per]] = {
    "account": frozenset(),
    "phone": frozenset({"phone"}),
    "number": frozenset({"ip"}),
}
"""Which rules a rejection returns nothing to. Bad numbers cost nothing, so the caller's own rules
bound them."""

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def read_duration(text: str) -> float:
    """Return the seconds that `60s`, `1.5h` or `500ms` says. Raises ValueError."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(text)
    return float(match[1]) * _SECONDS[match[2]]


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a rule counts: rolling and exact, or a calendar day or month."""

    text: str
    """As the operator wrote it: `60s`, `day`."""
    unit: Unit
    length: int
    """Milliseconds of a rolling window; 0 for a calendar one."""

    @classmethod
    def read(cls, text: str) -> Window:
        """Return the window that `text` says. Raises ValueError."""
        match text:
            case "day" | "month":
                return cls(text, text, 0)
            case _:
                return cls(text, "rolling", round(read_duration(text) * 1000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """At most `max` admitted sends of one subject within `window`."""

    name: str
    per: Per
    max: int
    window: Window
    mode: Mode = "enforce"
    only_purpose: str | None = None
    """Counts this purpose alone; None counts every purpose."""
    only_country: str | None = None
    """Counts this country alone; None counts every country."""

    @property
    def fuse(self) -> bool:
        """Whether the rule bounds the whole system."""
        return self.per == "all"


@dataclass(frozen=True, slots=True)
class Track:
    """The rules that share one count: same subject, same filter, same kind of window."""

    per: Per
    unit: Unit
    only_purpose: str | None
    only_country: str | None
    rules: tuple[Rule, ...]

    @property
    def keep(self) -> int:
        """How many times a rolling track remembers: one more than any rule looks back on.

        The one more is for what a reset leaves behind (`ledger.py`).
        """
        return max(rule.max for rule in self.rules) + 1

    @property
    def name(self) -> str:
        """What tells this track from the subject's others: `phone`, `all:day`, `all:day:login`."""
        parts = [self.per if self.unit == "rolling" else f"{self.per}:{self.unit}"]
        if self.only_purpose is not None:
            parts.append(f"purpose={self.only_purpose}")
        if self.only_country is not None:
            parts.append(f"country={self.only_country}")
        return ":".join(parts)


def raise_rules(rules: Iterable[Rule], raised: Mapping[str, int]) -> tuple[Rule, ...]:
    """Return the rules as they are in force while some of them are raised."""
    return tuple(
        replace(rule, max=raised[rule.name]) if rule.name in raised else rule for rule in rules
    )


def daily_fuse(rules: Iterable[Rule]) -> Rule | None:
    """Return the fuse that a whole day is measured against, or None: the tightest of a day."""
    whole = [
        rule
        for rule in rules
        if rule.fuse
        and rule.window.unit == "day"
        and rule.mode == "enforce"
        and rule.only_purpose is None
        and rule.only_country is None
    ]
    return min(whole, key=lambda rule: rule.max, default=None)


def tracks(rules: Iterable[Rule]) -> tuple[Track, ...]:
    """Return the tracks that these rules are counted in, in the order of first mention."""
    groups: dict[tuple[Per, Unit, str | None, str | None], list[Rule]] = {}
    for rule in rules:
        where = (rule.per, rule.window.unit, rule.only_purpose, rule.only_country)
        groups.setdefault(where, []).append(rule)
    return tuple(Track(*where, tuple(group)) for where, group in groups.items())
