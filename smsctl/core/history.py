"""What the store remembers of decisions: sends one by one, refusals coalesced and bounded.

Events are what the scripts wrote, in their own order. Who is behind them is told as far as people
may see it: phones masked, prefixes and addresses whole. What it all means is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from smsctl.core.rules import Blame

Humanity = Literal["none", "passed", "outage", "skipped", "refused", "test"]
"""How the human check ended: none is configured, or the operator skipped it, or it was a test
number's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asked, and for what."""

    name: str
    """The phone's keyed name."""
    phone: str
    """Masked."""
    prefix: str
    """The number prefix, whole: `+861380013`."""
    address: str | None
    """The client address; None where no client was behind the call, or it is not known."""
    country: str
    """ISO 3166 two letters."""
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLevel:
    """How full one rule was, before the send that is told."""

    rule: str
    used: int
    max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """All gates were open; the message goes to the gateway."""

    at: float
    """Unix seconds, by the store's clock."""
    request_id: str
    caller: Caller
    captcha: Humanity
    levels: tuple[RuleLevel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the gateway made of an admitted send."""

    at: float
    request_id: str
    state: Literal["sent", "rejected", "unknown"]
    blame: Blame
    """Of a rejection, for whose sake: `KEPT_BY` says which rules stayed used."""
    message_id: str | None
    vendor_request_id: str | None
    vendor_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """A code was compared."""

    at: float
    request_id: str
    """Of the newest code that it was compared with."""
    result: Literal["verified", "mismatch", "exhausted"]
    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the carrier said of a message, as the vendor passed it on."""

    at: float
    """When it was written down."""
    request_id: str
    status: Literal["waiting", "failed", "delivered"]
    code: str
    """The carrier's own: `DELIVERED`, `MOBILE_NOT_ON_SERVICE`; empty while it is waited for."""
    received: float | None
    """When the carrier reported it."""


Event: TypeAlias = Admitted | Settled | Guessed | Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """Refusals alike, coalesced: same phone, address, purpose and reason."""

    first: float
    last: float
    count: int
    act: Literal["send", "verify"]
    caller: Caller
    reason: str
    """limit, fuse, captcha, country, denied, locked, paused; for verify: missing or locked;
    rejected: by the gateway, where that was too often to be recorded one by one."""
    rule: str | None
    """The rule, where it is a limit or a fuse."""
    max: int
    """The rule's; 0 where there is none."""
    retry_after: float | None
    """Seconds, of the newest; None where waiting does not help."""
    codes: tuple[str, ...] = ()
    """The vendor's own, of the newest: the captcha's, or the gateway's of what it rejected."""


_WHILE = 1.0  # s that it may take from asking what time it is to asking for refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """What is remembered of refusals, newest first by `last`."""

    entries: Sequence[TurnedAway]
    complete_since: float
    """From here on every refusal is among them; earlier ones may have rolled out."""

    def rolled(self, since: float) -> bool:
        """Say whether some of those since then may be forgotten; both by the store's clock."""
        return self.complete_since > since + _WHILE


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """One of those who were refused most."""

    who: str
    """An address, or a prefix."""
    count: int
    """At least so often; at most `Offenders.error` more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offenders:
    """The heavy hitters of one day's refusals, most first: a Misra-Gries summary."""

    entries: Sequence[Offender]
    error: int
    """By how much each count may be too low; who is not listed was refused at most so often."""
    total: int
    """All refusals that were counted."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some events of one day in the order in which they were written."""

    events: Sequence[Event]
    after: int
    """Where the next page begins."""


class History(Protocol):
    """What operators ask of the record, and add to it."""

    async def events(self, date: str, *, after: int = 0, most: int = 1000) -> Page:
        """Return events of a day from place `after` on, below 0 counted from its end.

        `after` of the page stays where there are no more.
        """

    async def refusals(self) -> Refusals:
        """Return what is remembered of refusals."""

    async def offenders(self, date: str) -> Mapping[Literal["ip", "prefix"], Offenders]:
        """Return whom a day's refusals came from most."""

    async def note(self, receipts: Sequence[Receipt]) -> None:
        """Write receipts down, each behind the events of the day on which it is noted."""
