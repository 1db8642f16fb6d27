"""What the vendor knows of an account, as values. Nobody's name or papers are among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Review = Literal["pending", "approved", "rejected", "cancelled", "unfinished", "unknown"]
"""Where a review stands. `unfinished`: the vendor asks for more papers."""

CarrierName = Literal["mobile", "unicom", "telecom"]
Registration = Literal[
    "registered", "unproven", "registering", "failed", "expired", "missing", "unknown"
]
"""Where a signature's real-name registration with a carrier stands.

`unproven`: registered, and not yet proved by messages that arrived.
"""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a carrier; at least one of the two is there."""

    code: str
    text: str = ""
    """The vendor's sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One carrier's registration of a signature."""

    name: CarrierName
    state: Registration
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A signature."""

    name: str
    review: Review
    reason: str = ""
    """Why it was rejected, in the vendor's words."""
    tag: int | None = None
    """2 own, 3 gift, 4 test, 5 trial."""
    created: datetime | None = None
    audited: datetime | None = None
    qualification: str | None = None
    """The id of the qualification that it belongs to."""
    letter_missing: bool = False
    """It is for another company's use, and the letter of authorisation is not approved."""
    carriers: tuple[Carrier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template."""

    code: str
    review: Review
    reason: str = ""
    kind: int | None = None
    """0 code, 1 notice, 2 promotion, 3 international."""
    international: int | None = None
    """Of an international one: 0 notice, 1 promotion, 2 code."""
    tag: int | None = None
    """2 own, 3 gift, 4 test."""
    text: str = ""
    created: datetime | None = None
    audited: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """A qualification: that the company is who it says it is."""

    id: str
    review: Review
    reason: str = ""
    created: datetime | None = None
    audited: datetime | None = None
