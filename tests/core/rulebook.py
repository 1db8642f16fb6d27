"""Rules and policies in one line, for tests of what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from smsctl.core.policy import DEFAULT_PURPOSE, CodePolicy, Policy
from smsctl.core.rules import Per, Rule, Window


def rule(name: str, per: Per, most: int, window: str, **more: Any) -> Rule:
    """Return a rule; `purpose` and `country` are its filter."""
    return Rule(
        name=name,
        per=per,
        max=most,
        window=Window.read(window),
        mode=more.get("mode", "enforce"),
        only_purpose=more.get("purpose"),
        only_country=more.get("country"),
    )


def policy(
    *rules: Rule,
    purposes: Iterable[str] = ("login",),
    countries: Iterable[str] = ("CN",),
    **code: Any,
) -> Policy:
    """Return a policy of these rules."""
    return Policy(
        rules=rules,
        purposes=dict.fromkeys(purposes, DEFAULT_PURPOSE),
        countries=frozenset(countries),
        code=CodePolicy(**code),
    )
