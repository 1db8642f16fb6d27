"""What the guard asks of the world outside: a store, a gateway, a captcha, and nothing else.

Every method is a coroutine. A blocking adapter never suspends in it, so that the same flow runs
without an event loop (`blocking.py`). Adapters own their timeouts. The answers are values: an
adapter raises only `StoreUnavailable` and `ConfigError`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, Self

from smsctl.core.errors import Problem
from smsctl.core.history import Humanity
from smsctl.core.orders import UNRULED, Ruling
from smsctl.core.phone import Phone
from smsctl.core.phrase import NOTHING, Phrase
from smsctl.core.rules import Per

State = Literal["pending", "sent", "rejected", "unknown"]


# The store


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for what, by the names that the store may know (`naming.py`)."""

    phone: str
    """The phone's keyed name."""
    ip: str | None
    """The client address's keyed name; None where no client is behind the call."""
    segment: str
    """The number segment's keyed name."""
    country: str
    """ISO 3166 two letters."""
    purpose: str
    """A purpose of the configuration."""
    outage: bool = False
    """The captcha vendor is down and the operator lets a few through."""
    test: bool = False
    """A test number: no rule applies and nothing is sent, so the code stands at once."""
    names: bytes = field(default=bytes(36), repr=False)
    """The keyed names of phone, segment and address once more, 12 bytes each."""
    sealed: bytes = field(default=b"", repr=False)
    """Who asks, as operators may see it, enciphered."""
    captcha: Humanity = "none"
    captcha_codes: tuple[str, ...] = ()
    """Why the captcha refused, by the vendor's own codes."""
    ruling: Ruling = UNRULED
    """What the operators' orders mean for this request."""

    def subject(self, per: Per) -> str | None:
        """Return the name of this request's subject, or None where it has none."""
        match per:
            case "phone":
                return self.phone
            case "ip":
                return self.ip
            case "segment":
                return self.segment
            case "country":
                return self.country
            case "purpose":
                return self.purpose
            case "all":
                return "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCode:
    """A code to keep, without the code."""

    request_id: str
    attempt: str
    """Names this very call: the same request id under another attempt is a repetition."""
    digest: bytes = field(repr=False)
    challenge: bytes | None = field(repr=False)
    """Digest of the challenge, or None where none is required."""
    named: bool = True
    """Whether the id may have been decided before: the caller's own, or asked for again. One that
    was made up a moment ago need not be searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """`look` found nothing that refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """Every rule was consumed and the code is kept as pending."""

    expires_in: float
    """Seconds."""
    retry_after: float
    """Seconds until the same request would be admitted again."""

    def after(self, seconds: int) -> Reserved:
        """Return what is left of both when so much time has passed."""
        return Reserved(
            expires_in=max(0.0, self.expires_in - seconds),
            retry_after=max(0.0, self.retry_after - seconds),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """A rule refused, or the phone is locked; nothing was consumed."""

    rule: str
    """The rule's name, or `locked`."""
    fuse: bool
    """The rule is `per: all`."""
    retry_after: float
    """Seconds after which all would admit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """This request id was decided before, under another attempt."""

    state: State
    expires_in: float
    retry_after: float
    message_id: str | None
    vendor_request_id: str | None
    vendor_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The caller gave this request id to another phone or purpose, within the code's life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """The request was judged by orders that are no longer in force; nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What the gateway's answer means for the reservation."""

    state: Literal["sent", "rejected", "unknown"]
    throttled: bool = False
    """Rejected for this phone's sake: its `per: phone` rules stay consumed."""
    message_id: str | None = None
    vendor_request_id: str | None = None
    vendor_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A code to compare, without the code."""

    phone: str
    purpose: str
    digest: bytes = field(repr=False)
    challenge: bytes | None = field(repr=False)
    country: str = ""
    """ISO 3166 two letters."""
    names: bytes = field(default=bytes(36), repr=False)
    sealed: bytes = field(default=b"", repr=False)
    """As of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a guess."""

    result: Literal["verified", "mismatch", "exhausted", "missing", "locked"]
    tries_left: int = 0
    retry_after: float | None = None
    """Seconds until the phone is no longer locked."""


class Store(Protocol):
    """Where limits and codes are kept. Each method is one round trip and one atomic step."""

    async def look(
        self, request: Request, request_id: str | None
    ) -> Clear | Denied | Repeated | Taken | Outdated:
        """Say what `reserve` would say, consuming nothing; None: the id is not the caller's."""

    async def reserve(
        self, request: Request, code: NewCode
    ) -> Reserved | Denied | Repeated | Taken | Outdated:
        """Consume every rule and keep the code as pending, or do neither."""

    async def settle(self, request: Request, code: NewCode, settlement: Settlement) -> State | None:
        """Record what the gateway did; a rejection returns quota and code, once.

        Returns the state that now stands, or None where the reservation is gone.
        """

    async def verify(self, guess: Guess) -> Verdict:
        """Count the try, compare, and end the code when it was right or the tries are used up."""

    async def turn_away(
        self, request: Request, reason: str, *, retry_after: float = 0.0, outage: bool = False
    ) -> Outdated | None:
        """Remember one refusal that no rule made: captcha, country, denied, paused.

        `outage`: the captcha vendor gave no verdict, of which operators are told.
        """


# The operator's side of the store


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One rule's state for one subject."""

    rule: str
    subject: str
    """The name that the store counts it under: a keyed name, a country, a purpose, or `all`."""
    used: int
    retry_after: float
    """Seconds until the rule admits one more; 0 when it does now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCode:
    """One code that can still verify."""

    purpose: str
    expires_in: float
    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything the store holds about one set of subjects."""

    levels: Sequence[Level]
    codes: Sequence[LiveCode]
    wrong: int
    """Compared wrong tries within the window of `code.wrong`."""


class Cell(NamedTuple):
    """What one of a day's counts is about."""

    what: str
    """sent, rejected, unknown, pending, verified, test, outage, refused, observed, unverified."""
    name: str
    """Of what is refused or observed, the rule's or the reason; of a guess that was not compared
    (unverified) missing or locked; else empty."""
    purpose: str
    country: str
    """ISO 3166 two letters."""
    hour: int
    """Whole hours since midnight, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day's counts, in the configured time zone."""

    date: str
    """`2026-11-23`."""
    outcomes: Mapping[str, int]
    """sent, rejected, unknown, pending, verified, test, outage."""
    refused: Mapping[str, int]
    """By rule name or reason."""
    observed: Mapping[str, int]
    """By rule name."""
    cells: Mapping[Cell, int] = field(default_factory=dict)
    """The same counts, undivided: those above are sums of these."""

    @classmethod
    def of(cls, date: str, cells: Mapping[Cell, int]) -> Self:
        """Return the day that has these counts."""
        sums: dict[str, Counter[str]] = {"refused": Counter(), "observed": Counter()}
        outcomes: Counter[str] = Counter()
        for cell, count in cells.items():
            if not cell.name:
                outcomes[cell.what] += count
            elif cell.what in sums:
                sums[cell.what][cell.name] += count
        return cls(date=date, outcomes=outcomes, cells=cells, **sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something an operator did."""

    at: str
    """RFC 3339 with offset."""
    who: str
    what: str
    reason: str
    touches: tuple[str, ...] = ()
    """Whom it was about: a phone's or an address's keyed name, `purpose:`, `country:`, `prefix:` or
    `network:` and which, or `all`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an operator points at: subjects by the names that the store may know."""

    phone: str | None = None
    segment: str | None = None
    country: str | None = None
    ip: str | None = None
    purposes: Sequence[str] = ()
    all: bool = False
    """The fuses."""
    raised: Mapping[str, int] = field(default_factory=dict)
    """The `max` of rules that operators raised."""

    def subjects(self, per: Per) -> Sequence[str]:
        """Return the names of the subjects of this kind."""
        if per == "purpose":
            return self.purposes
        if per == "all":
            return ("all",) if self.all else ()
        one = {"phone": self.phone, "ip": self.ip, "segment": self.segment}.get(per, self.country)
        return () if one is None else (one,)


class Admin(Protocol):
    """What operators ask of the store."""

    async def show(self, selection: Selection) -> Standing:
        """Read every rule of these subjects, and the phone's codes and wrong tries."""

    async def reset(self, selection: Selection, *, codes: bool) -> None:
        """Clear these subjects' rules and, with `codes`, the phone's codes and wrong tries.

        The codes of every purpose: its wrong tries are one budget over all of them.
        """

    async def usage(self, days: int) -> Sequence[Day]:
        """Return the last `days` days, today last."""

    async def record(self, act: Act) -> None:
        """Keep an audit record."""

    async def acts(self) -> Sequence[Act]:
        """Return the audit records, newest first."""


# The gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message for the gateway."""

    phone: Phone
    purpose: str
    code: str = field(repr=False)
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The vendor took the message."""

    message_id: str | None
    vendor_request_id: str | None
    text: str | None = field(default=None, repr=False)
    """The text, where the gateway only prints it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The message was definitely not sent."""

    explanation: Phrase
    hint: Phrase = NOTHING
    vendor_code: str | None = None
    vendor_request_id: str | None = None
    credentials: bool = False
    """The access key is at fault."""
    throttled: float | None = None
    """Seconds of the window in which the vendor throttles this phone; None where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """The message may have been sent."""

    explanation: Phrase
    hint: Phrase = NOTHING
    vendor_code: str | None = None
    vendor_request_id: str | None = None


class Gateway(Protocol):
    """Who sends messages."""

    async def submit(self, message: Message) -> Accepted | Declined | Unclear:
        """Make exactly one request for this message."""


# The captcha


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """The vendor vouches for the visitor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHuman:
    """The vendor does not vouch for the visitor: his fault, or his token's."""

    codes: Sequence[str] = ()
    """The vendor's own codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The vendor gave no verdict: a timeout, a 5xx, or its own word for an internal error."""

    explanation: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconfigured:
    """The vendor refuses the operator, not the visitor: a bad secret, a 4xx."""

    problem: Problem


class Captcha(Protocol):
    """Who tells people from programs."""

    async def check(
        self, token: str, *, ip: str | None
    ) -> Human | NotHuman | Outage | Misconfigured:
        """Spend one token; `ip` is the client's address as text."""
