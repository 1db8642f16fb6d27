"""Delivering what waits in the outbox: to each channel once, whoever delivers, whoever dies.

An alert is borrowed for two minutes; a process that dies with it gives it to the next. So a
channel is told at least once, and twice only where somebody died between telling and saying so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from smsctl.core.alerts import Alert, Outbox, Waiting
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import phrase
from smsctl.vendors.notify.delivery import Channel, News, NotDelivered

_ROUND = 45.0  # s after which none is begun: the lease lasts as long as one that takes a minute
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

    Raises StoreUnavailable. Without channels nothing is borrowed.
    """
    lent = run_blocking(outbox.borrow()) if channels else ()
    lock = threading.Lock()
    tries = [_Tries(outbox, channel, words, lock) for channel in channels] if lent else []
    taken = {waiting.alert.id: set(waiting.taken_by) for waiting in lent}
    crowd = [
        threading.Thread(target=each.go_through, args=(lent, taken), daemon=True) for each in tries
    ]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    for waiting in lent:
        names = frozenset(taken[waiting.alert.id])
        done = names >= {channel.name for channel in channels}
        run_blocking(outbox.give_back(waiting, names, done=done))
    return Delivered(
        told=[(alert, each.channel.name) for each in tries for alert in each.told],
        failures=[failure for each in tries for failure in each.failures],
    )


class _Tries:
    """What becomes of one channel in one round, in a thread of its own: it holds up no other."""

    def __init__(
        self, outbox: Outbox, channel: Channel, words: Words, lock: threading.Lock
    ) -> None:
        self.channel = channel
        self.told: list[Alert] = []
        self.failures: list[Failure] = []
        self._outbox = outbox
        self._words = words
        self._lock = lock

    def go_through(self, lent: Sequence[Waiting], taken: Mapping[str, set[str]]) -> None:
        """Tell the channel what it has not taken yet, oldest first, while the lease allows it."""
        until = monotonic() + _ROUND
        for waiting in lent:
            if self.channel.name in waiting.taken_by:
                continue
            fault = self._fault(waiting.alert)
            if fault is None:
                self.told.append(waiting.alert)
                self._took(waiting, taken[waiting.alert.id])
            else:
                self.failures.append(
                    Failure(alert=waiting.alert, channel=self.channel.name, fault=fault)
                )
            if monotonic() > until or (fault is not None and not fault.answered):
                return

    def _fault(self, alert: Alert) -> NotDelivered | None:
        try:
            self.channel.deliver(self._words(alert))
        except NotDelivered as fault:
            return fault
        except Exception as fault:  # noqa: BLE001 - the thread has nobody to raise to
            return NotDelivered(phrase("a fault of ours: {kind}", kind=type(fault).__name__))
        return None

    def _took(self, waiting: Waiting, names: set[str]) -> None:
        """Write it down at once: who dies now leaves nothing to be told twice."""
        with self._lock, suppress(StoreUnavailable):  # whoever gives it back finds the same
            names.add(self.channel.name)
            run_blocking(self._outbox.note_taken(waiting, frozenset(names)))
