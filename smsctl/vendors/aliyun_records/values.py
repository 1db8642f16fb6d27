"""What the vendor wrote down, as values. No text of a message and no whole number is among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["waiting", "failed", "delivered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one message."""

    status: Status
    code: str = ""
    """The carrier's own: `DELIVERED`, `MOBILE_NOT_ON_SERVICE`; empty while it is waited for."""
    sent: float | None = None
    """When the vendor sent it, Unix seconds; the vendor tells whole ones."""
    received: float | None = None
    """When the carrier reported it."""
    disputed: bool = False
    """The vendor's records say both that it arrived and that it did not."""

    @property
    def latency(self) -> float | None:
        """Seconds from the vendor to the phone, as the vendor tells; None where it does not."""
        if self.status != "delivered" or self.sent is None or self.received is None:
            return None
        return self.received - self.sent if self.received >= self.sent else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many messages went out on one day."""

    day: date
    """In China."""
    total: int
    """Messages that the vendor sent, or their segments: its pages say "billable"."""
    delivered: int | None
    failed: int | None
    waiting: int | None
    disputed: bool = False
    """The vendor told several counts of this day; these are the largest."""
