"""What somebody has to be told before it is too late, and what the outbox keeps of it.

An alert is raised where an edge is crossed, in the store, once for each window; delivering it is
another matter, and may take several tries. Knows no channel and no language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from smsctl.core.rules import Rule

NEWS = 2 * 86_400.0
"""Seconds after its window during which an alert is delivered. After a longer silence nobody is
flooded with what is long over; it stays in the outbox."""

LEASE = 120.0
"""Seconds for which an alert is lent to whoever delivers it."""

AlertKind = Literal["fuse", "conversion", "gateway", "captcha", "test"]

OUTAGE_EDGE = "captcha|outage|0|"
"""The edge of a captcha outage: once for each hour."""


def fuse_edge(rule: Rule, percent: int, *, raised: bool) -> str:
    """Return the edge of a fuse's threshold; a raised fuse has edges of its own."""
    subject = f"{rule.name}@{rule.max}" if raised else rule.name
    return f"fuse|{subject}|{percent}|"


def gateway_edge(code: str) -> str:
    """Return the edge of a vendor's code that means money or account trouble: once an hour."""
    return f"gateway|{code}|0|"


FLOOD = 50
"""Rejections of an hour, purpose and country, and more than were sent: an alert."""


def flood_edge(code: str) -> str:
    """Return the edge of a flood of sends that the vendor rejects: once an hour."""
    return f"gateway|{code}|{FLOOD}|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One crossed edge. Kind, subject, level and the end of its window name it."""

    kind: AlertKind
    subject: str
    """A fuse's rule, `rule@8000` while it is raised; a purpose, or `all`; the vendor's code;
    `outage` of the captcha."""
    level: int = 0
    """A fuse's threshold in percent, the bound of conversion, `FLOOD` of rejections; else 0."""
    ends: float
    """When its window ends, in Unix seconds; the next window may raise it anew."""
    at: float
    """When the edge was crossed."""
    figures: tuple[int, int] = (0, 0)
    """Of a fuse used and max; of conversion verified and sent; else nothing."""

    @property
    def id(self) -> str:
        """What tells it from all others: `fuse|fuse|80|1763913600`."""
        return f"{self.kind}|{self.subject}|{self.level}|{self.ends:.0f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert that a channel has not taken yet, lent to whoever is delivering it."""

    alert: Alert
    taken_by: frozenset[str]
    """The channels that have it."""
    attempts: int
    """How often it was lent before."""
    lease: int = field(repr=False)
    """What `give_back` must present: another may have borrowed it meanwhile."""


class Outbox(Protocol):
    """What is still to be told, and what was. Bounded; survives whoever was telling it."""

    async def raise_alert(self, alert: Alert) -> bool:
        """Keep an alert; False where its edge was crossed before in this window."""

    async def borrow(self, *, most: int = 20) -> Sequence[Waiting]:
        """Return alerts that nobody else is delivering, for `LEASE` seconds.

        Those that were lent least often come first, then the oldest. Those whose windows ended
        longer than `NEWS` ago are not among them.
        """

    async def note_taken(self, waiting: Waiting, taken_by: frozenset[str]) -> None:
        """Note which channels have it by now; it stays lent."""

    async def give_back(self, waiting: Waiting, taken_by: frozenset[str], *, done: bool) -> None:
        """Note which channels have it; what is done stays only as a mark that it was raised."""

    async def pending(self) -> Sequence[Waiting]:
        """Return all that was not told, borrowed or not, and too old too. Nothing is lent."""

    async def raised(self) -> Sequence[Alert]:
        """Return every alert of the last forty days, told or not, oldest first."""
