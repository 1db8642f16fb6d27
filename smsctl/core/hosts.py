"""Which hosts decide by one store, and under which policy, so that two that disagree are named.

A host leaves a fingerprint of its policy: enough to say what differs, and no rule in the clear.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from typing import Any, Protocol

from smsctl.core.phrase import Phrase, phrase
from smsctl.core.policy import Policy
from smsctl.core.rules import Rule

FRESH = 2 * 3600.0
"""Seconds after which a host that has not been seen is no longer one that decides. It is seen each
hour."""


@dataclass(frozen=True, slots=True)
class PolicyFingerprint:
    """What hosts on one store must have in common."""

    limits: str
    """Eight hexadecimal digits, as of `purposes` and `code`."""
    purposes: str
    code: str
    timezone: str
    """Its name."""

    def differing(self, other: PolicyFingerprint) -> Sequence[str]:
        """Return the names of what is not the same."""
        names = (part.name for part in fields(self))
        return [name for name in names if getattr(self, name) != getattr(other, name)]


def fingerprint_of(policy: Policy) -> PolicyFingerprint:
    """Return the fingerprint of a policy; the order in which rules are written means nothing.

    It names each value, so that two releases of smsctl agree about the same policy.
    """
    code = policy.code
    wrong = [code.wrong_max, code.wrong_window]
    return PolicyFingerprint(
        limits=_digest(sorted(map(_rule, policy.rules))),
        purposes=_digest(sorted(policy.purposes)),
        code=_digest([code.length, code.ttl, code.tries, code.live, code.challenge, *wrong]),
        timezone=str(policy.timezone),
    )


def _rule(rule: Rule) -> str:
    window = [rule.window.unit, rule.window.length]
    only = [rule.only_purpose, rule.only_country]
    return repr([rule.name, rule.per, rule.max, rule.mode, *window, *only])


def _digest(values: list[Any]) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One host under one policy."""

    name: str
    policy: PolicyFingerprint
    since: float
    """When it began to decide under this policy, Unix seconds by the store's clock."""
    seen: float
    """When it was last seen."""


class Hosts(Protocol):
    """The hosts of one store; those of the last two days, at most 64."""

    async def announce(self, name: str, policy: PolicyFingerprint) -> None:
        """Note that this host decides under this policy now."""

    async def fresh(self) -> Sequence[Host]:
        """Return the hosts that were seen within `FRESH`, by name."""


def others(hosts: Sequence[Host], policy: PolicyFingerprint) -> Sequence[Host]:
    """Return those that decide under another policy."""
    return [host for host in hosts if host.policy != policy]


def disagreement(host: Host, ours: PolicyFingerprint, zone: tzinfo) -> Phrase:
    """Return what a host decides by that this one does not, and since when."""
    differing = [
        f"timezone ({host.policy.timezone})" if name == "timezone" else name
        for name in ours.differing(host.policy)
    ]
    since = datetime.fromtimestamp(host.since, zone)
    return phrase(
        "{host} decides by other {parts} since {since}",
        host=host.name,
        parts=", ".join(differing),
        since=since.isoformat(sep=" ", timespec="minutes"),
    )
