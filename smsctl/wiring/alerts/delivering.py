"""Delivering what waits in the outbox: to each channel once, whoever delivers, whoever dies.

An alert is borrowed for a while; a process that dies with it gives it to the next. So a channel
is told at least once, and twice only where somebody died between telling and saying so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from smsctl.core.alerts import LEASE, Alert, Outbox, Waiting
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import phrase
from smsctl.vendors.notify.delivery import Channel, News, NotDelivered

_BEGIN = LEASE - 75.0  # s within which a delivery is begun: one takes a minute at most
Words = Callable[[Alert], News]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One channel that did not take one alert."""

    alert: Alert
    channel: str
    fault: NotDelivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one round came to."""

    told: Sequence[tuple[Alert, str]]
    """Each alert and the channel that took it."""
    failures: Sequence[Failure]


def deliver_all(outbox: Outbox, channels: Sequence[Channel], words: Words) -> Delivered:
    """Deliver everything that nobody else is delivering; what failed waits for the next round.

    Each channel has a thread of its own and holds up no other. Raises StoreUnavailable. Without
    channels nothing is borrowed.
    """
    lent = run_blocking(outbox.borrow()) if channels else ()
    if not lent:
        return Delivered(told=[], failures=[])
    made = _Round(outbox, lent, words)
    crowd = [threading.Thread(target=made.tell, args=(each,), daemon=True) for each in channels]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    for waiting in lent:
        taken = frozenset(made.taken[waiting.alert.id])
        done = taken >= {channel.name for channel in channels}
        run_blocking(outbox.give_back(waiting, taken, done=done))
    pairs = [(waiting, channel.name) for waiting in lent for channel in channels]
    return Delivered(
        told=[
            (waiting.alert, name)
            for waiting, name in pairs
            if name in made.taken[waiting.alert.id] - waiting.taken_by
        ],
        failures=[
            Failure(alert=waiting.alert, channel=name, fault=fault)
            for waiting, name in pairs
            if (fault := made.faults.get((waiting.alert.id, name)))
        ],
    )


class _Round:
    """Alerts that are lent, and which channels take them."""

    def __init__(self, outbox: Outbox, lent: Sequence[Waiting], words: Words) -> None:
        self.taken = {waiting.alert.id: set(waiting.taken_by) for waiting in lent}
        """By alert: the channels that have it."""
        self.faults: dict[tuple[str, str], NotDelivered] = {}
        """By alert and channel."""
        self._outbox = outbox
        self._lent = lent
        self._words = words
        self._lock = threading.Lock()

    def tell(self, channel: Channel) -> None:
        """Tell a channel what it has not taken yet, while the lease allows it.

        One that does not answer is not waited for a second time.
        """
        until = monotonic() + _BEGIN
        for waiting in self._lent:
            if channel.name in waiting.taken_by:
                continue
            fault = _fault(channel, self._words, waiting.alert)
            if fault is None:
                self._took(channel, waiting)
            else:
                self.faults[waiting.alert.id, channel.name] = fault
            if monotonic() > until or (fault is not None and not fault.answered):
                return

    def _took(self, channel: Channel, waiting: Waiting) -> None:
        """Write it down at once: who dies now leaves nothing to be told twice."""
        with self._lock, suppress(StoreUnavailable):  # whoever gives it back finds the same
            taken = self.taken[waiting.alert.id]
            taken.add(channel.name)
            run_blocking(self._outbox.note_taken(waiting, frozenset(taken)))


def _fault(channel: Channel, words: Words, alert: Alert) -> NotDelivered | None:
    try:
        channel.deliver(words(alert))
    except NotDelivered as fault:
        return fault
    except Exception as fault:  # noqa: BLE001 - the thread has nobody to raise to
        return NotDelivered(phrase("a fault of ours: {kind}", kind=type(fault).__name__))
    return None
