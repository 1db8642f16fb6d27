"""What an operator points at, read: from a phone and an address as typed to the store's names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsctl.core.address import read_address
from smsctl.core.admin import Selection, Standing
from smsctl.core.phone import Phone
from smsctl.core.readings import read_purpose
from smsctl.core.rules import Rule

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Whom a command is about; None for what was not given."""

    phone: Phone | None
    ip: str | None
    """As limits count it: `203.0.113.7`, `2001:db8::/64`."""
    purpose: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule's state for one subject, or for none where no subject was given."""

    rule: Rule
    subject: str | None
    """The purpose or country that the row is about; None where the command names the subject."""
    used: int | None
    """None where no subject was given."""
    retry_after: float | None
    """Seconds until the rule admits one more; None as above."""

    @property
    def remaining(self) -> int | None:
        """How many more the rule admits now."""
        return None if self.used is None else max(0, self.rule.max - self.used)


def read_subjects(
    parts: Parts, *, phone: str | None, ip: str | None, purpose: str | None = None
) -> Subjects:
    """Return what was typed, read. Raises InvalidPhone, InvalidAddress and InvalidPurpose."""
    policy = parts.policy
    return Subjects(
        phone=None if phone is None else parts.read_phone(phone),
        ip=None if ip is None else read_address(ip, private=policy.private_addresses),
        purpose=None
        if purpose is None
        else read_purpose(purpose, purposes=policy.purposes, default=policy.default_purpose),
    )


def seen(parts: Parts, subjects: Subjects) -> Selection:
    """Return everything that bears on these subjects; without a purpose, that is all of them."""
    phone, name = subjects.phone, parts.keyring.name
    return Selection(
        phone=None if phone is None else name("phone", phone.e164),
        prefix=None if phone is None else name("prefix", phone.prefix),
        country=None if phone is None else phone.country,
        ip=None if subjects.ip is None else name("ip", subjects.ip),
        purposes=list(parts.policy.purposes) if subjects.purpose is None else [subjects.purpose],
        all=True,
    )


def owned(parts: Parts, subjects: Subjects, *, fuses: bool) -> Selection:
    """Return what is theirs alone, and the fuses if asked for.

    A prefix, a country or a purpose is shared with others: clearing a phone leaves them.
    """
    name = parts.keyring.name
    return Selection(
        phone=None if subjects.phone is None else name("phone", subjects.phone.e164),
        ip=None if subjects.ip is None else name("ip", subjects.ip),
        all=fuses,
    )


def rows(rules: Sequence[Rule], standing: Standing) -> list[Row]:
    """Return a row for each rule and subject, in the rules' order, also for what is not known."""
    found: list[Row] = []
    for rule in rules:
        held = [level for level in standing.levels if level.rule == rule.name]
        found += [
            Row(
                rule=rule,
                subject=level.subject if rule.per in {"purpose", "country"} else None,
                used=level.used,
                retry_after=level.retry_after,
            )
            for level in held
        ] or [Row(rule=rule, subject=None, used=None, retry_after=None)]
    return found
