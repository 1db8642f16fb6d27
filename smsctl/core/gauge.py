"""What is going on right now: a window that slides over events and counts of refusals.

Fed with values and with the store's time; asks nobody anything. What a figure means to people, and
how it is drawn, is told elsewhere.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from smsctl.core.admin import Day
from smsctl.core.history import Admitted, Caller, Event, Guessed, Refusals, Settled, TurnedAway

MINUTE = 60.0
FIVE_MINUTES = 300.0
HOUR = 3600.0
_SETTLING = 120.0  # s within which every gateway has answered

NEWEST = 200
"""Events that are remembered to be shown: more than a terminal has lines."""

_STEPS = 300  # points that one coalesced count is spread over: a second each of the longest window


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happened."""

    minute: int
    """In the last minute."""
    five: float
    """A minute, over the last five."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the gateway took, over the sends settled in the last five minutes; in seconds."""

    count: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, with what is known about it from before."""

    at: float
    what: Event | TurnedAway
    caller: Caller | None
    """None where the send that it belongs to is older than an hour."""
    took: float | None = None
    """Seconds from admission to settlement."""


Lane: TypeAlias = tuple[str, str]
"""A purpose and a country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Every figure of one moment."""

    at: float
    """Unix seconds, by the store's clock."""
    sends: Rate
    """Admitted; test numbers are none."""
    refusals: Rate
    verified: Rate
    """Without test numbers, as what follows."""
    wrong: Rate
    """Codes that were compared and were not right."""
    refused_by: Mapping[str, int]
    """Rule or reason and how often in the last five minutes, most first."""
    refused_whole: bool
    """Whether that is all; else there were more before the first look, which nobody remembers."""
    lanes: Mapping[Lane, int]
    """Sends of the last five minutes that count."""
    latency: Latency | None
    """None where nothing was settled."""
    sent_hour: int
    """Of the last hour; what the gateway rejected does not count."""
    verified_hour: int
    """How many of these were verified."""
    newest: Sequence[Happening]
    """Newest first; a settled send is told once."""


@dataclass(slots=True)
class _Send:
    """What is known so far of one send."""

    at: float
    caller: Caller
    test: bool
    rejected: bool = False
    settled: bool = False
    verified: bool = False

    def stands(self, now: float) -> bool:
        """Say whether it counts as sent, or may yet: not where it was rejected.

        One of very many rejections is taken out of the record, and is never told as settled.
        """
        return not self.rejected and (self.settled or self.verified or self.at > now - _SETTLING)


