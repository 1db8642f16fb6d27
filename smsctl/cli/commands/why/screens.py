"""What `why` looks like on a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Heading, Line, Mark
from smsctl.cli.frame.words import Span
from smsctl.cli.own_codes import REASONS
from smsctl.core.diagnosis import Diagnosis
from smsctl.core.history import Guessed, Humanity, Receipt, TurnedAway
from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.core.timeline import Attempt, Deed
from smsctl.vendors.codes.table import entry_of

if TYPE_CHECKING:
    from smsctl.wiring.why import Gathered  # redis-py: 75 ms

_HUMANITY: dict[Humanity, Phrase] = {
    "none": phrase("human check: none is configured, or nobody was asked"),
    "passed": phrase("human check: passed"),
    "outage": phrase("human check: its vendor was down, and captcha.on_outage let it through"),
    "skipped": phrase("human check: skipped by an operator"),
    "refused": phrase("human check: refused"),
    "test": phrase("a test number"),
}


def why_blocks(phone: str, found: Diagnosis, told: Gathered, *, zone: ZoneInfo) -> Iterator[Block]:
    """Yield the timeline, then what it means."""
    yield Heading(phrase("What happened to {phone}", phone=phone), first=True)
    if told.rolled:
        yield Folded(
            phrase(
                "refusals before {time} may have been forgotten",
                time=_time(told.complete_since, zone),
            ),
            mark="warn",
        )
    for entry in told.entries:
        yield Line("")
        match entry:
            case Attempt():
                yield from _attempt(entry, zone)
            case TurnedAway():
                yield from _refused(entry, zone)
            case Deed():
                yield from _deed(entry, zone)
    if told.unasked is not None:
        yield Line("")
        yield Folded(
            phrase("the vendor could not be asked for receipts: {why}", why=told.unasked),
            mark="warn",
        )
    yield Heading("Diagnosis")
    fine = found.cause in {"verified", "test_number"}
    yield Folded(found.sentence, mark="ok" if fine else "warn")
    if found.remedy:
        yield Folded(found.remedy, indent=2)


def _attempt(attempt: Attempt, zone: ZoneInfo) -> Iterator[Block]:
    admitted = attempt.admitted
    caller = admitted.caller
    yield Folded(
        phrase(
            "{time}  send for {purpose} from {address}",
            time=_time(attempt.at, zone),
            purpose=caller.purpose,
            address=caller.address,
        )
        if caller.address
        else phrase(
            "{time}  send for {purpose}", time=_time(attempt.at, zone), purpose=caller.purpose
        ),
        tone="strong",
    )
    yield Folded(_HUMANITY[admitted.captcha], indent=2)
    if admitted.levels:
        levels = ", ".join(f"{each.rule} {each.used}/{each.max}" for each in admitted.levels)
        yield Folded(phrase("limits before it: {levels}", levels=levels), indent=2)
    yield _gateway(attempt, zone)
    for receipt in attempt.receipts:
        yield _receipt(receipt, zone)
    for guess in attempt.guesses:
        yield _guess(guess, zone)


def _gateway(attempt: Attempt, zone: ZoneInfo) -> Block:
    settled = attempt.settled
    if settled is None:
        if attempt.admitted.captcha == "test":
            return Folded(phrase("gateway: nothing is sent"), indent=2)
        return Folded(phrase("gateway: no answer was written down"), mark="warn", indent=2)
    code = settled.vendor_code
    entry = entry_of(code) if code else None
    time = _clock(settled.at, zone)
    match settled.state:
        case "sent":
            said = phrase(
                "gateway: took it at {time} ({id})", time=time, id=settled.message_id or "-"
            )
            return Folded(said, mark="ok", indent=2)
        case "rejected":
            why = phrase("gateway: refused it at {time}, {code}", time=time, code=code or "-")
            mark: Mark = "bad"
        case _:
            why = phrase("gateway: outcome unknown at {time}, {code}", time=time, code=code or "-")
            mark = "warn"
    if entry is None:
        return Folded(why, mark=mark, indent=2)
    told = phrase("{why}: {meaning}. {remedy}", why=why, meaning=entry.meaning, remedy=entry.remedy)
    return Folded(told, mark=mark, indent=2)


def _receipt(receipt: Receipt, zone: ZoneInfo) -> Block:
    time = _clock(receipt.received or receipt.at, zone)
    match receipt.status:
        case "delivered":
            return Folded(phrase("carrier: delivered at {time}", time=time), mark="ok", indent=2)
        case "waiting":
            return Folded(phrase("carrier: nothing yet at {time}", time=time), indent=2)
        case "failed":
            entry = entry_of(receipt.code)
            said = phrase("carrier: failed at {time}, {code}", time=time, code=receipt.code or "-")
            if entry is not None:
                said = phrase(
                    "{why}: {meaning}. {remedy}",
                    why=said,
                    meaning=entry.meaning,
                    remedy=entry.remedy,
                )
            return Folded(said, mark="bad", indent=2)


def _guess(guess: Guessed, zone: ZoneInfo) -> Block:
    time = _clock(guess.at, zone)
    match guess.result:
        case "verified":
            return Folded(phrase("code: right at {time}", time=time), mark="ok", indent=2)
        case "mismatch":
            said = phrase(
                "code: wrong at {time}, tries left: {left}", time=time, left=guess.tries_left
            )
            return Folded(said, mark="warn", indent=2)
        case "exhausted":
            said = phrase("code: wrong at {time}, and burnt", time=time)
            return Folded(said, mark="bad", indent=2)


def _refused(refused: TurnedAway, zone: ZoneInfo) -> Iterator[Block]:
    what = (
        phrase("{time}  send for {purpose} refused")
        if refused.act == "send"
        else phrase("{time}  guess for {purpose} refused")
    )
    times = {"time": _time(refused.last, zone), "purpose": refused.caller.purpose}
    yield Folded(phrase(what.template, **times), mark="bad", tone="strong")
    if refused.count > 1:
        said = phrase(
            "{count} times since {time}",
            count=f"{refused.count:,}",
            time=_time(refused.first, zone),
        )
        yield Folded(said, indent=2)
    if refused.rule is not None:
        yield Folded(
            phrase(
                "{rule} {max}/{max}, admits again after {wait}",
                rule=refused.rule,
                max=refused.max,
                wait=Span(refused.retry_after or 0),
            ),
            indent=2,
        )
    elif refused.reason == "rejected":
        yield Folded(phrase("by the gateway; so many were that each is not recorded"), indent=2)
    else:
        yield Folded(REASONS[refused.reason], indent=2)
    for code in refused.codes:
        entry = entry_of(code)
        yield Folded(entry.meaning if entry else NOTHING, name=code, indent=2)


def _deed(deed: Deed, zone: ZoneInfo) -> Iterator[Block]:
    act = deed.act
    said = phrase("{time}  operator: {what}", time=_time(deed.at, zone), what=act.what)
    yield Folded(said, tone="strong")
    yield Folded(phrase("by {who}", who=act.who), indent=2)
    if act.reason:
        yield Folded(phrase("reason: {reason}", reason=act.reason), indent=2)


def _time(at: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%m-%d %H:%M:%S}"


def _clock(at: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%H:%M:%S}"
