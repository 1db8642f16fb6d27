"""What happened to one phone, put together from the record: attempts, refusals, operators' acts.

An attempt is an admitted send with everything that came of it, joined by its request id. Pure;
what it means is told in `diagnosis.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from smsctl.core.admin import Act
from smsctl.core.history import Admitted, Event, Guessed, Receipt, Settled, TurnedAway


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One admitted send and what came of it."""

    admitted: Admitted
    settled: Settled | None
    """None where nothing is known of the gateway's answer: it is on its way, or was lost."""
    receipts: Sequence[Receipt]
    """In the order in which they were noted; the last one stands."""
    guesses: Sequence[Guessed]

    @property
    def at(self) -> float:
        """When it was admitted."""
        return self.admitted.at

    @property
    def receipt(self) -> Receipt | None:
        """The receipt that stands: a final one, once there is one, before one that waits."""
        final = [each for each in self.receipts if each.status != "waiting"]
        told = final or self.receipts
        return told[-1] if told else None

    @property
    def open(self) -> bool:
        """Whether a receipt may still tell more: also of a send whose answer was lost."""
        waiting = self.receipt is None or self.receipt.status == "waiting"
        posted = self.settled is None or self.settled.state != "rejected"
        return waiting and posted and self.admitted.captcha != "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something an operator did that touched the phone."""

    at: float
    act: Act


Entry: TypeAlias = Attempt | TurnedAway | Deed


def entry_time(entry: Entry) -> float:
    """Return when an entry was; of several refusals alike, the last."""
    return entry.last if isinstance(entry, TurnedAway) else entry.at


def attempts(events: Iterable[Event], *, name: str) -> list[Attempt]:
    """Return every attempt of the phone with this keyed name, oldest first."""
    admitted: dict[str, Admitted] = {}
    settled: dict[str, Settled] = {}
    receipts: dict[str, list[Receipt]] = {}
    guesses: dict[str, list[Guessed]] = {}
    for event in events:
        match event:
            case Admitted():
                if event.caller.name == name:
                    admitted[event.request_id] = event
            case Settled():
                settled.setdefault(event.request_id, event)
            case Receipt():
                receipts.setdefault(event.request_id, []).append(event)
            case Guessed():
                guesses.setdefault(event.request_id, []).append(event)
    return [
        Attempt(
            admitted=each,
            settled=settled.get(request_id),
            receipts=receipts.get(request_id, []),
            guesses=guesses.get(request_id, []),
        )
        for request_id, each in sorted(admitted.items(), key=lambda pair: pair[1].at)
    ]


def timeline(
    *,
    name: str,
    number: str,
    country: str,
    since: float,
    events: Iterable[Event],
    refusals: Iterable[TurnedAway],
    acts: Iterable[Act],
) -> Sequence[Entry]:
    """Return what happened to a phone since then, newest last.

    `name` is its keyed name, `number` the number in E.164, for denials of its beginning.
    """
    found: list[Entry] = [each for each in attempts(events, name=name) if each.at >= since]
    found += [each for each in refusals if each.caller.name == name and each.last >= since]
    purposes = {
        each.caller.purpose if isinstance(each, TurnedAway) else each.admitted.caller.purpose
        for each in found
        if not isinstance(each, Deed)
    }
    touching = {name, "all", f"country:{country}", *(f"purpose:{each}" for each in purposes)}
    for act in acts:
        at = datetime.fromisoformat(act.at).timestamp()
        if at >= since and (touching & {*act.touches} or _begins(act, number)):
            found.append(Deed(at=at, act=act))
    return sorted(found, key=entry_time)


def _begins(act: Act, number: str) -> bool:
    prefixes = [each.removeprefix("prefix:") for each in act.touches if each.startswith("prefix:")]
    return any(number.startswith(prefix) for prefix in prefixes)
