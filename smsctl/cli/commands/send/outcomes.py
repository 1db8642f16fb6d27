"""What is told of a send: its document, its line of TSV, its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from smsctl.cli import exits
from smsctl.cli.frame.failures import Failure
from smsctl.cli.frame.result import Block, Cell, Line, Literally, Mark, Result, seconds
from smsctl.cli.frame.words import Span, Words
from smsctl.core.answers import Refused, Sent
from smsctl.core.phrase import Phrase, phrase

COLUMNS = (
    "outcome",
    "phone",
    "purpose",
    "reason",
    "rule",
    "retry_after_s",
    "expires_in_s",
    "request_id",
    "message_id",
    "vendor_request_id",
    "challenge",
    "message",
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one phone among several."""

    phone: str | None
    """Masked; None for what is no phone."""
    purpose: str | None
    """As it was asked for."""
    answer: Sent | Refused | None = None
    failure: Failure | None = None
    """In place of an answer."""

    @property
    def outcome(self) -> str:
        """One word: sent, refused, rejected, unknown or error."""
        if self.answer is not None:
            return "sent" if self.answer else "refused"
        code = self.failure.code if self.failure else ""
        known = {
            "gateway_rejected": "rejected",
            "credentials_refused": "rejected",
            "gateway_unknown": "unknown",
        }
        return known.get(code, "error")

    @property
    def exit_code(self) -> int:
        """What the command would have exited with, had this been its only phone."""
        if self.failure:
            return self.failure.exit_code
        return exits.of_refusal(self.answer.reason) if isinstance(self.answer, Refused) else 0

    def document(self, words: Words) -> dict[str, object]:
        """Return this phone's part of the document."""
        if self.answer is not None:
            return document(self.answer)
        return {
            "outcome": self.outcome,
            "phone": self.phone,
            "purpose": self.purpose,
            "error": self.failure.error(words) if self.failure else None,
        }


def one(answer: Sent | Refused) -> Result:
    """Return the result of a send to one phone."""
    told = document(answer)
    return Result(
        schema="send",
        document=told,
        columns=COLUMNS,
        rows=[row(told)],
        blocks=list(_answer(answer)),
        exit_code=exits.of_refusal(answer.reason) if isinstance(answer, Refused) else exits.DONE,
    )


def document(answer: Sent | Refused) -> dict[str, object]:
    """Return the answer as the contract's document."""
    match answer:
        case Sent():
            told: dict[str, object] = {
                "outcome": "sent",
                "phone": answer.phone,
                "purpose": answer.purpose,
                "request_id": answer.request_id,
                "message_id": answer.message_id,
                "vendor_request_id": answer.vendor_request_id,
                "challenge": answer.challenge,
                "expires_in_s": seconds(answer.expires_in),
                "retry_after_s": seconds(answer.retry_after),
            }
            return told if answer.message is None else told | {"message": answer.message}
        case Refused():
            told = {
                "outcome": "refused",
                "reason": answer.reason,
                "rule": answer.rule,
                "retry_after_s": seconds(answer.retry_after),
                "phone": answer.phone,
                "purpose": answer.purpose,
            }
            codes = list(answer.captcha_codes)
            return told | {"captcha_codes": codes} if codes else told
        case _:
            assert_never(answer)


def row(told: Mapping[str, object]) -> Sequence[Cell]:
    """Return the line of TSV of a document; of an error its code stands as the reason."""
    error = told.get("error")
    if isinstance(error, dict):
        told = {**error, **told, "reason": error["code"]}
    found = (told.get(name) for name in COLUMNS)
    return [each if isinstance(each, int | float | str) else None for each in found]


def blocks(attempt: Attempt, index: int) -> Iterator[Block]:
    """Yield the words for one phone among several; `index` counts from 0."""
    if attempt.answer is not None:
        yield from _answer(attempt.answer, brief=True)
    elif attempt.failure is not None:
        who = attempt.phone or phrase("phone {number}", number=index + 1)
        mark: Mark = "warn" if attempt.outcome == "unknown" else "bad"
        yield Line(phrase("{phone}: {problem}", phone=who, problem=attempt.failure.message), mark)
        if attempt.failure.hint:
            yield Line(attempt.failure.hint, tone="dim", indent=2)


def summary(attempts: Sequence[Attempt]) -> Block:
    """Return how many came to what."""
    counts = Counter(attempt.outcome == "sent" for attempt in attempts)
    told = phrase("{sent} sent, {others} not sent", sent=counts[True], others=counts[False])
    return Line(told, tone="strong")


def _answer(answer: Sent | Refused, *, brief: bool = False) -> Iterator[Block]:
    if isinstance(answer, Refused):
        yield Line(refusal(answer), "bad")
        yield from _captcha(answer.captcha_codes)
        return
    yield Line(
        phrase("sent to {phone} for {purpose}", phone=answer.phone, purpose=answer.purpose), "ok"
    )
    if answer.message is not None:
        yield Literally(answer.message, indent=2, tone="strong")
    if brief:
        return
    yield Line(
        phrase(
            "the code is valid for {expires}; the next can be sent in {wait}",
            expires=Span(answer.expires_in),
            wait=Span(answer.retry_after),
        ),
        indent=2,
    )
    if answer.challenge is not None:
        yield Line(phrase("challenge {challenge}", challenge=answer.challenge), indent=2)
    yield Line(phrase("request {request}", request=answer.request_id), tone="dim", indent=2)


def _captcha(codes: Sequence[str]) -> Iterator[Block]:
    """Yield what each code of the captcha vendor means, and what to do about it."""
    if not codes:
        return
    from smsctl.vendors.codes.table import entry_of  # noqa: PLC0415 - only for who has a code

    for code in codes:
        entry = entry_of(code)
        yield Line(
            phrase("{code}: {meaning}", code=code, meaning=entry.meaning) if entry else code,
            indent=2,
        )
        if entry:
            yield Line(entry.remedy, tone="dim", indent=2)


def refusal(answer: Refused) -> Phrase:  # noqa: PLR0911 - one for each reason
    """Return why nothing was sent, and how long that stays so."""
    phone, wait = answer.phone, Span(answer.retry_after or 0)
    match answer.reason:
        case "limit":
            return phrase(
                "not sent to {phone}: rule {rule} refuses, try again in {wait}",
                phone=phone,
                rule=answer.rule,
                wait=wait,
            )
        case "fuse":
            return phrase(
                "not sent to {phone}: the fuse {rule} has tripped, it admits again in {wait}",
                phone=phone,
                rule=answer.rule,
                wait=wait,
            )
        case "captcha":
            return phrase("not sent to {phone}: refused by the captcha", phone=phone)
        case "country":
            return phrase("not sent to {phone}: its country is not in phone.countries", phone=phone)
        case "denied":
            return phrase(
                "not sent to {phone}: it is denied, or a test number run out", phone=phone
            )
        case "locked":
            return phrase(
                "not sent to {phone}: locked for {wait} after too many wrong codes",
                phone=phone,
                wait=wait,
            )
        case "paused":
            return phrase("not sent to {phone}: sending is paused", phone=phone)
