"""What the guard asks of the world outside: a store, a gateway, a captcha, and nothing else.

Every method is a coroutine. A blocking adapter never suspends in it, so that the same flow runs
without an event loop (`blocking.py`). Adapters own their timeouts. The answers are values: an
adapter raises only `StoreUnavailable` and `ConfigError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from smsctl.core.errors import Problem
from smsctl.core.history import Humanity
from smsctl.core.overrides import NO_OVERRIDES, OverrideEffect
from smsctl.core.phone import Phone
from smsctl.core.phrase import NOTHING, Phrase
from smsctl.core.rules import Blame, Per

State = Literal["pending", "sent", "rejected", "unknown"]


# The store


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for what, by the names that the store may know (`naming.py`)."""

    phone: str
    """The phone's keyed name."""
    ip: str | None
    """The client address's keyed name; None where no client is behind the call."""
    prefix: str
    """The number prefix's keyed name."""
    country: str
    """ISO 3166 two letters."""
    purpose: str
    """A purpose of the configuration."""
    outage: bool = False
    """The captcha vendor is down and the operator lets a few through."""
    test: bool = False
    """A test number: no rule applies and nothing is sent, so the code stands at once."""
    names: bytes = field(default=bytes(36), repr=False)
    """The keyed names of phone, prefix and address once more, 12 bytes each."""
    encrypted: bytes = field(default=b"", repr=False)
    """Who asks, as operators may see it, encrypted."""
    captcha: Humanity = "none"
    captcha_codes: tuple[str, ...] = ()
    """Why the captcha refused, by the vendor's own codes."""
    effect: OverrideEffect = NO_OVERRIDES
    """What the operators' overrides mean for this request."""

    def subject(self, per: Per) -> str | None:
        """Return the name of this request's subject, or None where it has none."""
        match per:
            case "phone":
                return self.phone
            case "ip":
                return self.ip
            case "prefix":
                return self.prefix
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
class LimitExceeded:
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
    """The request was judged by overrides that are no longer in force; nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What the gateway's answer means for the reservation."""

    state: Literal["sent", "rejected", "unknown"]
    blame: Blame = "account"
    """Of a rejection: `KEPT_BY` says which rules stay consumed."""
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
    encrypted: bytes = field(default=b"", repr=False)
    """As of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """What became of a guess."""

    result: Literal["verified", "mismatch", "exhausted", "missing", "locked"]
    tries_left: int = 0
    retry_after: float | None = None
    """Seconds until the phone is no longer locked."""


class Store(Protocol):
    """Where limits and codes are kept. Each method is one round trip and one atomic step."""

    async def look(
        self, request: Request, request_id: str | None
    ) -> Clear | LimitExceeded | Repeated | Taken | Outdated:
        """Say what `reserve` would say, consuming nothing; None: the id is not the caller's."""

    async def reserve(
        self, request: Request, code: NewCode
    ) -> Reserved | LimitExceeded | Repeated | Taken | Outdated:
        """Consume every rule and keep the code as pending, or do neither."""

    async def settle(self, request: Request, code: NewCode, settlement: Settlement) -> State | None:
        """Record what the gateway did; a rejection returns quota and code, once.

        Returns the state that now stands, or None where the reservation is gone.
        """

    async def verify(self, guess: Guess) -> VerifyResult:
        """Count the try, compare, and end the code when it was right or the tries are used up."""

    async def turn_away(
        self, request: Request, reason: str, *, retry_after: float = 0.0, outage: bool = False
    ) -> Outdated | None:
        """Remember one refusal that no rule made: captcha, country, denied, paused.

        `outage`: the captcha vendor gave no verdict, of which operators are told.
        """


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
    bad_number: bool = False
    """The vendor takes no message to this number."""
    fault: Problem | None = None
    """Our own: this installation could not make the request. None if the vendor declined it."""


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
    """The operator has to act, not the visitor: a bad secret, a 4xx, a fault of this host."""

    problem: Problem


class Captcha(Protocol):
    """Who tells people from programs."""

    async def check(
        self, token: str, *, ip: str | None
    ) -> Human | NotHuman | Outage | Misconfigured:
        """Spend one token; `ip` is the client's address as text."""
