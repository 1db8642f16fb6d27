"""The newest events as lines of a live screen, one each: when, what, whose, and why.

Cut at the terminal's width; `smsctl events` shows them whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo

from smsctl.cli.frame.clipped import clip, padded
from smsctl.cli.frame.screen import Screen, Tone
from smsctl.cli.frame.words import cells
from smsctl.core.gauge import Happening
from smsctl.core.history import Admitted, Guessed, Receipt, Settled, TurnedAway
from smsctl.core.pace import moment
from smsctl.core.phrase import NOTHING, Phrase, phrase

_Told: TypeAlias = tuple[Phrase, Phrase | str, Tone]
"""What happened in a word or two, why or how, and how bad it is."""

_WIDE = 60  # columns from which there is room for a second space between fields


def event_lines(screen: Screen, newest: Sequence[Happening], zone: ZoneInfo) -> Iterator[str]:
    """Yield a line for each, newest first; one that says so where there are none."""
    if not newest:
        yield screen.paint(clip(screen.legible(screen.say("nothing yet")), screen.width), "dim")
        return
    gap = "  " if screen.width >= _WIDE else " "
    said = [told(each) for each in newest]
    whats = [screen.cell(what) for what, _, _ in said]
    phones = [each.caller.phone if each.caller else "" for each in newest]
    purposes = [screen.cell(each.caller.purpose) if each.caller else "" for each in newest]
    columns = zip(*map(_aligned, (whats, phones, purposes)), strict=True)
    for each, column, (_, why, tone) in zip(newest, columns, said, strict=True):
        line = gap.join((f"{moment(each.at, zone):%H:%M:%S}", *column, screen.cell(why)))
        yield screen.paint(clip(line.rstrip(), screen.width), tone)


def lasting(seconds: float) -> Phrase:
    """Return how long the gateway took: in milliseconds below a second."""
    if round(seconds, 3) < 1:
        return phrase("{ms} ms", ms=round(seconds * 1000))
    return phrase("{s} s", s=f"{seconds:.2f}")


def _aligned(fields: Sequence[str]) -> Sequence[str]:
    widest = max(map(cells, fields))
    return [padded(field, widest) for field in fields]


def told(happening: Happening) -> _Told:
    """Return what happened in a word or two, why or how, and how bad it is."""
    match happening.what:
        case Admitted(captcha="test"):
            return phrase("test number"), NOTHING, "dim"
        case Admitted():
            return phrase("on its way"), NOTHING, "plain"
        case Settled() as event:
            return _settled(event, happening.took)
        case Guessed() as event:
            return _guessed(event)
        case Receipt() as event:
            return _receipt(event)
        case TurnedAway() as refusals:
            return _refused(refusals)


def _settled(event: Settled, took: float | None) -> _Told:
    time = NOTHING if took is None else lasting(took)
    why = event.vendor_code or time
    match event.state:
        case "sent":
            return phrase("sent"), time, "plain"
        case "rejected":
            return phrase("rejected"), why, "bad"
        case "unknown":
            return phrase("outcome unknown"), why, "warn"


def _guessed(event: Guessed) -> _Told:
    left = phrase("tries left: {count}", count=event.tries_left)
    match event.result:
        case "verified":
            return phrase("verified"), NOTHING, "good"
        case "mismatch":
            return phrase("wrong code"), left, "plain"
        case "exhausted":
            return phrase("code burnt"), NOTHING, "warn"


def _receipt(event: Receipt) -> _Told:
    match event.status:
        case "delivered":
            return phrase("delivered"), NOTHING, "good"
        case "failed":
            return phrase("not delivered"), event.code, "warn"
        case "waiting":
            return phrase("no receipt yet"), NOTHING, "dim"


def _refused(refusals: TurnedAway) -> _Told:
    is_rejected = refusals.reason == "rejected"
    cause = " ".join(refusals.codes) if is_rejected else refusals.rule or refusals.reason
    why: Phrase | str = cause
    if refusals.count > 1:
        why = phrase("{cause}, {count} times", cause=cause, count=f"{refusals.count:,}")
    if is_rejected:
        return phrase("rejected"), why, "bad"
    return phrase("refused"), why, "dim" if refusals.reason == "limit" else "warn"
