"""Why no code came, in one sentence, and what to do about it.

The newest entry that explains itself decides; a refusal of somebody who only asked again too soon
points back at the attempt before it. Pure: the vendors' codes are explained by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from smsctl.core.history import Receipt, TurnedAway
from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.core.timeline import Attempt, Deed, Entry, entry_time

Meaning = Callable[[str], tuple[Phrase, Phrase] | None]
"""From a vendor's code to what it means and what to do; None where nobody knows it."""

_SETTLING = 30.0  # s; within it the gateway may still be answering
_ARRIVING = 120.0  # s; within it most receipts come
_RECENT = 900.0  # s between an attempt and a refusal that belongs to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is the matter."""

    cause: str
    """One word for scripts: `delivered`, `limit`, `rejected`, `unknown_phone`, …"""
    sentence: Phrase
    remedy: Phrase = NOTHING


def diagnose(entries: Sequence[Entry], *, now: float, rolled: bool, meaning: Meaning) -> Diagnosis:
    """Return what explains the newest of a phone's entries.

    `rolled`: earlier refusals within the time asked about may be forgotten already.
    """
    told = [each for each in entries if not isinstance(each, Deed)]
    if not told:
        return _nothing(rolled=rolled)
    newest = told[-1]
    if isinstance(newest, Attempt) or newest.reason == "rejected":
        return _at_gateway(newest, now, meaning)
    before = next((each for each in reversed(told) if _reached_gateway(each)), None)
    if newest.act == "verify":
        return _guess(newest, before, now, meaning)
    if before and newest.reason == "limit" and newest.last - entry_time(before) < _RECENT:
        found = _at_gateway(before, now, meaning)
        if found.cause not in {"verified", "delivered"}:
            return found
        return Diagnosis(
            cause="asked_again",
            sentence=phrase(
                "{before}; then asked again too early, which {rule} refused",
                before=found.sentence,
                rule=newest.rule,
            ),
            remedy=found.remedy,
        )
    return _refused(newest, meaning)


def _nothing(*, rolled: bool) -> Diagnosis:
    if rolled:
        return Diagnosis(
            cause="forgotten",
            sentence=phrase(
                "nothing is known of this phone, but older refusals have been forgotten meanwhile"
            ),
            remedy=phrase("ask the user to try again, then look again"),
        )
    return Diagnosis(
        cause="never_asked",
        sentence=phrase("this phone never asked for a code in this time"),
        remedy=phrase(
            "check the number with the user, and that the app reaches this store: "
            "the request did not come here"
        ),
    )


# Attempts


def _reached_gateway(entry: Attempt | TurnedAway) -> bool:
    return isinstance(entry, Attempt) or entry.reason == "rejected"


def _at_gateway(entry: Attempt | TurnedAway, now: float, meaning: Meaning) -> Diagnosis:
    if isinstance(entry, TurnedAway):
        return _rejected(entry.codes, "rejected", meaning)
    return _attempt(entry, now, meaning)


def _attempt(attempt: Attempt, now: float, meaning: Meaning) -> Diagnosis:
    results = {guess.result for guess in attempt.guesses}
    if "verified" in results:
        return Diagnosis(
            cause="verified",
            sentence=phrase("the code came and was used: nothing is wrong"),
            remedy=phrase("a further code has to be asked for anew"),
        )
    if "exhausted" in results:
        return Diagnosis(
            cause="exhausted",
            sentence=phrase("the code came, and was burnt by wrong tries"),
            remedy=phrase("ask for a new code; an older message's code does not count any more"),
        )
    if attempt.settled is None:
        return _unsettled(attempt, now, meaning)
    match attempt.settled.state:
        case "rejected":
            settled = attempt.settled
            codes = [settled.vendor_code] if settled.vendor_code else []
            return _rejected(
                codes, "throttled" if settled.blame == "phone" else "rejected", meaning
            )
        case "unknown":
            return _unclear(attempt, meaning)
        case "sent":
            return _sent(attempt, now, meaning)


def _unsettled(attempt: Attempt, now: float, meaning: Meaning) -> Diagnosis:
    receipt = attempt.receipt
    if receipt is not None and receipt.status != "waiting":
        return _received(attempt, receipt, meaning)
    if attempt.admitted.captcha == "test":
        return Diagnosis(
            cause="test_number",
            sentence=phrase("this is a test number: nothing is sent to it"),
            remedy=phrase("its code is in test_numbers of the configuration"),
        )
    if now - attempt.at < _SETTLING:
        return Diagnosis(
            cause="sending",
            sentence=phrase("the message is being handed to the gateway right now"),
            remedy=phrase("look again in half a minute"),
        )
    return Diagnosis(
        cause="unsettled",
        sentence=phrase(
            "the process ended before the gateway's answer was written down: "
            "it may have been sent, or not"
        ),
        remedy=phrase("look why the process ended; the user can ask again once the limit allows"),
    )


def _rejected(codes: Sequence[str], cause: str, meaning: Meaning) -> Diagnosis:
    code = codes[0] if codes else "?"
    told = meaning(code)
    if told is None:
        return Diagnosis(
            cause=cause,
            sentence=phrase("the gateway refused the message: {code}", code=code),
            remedy=phrase("smsctl explain {code}", code=code),
        )
    return Diagnosis(
        cause=cause,
        sentence=phrase(
            "the gateway refused the message: {meaning} ({code})", meaning=told[0], code=code
        ),
        remedy=told[1],
    )


