"""smsctl's own codes as entries: exit codes, the reasons of a refusal, the codes of errors.

The numbers are in `exits.py`, reasons and error codes in `core`; a test holds this to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smsctl.cli import exits
from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.vendors.codes.entry import Certainty, Entry, Retry, Source, entries

_WAIT = phrase("yes, after retry_after_s seconds")
_NEW_TOKEN = phrase("yes, with a new token: each is good once")
_NEW_CODE = phrase("no: only a new code helps")


def _own(
    exit_code: int | None,
    *,
    reasons: Sequence[str] = (),
    errors: Sequence[str] = (),
    meaning: Phrase,
    remedy: Phrase,
    sent: Certainty | None = "no",
    retry: Retry,
    when: Phrase = NOTHING,
) -> Iterator[Entry]:
    """Yield the entries of an exit code and of the words that come with it."""
    kinds: Sequence[tuple[Source, Sequence[str]]] = (
        ("exit", () if exit_code is None else (str(exit_code),)),
        ("reason", reasons),
        ("error", errors),
    )
    for source, codes in kinds:
        yield from entries(
            source,
            *codes,
            meaning=meaning,
            remedy=remedy,
            sent=sent,
            billed=sent,
            retry=retry,
            when=when,
        )


OWN: Sequence[Entry] = (
    *_own(
        exits.DONE,
        sent=None,
        retry="no",
        when=phrase("no: it is done"),
        meaning=phrase("done: sent, verified, shown or reset"),
        remedy=phrase("nothing is to be done"),
    ),
    # Refusals of a send.
    *_own(
        exits.LIMIT,
        retry="later",
        when=_WAIT,
        meaning=phrase("refused by a limit, or for the phone's country, a denial or the lock"),
        remedy=phrase("the reason says more: limit, country, denied or locked"),
    ),
    *_own(
        None,
        reasons=["limit"],
        retry="later",
        when=_WAIT,
        meaning=phrase("a rule of limits refuses: nothing was sent and nothing consumed"),
        remedy=phrase("smsctl limits show says which rule; limits reset clears it"),
    ),
    *_own(
        None,
        reasons=["country"],
        retry="after_fix",
        meaning=phrase("the phone's country is not in phone.countries"),
        remedy=phrase("add the country, if messages to it are meant: their price differs"),
    ),
    *_own(
        None,
        reasons=["denied"],
        retry="after_fix",
        meaning=phrase(
            "an operator denied the phone, its numbers or the client's network; "
            "or it is a test number that has run out"
        ),
        remedy=phrase(
            "smsctl deny list says who, why and until when; a test number is refused after its "
            "`until`"
        ),
    ),
    *_own(
        None,
        reasons=["locked"],
        retry="later",
        when=_WAIT,
        meaning=phrase("the phone is locked: too many wrong codes within code.wrong.window"),
        remedy=phrase(
            "wait, or clear it for a user who is known: smsctl limits reset --phone … --code"
        ),
    ),
    *_own(
        exits.FUSE,
        retry="later",
        when=_WAIT,
        meaning=phrase("refused by a fuse, or sending is paused"),
        remedy=phrase("the reason says which: fuse or paused"),
    ),
    *_own(
        None,
        reasons=["fuse"],
        retry="later",
        when=_WAIT,
        meaning=phrase("the fuse has tripped: all that the day may cost is used"),
        remedy=phrase("look at smsctl usage for an attack before limits reset --fuse"),
    ),
    *_own(
        None,
        reasons=["paused"],
        retry="later",
        when=_WAIT,
        meaning=phrase("an operator paused sending"),
        remedy=phrase("smsctl overrides says who, why and until when; smsctl resume ends it"),
    ),
    *_own(
        exits.CAPTCHA,
        retry="yes",
        when=_NEW_TOKEN,
        meaning=phrase("refused by the captcha, or its vendor cannot be reached"),
        remedy=phrase("a refusal has the vendor's own code; an outage passes"),
    ),
    *_own(
        None,
        reasons=["captcha"],
        retry="yes",
        when=_NEW_TOKEN,
        meaning=phrase("the captcha refused the visitor, or no token was given"),
        remedy=phrase("the captcha vendor's own code says why: smsctl explain F008, for one"),
    ),
    *_own(
        None,
        errors=["captcha_unavailable"],
        retry="later",
        meaning=phrase("the captcha vendor gave no verdict, so nothing was sent"),
        remedy=phrase("captcha.on_outage: allow lets a bounded number through meanwhile"),
    ),
    # A verification.
    *_own(
        exits.NOT_VERIFIED,
        sent=None,
        retry="yes",
        when=phrase("yes, while tries are left"),
        meaning=phrase("the code was not accepted"),
        remedy=phrase("the reason says more: mismatch, exhausted, missing or locked"),
    ),
    *_own(
        None,
        reasons=["mismatch"],
        sent=None,
        retry="yes",
        when=phrase("yes, while tries are left"),
        meaning=phrase("the code is wrong; one of its tries is gone"),
        remedy=phrase("type the digits of the newest message"),
    ),
    *_own(
        None,
        reasons=["exhausted"],
        sent=None,
        retry="no",
        when=_NEW_CODE,
        meaning=phrase("that was the last wrong try: the code is gone"),
        remedy=phrase("send a new code"),
    ),
    *_own(
        None,
        reasons=["missing"],
        sent=None,
        retry="no",
        when=_NEW_CODE,
        meaning=phrase("no such code: never sent, expired, used, burnt, or the wrong challenge"),
        remedy=phrase("send a new code"),
    ),
    # What was given.
    *_own(
        exits.USAGE,
        errors=[
            *("usage", "invalid_phone", "invalid_address", "invalid_purpose", "invalid_code"),
            "invalid_request_id",
        ],
        retry="after_fix",
        meaning=phrase("what was given cannot be used: an option, a phone, an address, a purpose"),
        remedy=phrase("the message says what; --help shows what a command takes"),
    ),
    *_own(
        exits.UNCONFIRMED,
        errors=["confirmation_needed"],
        retry="after_fix",
        meaning=phrase("the act needs a yes that nobody gave; nothing was done"),
        remedy=phrase("give --yes, or answer at a terminal"),
    ),
    *_own(
        exits.FOUND_WRONG,
        sent=None,
        retry="after_fix",
        meaning=phrase("a check found something wrong"),
        remedy=phrase("each finding says what to do"),
    ),
    # The parts.
    *_own(
        exits.STORE,
        errors=["store_unavailable"],
        retry="later",
        meaning=phrase(
            "the store gave no answer that can be trusted: nothing was sent, nothing verified"
        ),
        remedy=phrase(
            "the message says why; smsctl config check goes through the store's settings"
        ),
    ),
    *_own(
        exits.GATEWAY_UNKNOWN,
        errors=["gateway_unknown"],
        sent="perhaps",
        retry="after_check",
        meaning=phrase("the message may have been sent: the code is valid and its quota is used"),
        remedy=phrase(
            "wait for the message; the same --request-id tells the outcome and sends nothing"
        ),
    ),
    *_own(
        exits.GATEWAY_REJECTED,
        retry="after_fix",
        meaning=phrase(
            "the SMS vendor refused the message: not sent; or it did not answer a question"
        ),
        remedy=phrase("the message has the vendor's code: smsctl explain it"),
    ),
    *_own(
        None,
        errors=["gateway_rejected"],
        retry="after_fix",
        meaning=phrase("the SMS vendor refused the message: not sent, and the quota was returned"),
        remedy=phrase("the vendor's code in the message says why: smsctl explain it"),
    ),
    *_own(
        exits.CREDENTIALS,
        errors=["credentials_refused"],
        retry="after_fix",
        meaning=phrase("the SMS vendor refuses the access key: not sent, the quota was returned"),
        remedy=phrase("check the key, its secret and the permissions of its RAM user"),
    ),
    *_own(
        None,
        errors=["vendor_unavailable"],
        retry="later",
        sent=None,
        meaning=phrase("a question to the SMS vendor has no answer; nothing was sent by asking"),
        remedy=phrase("the message says why; smsctl config check --online asks more"),
    ),
    *_own(
        None,
        errors=["vendor_denied"],
        retry="after_fix",
        sent=None,
        meaning=phrase("the SMS vendor does not let this access key ask"),
        remedy=phrase("grant what smsctl config ram-policy prints"),
    ),
    *_own(
        exits.CONFIG,
        errors=["config"],
        retry="after_fix",
        meaning=phrase("the configuration cannot be used, or a vendor refuses what it says"),
        remedy=phrase("smsctl config check tells every problem with its place"),
    ),
    # The process.
    *_own(
        exits.INTERNAL,
        errors=["internal"],
        sent="perhaps",
        retry="after_check",
        meaning=phrase("a fault of smsctl's own"),
        remedy=phrase("run it again with -v for the place in the program, and report it"),
    ),
    *_own(
        exits.INTERRUPTED,
        errors=["interrupted"],
        sent="perhaps",
        retry="after_check",
        meaning=phrase("interrupted from the keyboard; a send may have been under way"),
        remedy=phrase("smsctl limits show --phone … says whether a code is alive"),
    ),
    *_own(
        exits.TERMINATED,
        errors=["terminated"],
        sent="perhaps",
        retry="after_check",
        meaning=phrase("ended by SIGTERM; a send may have been under way"),
        remedy=phrase("smsctl limits show --phone … says whether a code is alive"),
    ),
    *_own(
        exits.BROKEN_PIPE,
        errors=["unwritable"],
        sent="perhaps",
        retry="after_check",
        meaning=phrase(
            "the output could not be written: its reader went away, or the disk is full"
        ),
        remedy=phrase("what the command did is done; read its whole output next time"),
    ),
)
"""Each word once, in the order in which they are listed."""

REASONS: Mapping[str, Phrase] = {
    entry.code: entry.meaning for entry in OWN if entry.source == "reason"
}
"""What each reason means."""
