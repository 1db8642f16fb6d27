"""Delivering what waits in the outbox: to each channel once, whoever delivers, whoever dies.

An alert is borrowed for a minute; a process that dies with it gives it to the next. So a channel
is told at least once, and twice only where somebody died between telling and saying so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from smsctl.core.alerts import Alert, Outbox, Waiting
from smsctl.core.blocking import run_blocking
from smsctl.vendors.notify.delivery import Channel, News, NotDelivered

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
    told: list[tuple[Alert, str]] = []
    failures: list[Failure] = []
    for waiting in run_blocking(outbox.borrow()) if channels else ():
        failures += _deliver(outbox, channels, waiting, words, told)
    return Delivered(told=told, failures=failures)


def _deliver(
    outbox: Outbox,
    channels: Sequence[Channel],
    waiting: Waiting,
    words: Words,
    told: list[tuple[Alert, str]],
) -> list[Failure]:
    """Deliver one alert to whom it was not told yet; return who did not take it."""
    failures: list[Failure] = []
    taken = set(waiting.taken_by)
    for channel in channels:
        if channel.name in taken:
            continue
        try:
            channel.deliver(words(waiting.alert))
        except NotDelivered as fault:
            failures.append(Failure(alert=waiting.alert, channel=channel.name, fault=fault))
        else:
            taken.add(channel.name)
            told.append((waiting.alert, channel.name))
    done = taken >= {channel.name for channel in channels}
    run_blocking(outbox.give_back(waiting, frozenset(taken), done=done))
    return failures