def _unclear(attempt: Attempt, meaning: Meaning) -> Diagnosis:
    receipt = attempt.receipt
    if receipt is not None and receipt.status != "waiting":
        return _received(attempt, receipt, meaning)
    return Diagnosis(
        cause="unknown",
        sentence=phrase("the gateway's answer was lost: the message may have been sent, or not"),
        remedy=phrase(
            "the user can ask again once the limit allows; look at the gateway's network"
        ),
    )


def _sent(attempt: Attempt, now: float, meaning: Meaning) -> Diagnosis:
    receipt = attempt.receipt
    if receipt is not None and receipt.status != "waiting":
        return _received(attempt, receipt, meaning)
    if attempt.guesses:
        return _mistyped(attempt)
    if receipt is None:
        return Diagnosis(
            cause="sent",
            sentence=phrase("the gateway took the message; no receipt was asked for"),
            remedy=phrase("with the real gateway smsctl why asks for it"),
        )
    if now - attempt.at < _ARRIVING:
        return Diagnosis(
            cause="arriving",
            sentence=phrase(
                "the gateway took the message, and the carrier has it: it may come yet"
            ),
            remedy=phrase("look again in a minute"),
        )
    return Diagnosis(
        cause="no_receipt",
        sentence=phrase(
            "the gateway took the message, and the carrier has not said what became of it"
        ),
        remedy=phrase(
            "a phone that is off or abroad looks like this; if many look so, ask the vendor"
        ),
    )


def _received(attempt: Attempt, receipt: Receipt, meaning: Meaning) -> Diagnosis:
    if receipt.status == "failed":
        told = meaning(receipt.code)
        return Diagnosis(
            cause="undelivered",
            sentence=phrase(
                "the carrier did not deliver it: {meaning} ({code})",
                meaning=told[0],
                code=receipt.code,
            )
            if told
            else phrase("the carrier did not deliver it: {code}", code=receipt.code),
            remedy=told[1] if told else phrase("smsctl explain {code}", code=receipt.code),
        )
    if attempt.guesses:
        return _mistyped(attempt)
    return Diagnosis(
        cause="delivered",
        sentence=phrase("the carrier delivered it, and no code was ever typed"),
        remedy=phrase(
            "let the user look among blocked and filtered messages, and check the number with him"
        ),
    )


def _mistyped(attempt: Attempt) -> Diagnosis:
    return Diagnosis(
        cause="mistyped",
        sentence=phrase(
            "the code came and was typed wrong, tries: {count}", count=len(attempt.guesses)
        ),
        remedy=phrase("the newest message's code counts, until it expires"),
    )


# Refusals


def _guess(
    refused: TurnedAway, before: Attempt | TurnedAway | None, now: float, meaning: Meaning
) -> Diagnosis:
    if refused.reason == "locked":
        return _locked()
    if before is not None:
        found = _at_gateway(before, now, meaning)
        if found.cause in {"verified", "exhausted"}:
            return Diagnosis(
                cause="used_up",
                sentence=phrase("{before}; another guess found no code", before=found.sentence),
                remedy=phrase("ask for a new code"),
            )
        if found.cause not in {"delivered", "sent", "mistyped", "arriving", "no_receipt"}:
            return found
    return Diagnosis(
        cause="missing",
        sentence=phrase("a code was typed when none stood: expired, replaced, or never sent"),
        remedy=phrase(
            "ask for a new code and type it within its life; "
            "the purpose and the challenge must be those of the send"
        ),
    )


def _locked() -> Diagnosis:
    return Diagnosis(
        cause="locked",
        sentence=phrase("the phone is locked: too many wrong codes within code.wrong.window"),
        remedy=phrase("if it is its owner: smsctl limits reset --phone … --code"),
    )


def _refused(refused: TurnedAway, meaning: Meaning) -> Diagnosis:
    if refused.reason == "locked":
        return _locked()
    if refused.reason == "captcha":
        return _captcha(refused, meaning)
    sentence, remedy = _SAID.get(refused.reason, _SAID["limit"])
    return Diagnosis(
        cause=refused.reason,
        sentence=phrase(sentence.template, rule=refused.rule or "", max=refused.max),
        remedy=remedy,
    )


_SAID = {
    "limit": (
        phrase("the limit {rule} refused it: {max} within its window were sent already"),
        phrase("wait until it admits again, or: smsctl limits reset --phone …"),
    ),
    "fuse": (
        phrase("the fuse {rule} has tripped: {max} within its window, for everybody"),
        phrase("smsctl usage --by ip shows who; smsctl fuse raise admits more for a while"),
    ),
    "country": (
        phrase("nothing is sent to the country of this number"),
        phrase("add it to phone.countries, if that is meant"),
    ),
    "denied": (
        phrase("an operator denied this phone, its numbers or the client's network"),
        phrase("smsctl deny list shows why; or the test number has run out"),
    ),
    "paused": (
        phrase("sending was paused by an operator"),
        phrase("smsctl overrides shows whether it still is, and until when; smsctl resume ends it"),
    ),
}


def _captcha(refused: TurnedAway, meaning: Meaning) -> Diagnosis:
    if refused.codes:
        code = refused.codes[0]
        told = meaning(code)
        return Diagnosis(
            cause="captcha",
            sentence=phrase(
                "the human check refused it: {meaning} ({code})", meaning=told[0], code=code
            )
            if told
            else phrase("the human check refused it: {code}", code=code),
            remedy=told[1] if told else phrase("smsctl explain {code}", code=code),
        )
    return Diagnosis(
        cause="captcha",
        sentence=phrase(
            "the human check failed: no token came along, or its vendor did not answer"
        ),
        remedy=phrase("does the page send its captcha's token? smsctl config check --online"),
    )
