"""Everything that is remembered of one phone: from the store and, if need be, the vendor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from smsctl.core.blocking import run_blocking
from smsctl.core.history import Event, Receipt
from smsctl.core.phone import Phone
from smsctl.core.phrase import Phrase
from smsctl.core.timeline import Attempt, Entry, attempts, timeline
from smsctl.wiring.parts import Parts

PAGE = 5000
"""Events that are read at a time."""

AskReceipt = Callable[[Phone, Attempt], Receipt | Phrase | None]
"""From an attempt to what the carrier said, None where nothing is known yet, or why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What is known of one phone."""

    entries: Sequence[Entry]
    """Newest last."""
    complete_since: float
    """Earlier refusals may be forgotten; Unix seconds."""
    rolled: bool
    """Some of those that were asked for may be."""
    unasked: Phrase | None
    """Why the vendor could not tell of a receipt, if so."""


def gather(
    parts: Parts, phone: Phone, *, since: float, now: float, ask: AskReceipt | None
) -> Gathered:
    """Return what happened to a phone since then.

    Both in Unix seconds by the store's clock. With `ask` the vendor is asked for each receipt that
    is not final, and what it says is written down. Raises StoreUnavailable.
    """
    name = parts.keyring.name("phone", phone.e164)
    refusals = run_blocking(parts.history.refusals())
    events = events_since(parts, since=since, now=now)
    unasked = None
    if ask is not None:
        news, unasked = _news(ask, phone, attempts(events, name=name))
        if news:
            run_blocking(parts.history.note(news))
            events += news
    entries = timeline(
        name=name,
        number=phone.e164,
        country=phone.country,
        since=since,
        events=events,
        refusals=refusals.entries,
        acts=reversed(run_blocking(parts.admin.acts())),
    )
    return Gathered(
        entries=entries,
        complete_since=refusals.complete_since,
        rolled=refusals.rolled(since),
        unasked=unasked,
    )


def events_since(parts: Parts, *, since: float, now: float) -> list[Event]:
    """Return every event of the days since then, oldest first."""
    zone = parts.policy.timezone
    day = datetime.fromtimestamp(since, UTC).astimezone(zone).date()
    last = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
    events: list[Event] = []
    while day <= last:
        after, more = 0, True
        while more:
            page = run_blocking(parts.history.events(day.isoformat(), after=after, most=PAGE))
            events += page.events
            more, after = page.after > after, page.after
        day += timedelta(days=1)
    return events


def _news(
    ask: AskReceipt, phone: Phone, made: Sequence[Attempt]
) -> tuple[list[Receipt], Phrase | None]:
    news: list[Receipt] = []
    for attempt in made:
        if attempt.open:
            told = ask(phone, attempt)
            if isinstance(told, Phrase):
                return news, told
            if told is not None and _differs(told, attempt.receipt):
                news.append(told)
    return news, None


def _differs(told: Receipt, known: Receipt | None) -> bool:
    return known is None or (told.status, told.code) != (known.status, known.code)
