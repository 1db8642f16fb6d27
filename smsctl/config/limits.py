"""The rules as the operator lists them, and what no rule may say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from smsctl.config.entries import is_repeated, listed
from smsctl.config.intake import Intake
from smsctl.config.leaves import Leaf, Node
from smsctl.config.readers import choice, country, name, whole, window
from smsctl.core.phrase import phrase
from smsctl.core.policy import DEFAULT_RULES
from smsctl.core.rules import MAX_ROLLING, MAX_TRACKS, Rule, tracks

RESERVED = frozenset({"captcha", "country", "denied", "paused", "locked"})
"""Names of refusals that no rule makes: a rule of that name would be counted among them."""

_LARGEST = 1_000_000_000

RULE: Mapping[str, Leaf] = {
    "name": Leaf(read=name, default=None),
    "per": Leaf(read=choice("phone", "ip", "prefix", "country", "purpose", "all"), default=None),
    "max": Leaf(read=whole(1, _LARGEST), default=None),
    "window": Leaf(read=window, default=None),
    "mode": Leaf(read=choice("enforce", "observe"), default="enforce"),
}
ONLY: Mapping[str, Leaf] = {
    "purpose": Leaf(read=name, default=None),
    "country": Leaf(read=country, default=None),
}

DEFAULT_LIMITS: Node = [
    {"name": rule.name, "per": rule.per, "max": str(rule.max), "window": rule.window.text}
    for rule in DEFAULT_RULES
]


def limits(intake: Intake, node: Node, *, purposes: Collection[str]) -> tuple[Rule, ...]:
    """Return the rules that are whole; what is known of the others is looked at all the same."""
    rules: list[Rule] = []
    seen: set[str] = set()
    for path, each in listed(intake, node, "limits"):
        values = intake.entry(RULE, each, path, inner=["only"]) or {}
        only = _only(intake, each, f"{path}.only")
        if is_repeated(values.get("name"), seen):
            intake.problem(
                f"{path}.name", phrase("another rule has this name"), phrase("name it anew")
            )
        _check_rule(intake, values, only or {}, path, purposes)
        if len(values) == len(RULE) and only is not None:
            rules.append(
                Rule(**values, only_purpose=only.get("purpose"), only_country=only.get("country"))
            )
    return tuple(rules)


def check_tracks(
    intake: Intake, rules: Sequence[Rule], *, purposes: Collection[str], outage: bool
) -> None:
    """Note where one request would be counted in more tracks than a script can touch.

    `outage`: one more, which counts what a captcha outage lets through.
    """
    countries = {rule.only_country for rule in rules if rule.only_country} | {""}
    most = max(
        len(tracks(rule for rule in rules if _counts(rule, purpose, place)))
        for purpose in purposes or {""}
        for place in countries
    )
    if most + outage > MAX_TRACKS:
        intake.problem(
            "limits",
            phrase(
                "one request would be counted in {count} ways, and {most} is the most",
                count=most + outage,
                most=MAX_TRACKS,
            ),
            phrase("rules with the same per, only and kind of window are counted as one"),
        )


def _counts(rule: Rule, purpose: str, country: str) -> bool:
    return rule.only_purpose in {None, purpose} and rule.only_country in {None, country}


def _check_rule(
    intake: Intake,
    values: Mapping[str, Any],
    only: Mapping[str, str],
    path: str,
    purposes: Collection[str],
) -> None:
    """Note what contradicts among the values that are known."""
    window, most, purpose = values.get("window"), values.get("max"), only.get("purpose")
    if values.get("name") in RESERVED:
        intake.problem(
            f"{path}.name",
            phrase("this name is reserved for refusals that no rule makes"),
            phrase("name it anew"),
        )
    if window and window.unit == "rolling" and most is not None and most > MAX_ROLLING:
        intake.problem(
            f"{path}.max",
            phrase("a rolling rule admits at most {most}", most=MAX_ROLLING),
            phrase("write window: day or window: month for a larger one"),
        )
    if purpose is not None and purpose not in purposes and not intake.broken("purposes"):
        intake.problem(
            f"{path}.only.purpose",
            phrase("there is no such purpose"),
            phrase("configured are: {purposes}", purposes=", ".join(purposes)),
        )


def _only(intake: Intake, node: Node, path: str) -> Mapping[str, str] | None:
    """Return the filter, which may be absent, or None where it is wrong."""
    if not isinstance(node, dict) or "only" not in node:
        return {}
    inner = node["only"]
    if not isinstance(inner, dict) or not inner:
        intake.problem(path, phrase("is a mapping of: {keys}", keys=", ".join(ONLY)))
        return None
    filters = {key: leaf for key, leaf in ONLY.items() if key in inner}
    values = intake.entry(filters, inner, path, inner=[*ONLY])
    return values if values is not None and len(values) == len(filters) else None
