"""What an operator ordered for a while: pauses, raised fuses, who is denied and who is let through.

All orders together are one small book with a version. Every process judges by its own copy, and
each script call says by which version and until when that judgement holds; the store turns an
outdated one away. So an order is in force everywhere with the next decision, and costs no round
trip while nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from smsctl.core.phone import Phone
from smsctl.core.rules import Per

OrderKind = Literal["pause", "raise", "deny", "allow"]
TargetKind = Literal["phone", "prefix", "network"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom a denial or an allowance is for."""

    kind: TargetKind
    value: str
    """A phone's keyed name, the beginning of numbers in E.164, or a network in CIDR form."""
    shown: str
    """What people are shown: a phone masked, the others as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. It ends by itself."""

    id: str
    """Eight hexadecimal digits, made up when it was given."""
    kind: OrderKind
    until: float
    """Unix seconds by the store's clock; infinite where it has no end."""
    since: float
    reason: str
    author: str
    """`user@host`."""
    purpose: str | None = None
    """A pause of this purpose alone."""
    country: str | None = None
    """A pause of this country alone."""
    rule: str | None = None
    """The fuse that is raised."""
    max: int = 0
    """To how much."""
    target: Target | None = None
    """Whom a denial or an allowance is for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ruling:
    """What the orders mean for one request. Compared by identity: equal ones are the same one."""

    refused: Literal["denied", "paused"] | None = None
    retry_after: float | None = None
    """Seconds until a pause ends; None for a denial."""
    exempt: frozenset[Per] = frozenset()
    """Rules per these do not apply: an allowed phone's own, an allowed address's own."""
    raised: Mapping[str, int] = field(default_factory=dict)
    """The new `max` of raised rules."""
    version: bytes = b""
    """Of the book; empty where there never was an order, else 8 bytes."""
    until: float | None = None
    """Unix seconds by the store's clock, to when it holds; None where no order in force ends."""


UNRULED = Ruling()
"""No order was ever given."""


@dataclass(frozen=True, slots=True)
class Orders:
    """The book: every order that had not ended when it was last written."""

    version: bytes = b""
    orders: Sequence[Order] = ()

    def ruling(
        self,
        *,
        phone: Phone,
        name: str,
        address: str | None,
        purpose: str,
        now: float,
    ) -> Ruling:
        """Return what the orders in force at `now` mean for a request.

        `name` is the phone's keyed name, `address` canonical as from `read_address`.
        """
        raise NotImplementedError


class OrderBook(Protocol):
    """Where the orders are kept."""

    async def read(self) -> tuple[Orders, float]:
        """Return the book, and what the store's clock says in Unix seconds."""

    async def write(self, orders: Sequence[Order], *, before: bytes) -> bool:
        """Put these orders in place of the version `before`; False where it is no longer that."""
