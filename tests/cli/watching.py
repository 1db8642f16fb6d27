"""A store that tells `watch` what a test says, and a moment worth looking at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from smsctl.cli.commands.watch.reader import Sources
from smsctl.core.admin import Act, Day, Level, Selection, Standing
from smsctl.core.alerts import Alert, Waiting
from smsctl.core.errors import StoreUnavailable
from smsctl.core.history import Event, Offenders, Page, Receipt, Refusals, TurnedAway
from smsctl.core.hosts import Host, PolicyFingerprint
from smsctl.core.overrides import Override, Overrides, Target
from tests.core.happenings import (
    NOON,
    admitted,
    caller,
    day,
    guessed,
    receipt,
    settled,
    turned_away,
)

TODAY = "2026-11-23"


@dataclass
class Told:
    """Every port that `watch` asks, over values that a test sets."""

    now: float = NOON
    events_of: dict[str, list[Event]] = field(default_factory=dict)
    turned_away: list[TurnedAway] = field(default_factory=list)
    complete_since: float = 0.0
    refused: dict[str, int] = field(default_factory=dict)
    levels: Sequence[Level] = ()
    overrides: Sequence[Override] = ()
    waiting: Sequence[Waiting] = ()
    hosts: Sequence[Host] = ()
    silent: bool = False
    asked: list[int] = field(default_factory=list)
    """Places from which events were asked for."""

    def sources(self) -> Sources:
        return Sources(history=self, admin=self, overrides=self, outbox=self, hosts=self)

    # History

    async def events(self, date: str, *, after: int = 0, most: int = 1000) -> Page:
        self.asked.append(after)
        found = self.events_of.get(date, [])[after : after + most]
        return Page(found, after + len(found))

    async def refusals(self) -> Refusals:
        return Refusals(entries=list(self.turned_away), complete_since=self.complete_since)

    async def offenders(self, date: str) -> Mapping[Literal["ip", "prefix"], Offenders]:
        return {}

    async def note(self, receipts: Sequence[Receipt]) -> None:
        raise NotImplementedError

    # Admin

    async def show(self, selection: Selection) -> Standing:
        return Standing(levels=self.levels, codes=(), wrong=0)

    async def reset(self, selection: Selection, *, codes: bool) -> None:
        raise NotImplementedError

    async def usage(self, days: int) -> Sequence[Day]:
        return [day("2026-11-22", {}), day(TODAY, self.refused)][-days:]

    async def record(self, act: Act) -> None:
        raise NotImplementedError

    async def acts(self) -> Sequence[Act]:
        return ()

    # Overrides

    async def read(self) -> tuple[Overrides, float]:
        if self.silent:
            raise StoreUnavailable("the store does not answer")
        return Overrides(b"12345678", self.overrides), self.now

    async def write(self, overrides: Sequence[Override], *, before: bytes) -> bool:
        raise NotImplementedError

    # Hosts

    async def announce(self, name: str, policy: PolicyFingerprint) -> None:
        raise NotImplementedError

    async def fresh(self) -> Sequence[Host]:
        return self.hosts

    # Outbox

    async def raise_alert(self, alert: Alert) -> bool:
        raise NotImplementedError

    async def borrow(self, *, most: int = 20) -> Sequence[Waiting]:
        raise NotImplementedError

    async def note_taken(self, waiting: Waiting, taken_by: frozenset[str]) -> None:
        raise NotImplementedError

    async def give_back(self, waiting: Waiting, taken_by: frozenset[str], *, done: bool) -> None:
        raise NotImplementedError

    async def raised(self) -> Sequence[Alert]:
        return ()

    async def pending(self) -> Sequence[Waiting]:
        return self.waiting


def used(rule: str, count: int) -> Level:
    """Return what a fuse has admitted."""
    return Level(rule=rule, subject="all", used=count, retry_after=0.0)


def pause(**more: object) -> Override:
    """Return a pause of all sending, for a quarter of an hour more."""
    plain = Override(
        id="0a1b2c3d",
        kind="pause",
        until=NOON + 900,
        since=NOON - 900,
        reason="a flood from one carrier",
        author="wang@ops1",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def raised(most: int) -> Override:
    """Return a fuse that is raised."""
    return pause(kind="raise", rule="fuse", max=most, reason="campaign of the day")


def denied(shown: str) -> Override:
    """Return a denial for nine days."""
    target = Target(kind="prefix", value=shown, shown=shown)
    return pause(kind="deny", until=NOON + 9 * 86_400, target=target, reason="IoT numbers")


def waiting(subject: str = "fuse") -> Waiting:
    """Return an alert that was not delivered."""
    alert = Alert(kind="fuse", subject=subject, level=80, ends=NOON + 9999, at=NOON - 60)
    return Waiting(alert=alert, taken_by=frozenset(), attempts=2, lease=1)


def busy() -> Told:
    """Return an hour with something of everything."""
    events: list[Event] = []
    for number in range(120):
        at, request = NOON - 2400 + number * 20, f"r{number}"
        events.append(admitted(at, request))
        took = 2.5 if number % 10 == 0 else 0.25
        events.append(settled(at + took, request))
        if number % 4:
            events.append(guessed(at + 12, request))
    hongkong = caller(phone="+852****1234", purpose="rebind", country="HK")
    code = "isv.MOBILE_NUMBER_ILLEGAL"
    events += [
        admitted(NOON - 9, "x", who=hongkong),
        settled(NOON - 8.5, "x", "rejected", vendor_code=code),
        guessed(NOON - 7, "r119", "mismatch"),
        admitted(NOON - 6, "t", captcha="test"),
        admitted(NOON - 5, "u"),
        settled(NOON - 1, "u", "unknown"),
        receipt(NOON - 4, "r110", "delivered", "DELIVERED"),
        receipt(NOON - 3, "r111", "failed", "MOBILE_NOT_ON_SERVICE"),
        guessed(NOON - 2, "r119", "exhausted"),
        admitted(NOON, "y"),
    ]
    flood = turned_away(NOON - 240, NOON - 0.5, 1234, reason="captcha", rule=None)
    return Told(
        events_of={TODAY: sorted(events, key=lambda event: event.at)},
        turned_away=[flood, turned_away(NOON - 40, NOON - 10, 3)],
        levels=[used("fuse", 4123)],
        overrides=[denied("+86170"), raised(8000), pause(purpose="bind", country="HK")],
        waiting=[waiting()],
    )
