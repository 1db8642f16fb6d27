"""What a policy says that its author can hardly have meant: looked at rule by rule, and as a whole.

Pure: what the server or the vendor's account has to say is looked at elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from smsctl.core.bounds import CALENDAR_DAY, DAY, Span, admitted, any_span, most, window_span
from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.core.policy import Policy
from smsctl.core.rules import Per, Rule

_WITHIN: dict[Per, frozenset[Per]] = {
    "phone": frozenset({"phone", "prefix", "country", "all"}),
    "ip": frozenset({"ip", "all"}),
    "prefix": frozenset({"prefix", "country", "all"}),
    "country": frozenset({"country", "all"}),
    "purpose": frozenset({"purpose", "all"}),
    "all": frozenset({"all"}),
}
"""Whose rules count at least all that a rule of this kind counts."""

_VENDOR = (
    (phrase("minute"), Span(60, 0, 0), 1),
    (phrase("hour"), Span(3600, 0, 0), 5),
    (phrase("24 hours"), any_span(DAY), 10),
)
"""Alibaba's own limits for one phone and signature in the mainland: help.aliyun.com, documents
44335 and 2881383. Minute and hour go by the clock, the day runs from a send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing worth an operator's look."""

    level: Literal["ok", "warn", "error"]
    """`error` breaks what the guard is for, `warn` is hardly meant, `ok` is a recommendation."""
    check: str
    """What kind of finding: `limits.never-binds`."""
    rules: tuple[str, ...] = ()
    """The names of the rules that it is about."""
    message: Phrase
    hint: Phrase = NOTHING


def review(policy: Policy) -> tuple[Finding, ...]:
    """Return what there is to say, errors first; the defaults get a recommendation and no more."""
    found = [
        *_fuse(policy),
        *_subjects(policy),
        *_vendor(policy),
        *_never(policy),
        *_code(policy),
    ]
    return tuple(sorted(found, key=lambda each: ("error", "warn", "ok").index(each.level)))


def _fuse(policy: Policy) -> Iterator[Finding]:
    """A bill that nothing bounds is what the guard is there to prevent."""
    if not math.isinf(most(policy, CALENDAR_DAY, of={"all"})):
        return
    fuses = [rule for rule in policy.rules if rule.fuse]
    names = tuple(rule.name for rule in fuses)
    if not fuses:
        yield Finding(
            level="error",
            check="limits.no-fuse",
            message=phrase("no rule bounds the messages of a day: the bill has no end"),
            hint=phrase("add {rule}", rule="{name: fuse, per: all, max: 5000, window: day}"),
        )
    elif all(rule.mode == "observe" for rule in fuses):
        yield Finding(
            level="warn",
            check="limits.fuse-observes",
            rules=names,
            message=phrase("the fuse only observes: it never stops a message"),
            hint=phrase("write mode: enforce when the figures are as you want them"),
        )
    else:
        yield Finding(
            level="warn",
            check="limits.fuse-partial",
            rules=names,
            message=phrase("every fuse is for some messages only: the others have none"),
            hint=phrase("add one without only"),
        )


def _subjects(policy: Policy) -> Iterator[Finding]:
    enforced = {rule.per for rule in policy.rules if rule.mode == "enforce"}
    if "phone" not in enforced:
        yield Finding(
            level="warn",
            check="limits.no-phone",
            message=phrase("no rule bounds one phone: a stranger can be flooded with messages"),
            hint=phrase("add a rule with per: phone, like 1 in 60s"),
        )
    if "ip" not in enforced:
        yield Finding(
            level="warn",
            check="limits.no-ip",
            message=phrase("no rule bounds one address: one program can use up the whole day"),
            hint=phrase("add a rule with per: ip, like 10 in a day"),
        )


def _vendor(policy: Policy) -> Iterator[Finding]:
    """Only the mainland has these; a phone without rules was told already."""
    names = tuple(
        rule.name for rule in policy.rules if rule.per == "phone" and rule.mode == "enforce"
    )
    if "CN" not in policy.countries or not names:
        return
    for window, span, limit in _VENDOR:
        ours = most(policy, span, of={"phone", "prefix", "all"}, country="CN")
        if ours > limit:
            yield Finding(
                level="warn",
                check="limits.looser-than-vendor",
                rules=names,
                message=phrase(
                    "one phone may get {ours} within {window}, and Alibaba sends at most {limit}",
                    ours="any number" if math.isinf(ours) else int(ours),
                    window=window,
                    limit=limit,
                ),
                hint=phrase("what is over is refused there, after the guard said yes"),
            )


def _never(policy: Policy) -> Iterator[Finding]:
    for index, rule in enumerate(policy.rules):
        if rule.only_country is not None and rule.only_country not in policy.countries:
            yield Finding(
                level="warn",
                check="limits.never-counts",
                rules=(rule.name,),
                message=phrase(
                    "{rule} counts {country} alone, which phone.countries does not let through",
                    rule=rule.name,
                    country=rule.only_country,
                ),
                hint=phrase("take the rule out, or add the country"),
            )
            continue
        tighter = _tighter(policy.rules, index)
        if tighter is not None:
            yield Finding(
                level="warn",
                check="limits.never-binds",
                rules=(rule.name, tighter.name),
                message=phrase(
                    "{rule} never decides anything: {tighter} always refuses first",
                    rule=rule.name,
                    tighter=tighter.name,
                ),
                hint=phrase("take it out, or make its max smaller"),
            )


def _tighter(rules: tuple[Rule, ...], index: int) -> Rule | None:
    """Return an enforced rule that admits no more than the rule at `index`, whatever comes.

    Of two rules that bound the same, the later one is superfluous.
    """
    rule = rules[index]
    for place, other in enumerate(rules):
        if place == index or other.mode == "observe" or not _covers(other, rule):
            continue
        if admitted(other, window_span(rule)) > rule.max:
            continue
        mutual = (
            rule.mode == "enforce"
            and _covers(rule, other)
            and admitted(rule, window_span(other)) <= other.max
        )
        if not mutual or place < index:
            return other
    return None


def _covers(wide: Rule, narrow: Rule) -> bool:
    """Say whether `wide` counts everything that `narrow` counts, under one subject."""
    return (
        wide.per in _WITHIN[narrow.per]
        and wide.only_purpose in {None, narrow.only_purpose}
        and wide.only_country in {None, narrow.only_country}
    )


def _code(policy: Policy) -> Iterator[Finding]:
    code = policy.code
    if code.wrong_max < code.tries:
        yield Finding(
            level="warn",
            check="code.tries",
            message=phrase(
                "a phone is locked after {wrong} wrong tries, before a code's {tries} are used",
                wrong=code.wrong_max,
                tries=code.tries,
            ),
            hint=phrase("raise code.wrong.max, or lower code.tries"),
        )
    if code.challenge == "none":
        # Not a warning: clients must change for it, and a warning that stays is not read.
        yield Finding(
            level="ok",
            check="code.challenge",
            message=phrase("whoever knows a number can use up its tries and lock it"),
            hint=phrase("recommended: challenge: required, once your clients send it back"),
        )