class Gauge:
    """Remembers an hour of sends and five minutes of the rest."""

    def __init__(self) -> None:
        self._sends: dict[str, _Send] = {}
        self._guesses: deque[tuple[float, bool]] = deque()
        self._took: deque[tuple[float, float]] = deque()
        self._refused: list[tuple[float, str, int]] = []
        self._events: deque[Happening] = deque(maxlen=2 * NEWEST)
        self._turned_away: Sequence[TurnedAway] = ()
        self._counts: Mapping[str, Mapping[str, int]] = {}
        self._counted: float | None = None
        self._whole_since = 0.0

    def take(self, events: Iterable[Event]) -> None:
        """Add events in the order in which they were written."""
        for event in events:
            took = self._learn(event)
            send = self._sends.get(event.request_id)
            caller = send.caller if send else None
            self._events.append(Happening(event.at, event, caller, took))

    def count(self, days: Sequence[Day], refusals: Refusals, *, now: float) -> None:
        """Add what was refused since the last count: the days' counters leave nothing out.

        The first time they say nothing of when; then it is what `refusals` remembers.
        """
        counts = {day.date: dict(day.refused) for day in days}
        if self._counted is None:
            self._whole_since = refusals.complete_since
            for each in sorted(refusals.entries, key=lambda each: each.last):
                if each.act == "send" and each.reason != "rejected":
                    self._spread(each.first, each.last, each.rule or each.reason, each.count)
        else:
            for name, more in _grown(self._counts, counts).items():
                self._spread(self._counted, now, name, more, late=True)
        self._counts, self._counted = counts, now
        self._turned_away = refusals.entries[:NEWEST]

    def reading(self, now: float) -> Reading:
        """Return the figures at `now`, and forget what no later one needs."""
        self._forget(now)
        sends = [each for each in self._sends.values() if not each.test]
        recent = [each for each in sends if each.at > now - FIVE_MINUTES]
        standing = [each for each in sends if each.at > now - HOUR and each.stands(now)]
        by: Counter[str] = Counter()
        for _, name, times in self._refused:
            by[name] += times
        return Reading(
            at=now,
            sends=_rate(((each.at, 1) for each in recent), now),
            refusals=_rate(((at, times) for at, _, times in self._refused), now),
            verified=_rate(((at, 1) for at, right in self._guesses if right), now),
            wrong=_rate(((at, 1) for at, right in self._guesses if not right), now),
            refused_by=dict(sorted(by.items(), key=lambda each: (-each[1], each[0]))),
            refused_whole=self._whole_since <= now - FIVE_MINUTES,
            lanes=Counter(
                (each.caller.purpose, each.caller.country)
                for each in standing
                if each.at > now - FIVE_MINUTES
            ),
            latency=_latency([took for at, took in self._took if at > now - FIVE_MINUTES]),
            sent_hour=len(standing),
            verified_hour=sum(each.verified for each in standing),
            newest=self._newest(),
        )

    def _learn(self, event: Event) -> float | None:
        """Note what the event says; of a settlement, return how long it took."""
        match event:
            case Admitted():
                self._sends[event.request_id] = _Send(
                    event.at, event.caller, event.captcha == "test"
                )
            case Settled():
                return self._settled(event)
            case Guessed():
                send = self._sends.get(event.request_id)
                if send and send.test:
                    return None
                right = event.result == "verified"
                self._guesses.append((event.at, right))
                if right and send:
                    send.verified = True
            case _:
                pass
        return None

    def _settled(self, event: Settled) -> float | None:
        send = self._sends.get(event.request_id)
        if send is None:
            return None
        send.rejected, send.settled = event.state == "rejected", True
        took = max(0.0, event.at - send.at)
        self._took.append((event.at, took))
        return took

    def _spread(
        self, first: float, last: float, name: str, times: int, *, late: bool = False
    ) -> None:
        """Spread a count evenly from `first` to `last`; `late` means after `first`."""
        for at, some in spread(first, last, times, late=late):
            self._refused.append((at, name, some))

    def _forget(self, now: float) -> None:
        _drop(self._guesses, now - FIVE_MINUTES)
        _drop(self._took, now - FIVE_MINUTES)
        self._refused = [each for each in self._refused if each[0] > now - FIVE_MINUTES]
        while self._sends:
            oldest = next(iter(self._sends))
            if self._sends[oldest].at > now - HOUR:
                break
            del self._sends[oldest]

    def _newest(self) -> Sequence[Happening]:
        told = [each for each in self._events if not self._superseded(each)]
        told += [Happening(each.last, each, each.caller) for each in self._turned_away]
        told.reverse()  # of one moment, the later one first
        return sorted(told, key=lambda each: -each.at)[:NEWEST]

    def _superseded(self, each: Happening) -> bool:
        if not isinstance(each.what, Admitted):
            return False
        send = self._sends.get(each.what.request_id)
        return send is not None and send.settled


def spread(
    first: float, last: float, times: int, *, late: bool = False
) -> Iterator[tuple[float, int]]:
    """Yield moments and counts whose sum is `times`, evenly from `first` to `last`.

    With `late` nothing stands at `first` itself.
    """
    steps = max(1, min(times, math.ceil(last - first), _STEPS))
    if not late and steps > 1:
        gaps, offset = steps - 1, 0
    else:
        gaps, offset = steps, 1
    for step in range(steps):
        some = times * (step + 1) // steps - times * step // steps
        yield first + (last - first) * (step + offset) / gaps, some


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the least value that so many percent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _rate(moments: Iterable[tuple[float, int]], now: float) -> Rate:
    minute = five = 0
    for at, times in moments:
        if at > now - FIVE_MINUTES:
            five += times
        if at > now - MINUTE:
            minute += times
    return Rate(minute, five * MINUTE / FIVE_MINUTES)


def _latency(taken: Sequence[float]) -> Latency | None:
    if not taken:
        return None
    return Latency(len(taken), percentile(taken, 50), percentile(taken, 95))


def _drop(moments: deque[tuple[float, float]] | deque[tuple[float, bool]], until: float) -> None:
    while moments and moments[0][0] <= until:
        moments.popleft()


def _grown(
    before: Mapping[str, Mapping[str, int]], now: Mapping[str, Mapping[str, int]]
) -> Counter[str]:
    """Return by how much each count has grown, over all days; a day that is new began at zero."""
    more: Counter[str] = Counter()
    for date, counts in now.items():
        known = before.get(date, {})
        for name, times in counts.items():
            more[name] += max(0, times - known.get(name, 0))
    return +more
