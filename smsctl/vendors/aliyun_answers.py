"""What an answer to SendSms means for the message. Pure functions from facts to values.

Refund only on certainty: whatever does not say that nothing was sent is Unclear.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from smsctl.core.phrase import Phrase, phrase
from smsctl.core.ports import Accepted, Declined, Unclear
from smsctl.vendors.aliyun_client import Reply, unusable
from smsctl.vendors.aliyun_codes import meaning_of
from smsctl.vendors.codes.entry import Entry
from smsctl.vendors.codes.refusals import SERVICE
from smsctl.vendors.codes.windows import window_of
from smsctl.vendors.network import Broken
from smsctl.vendors.words import plain_word

Submission = Accepted | Declined | Unclear

_SHORTEST_WINDOW = 60.0  # seconds, where the vendor's message names none

_CHECK_NETWORK = phrase("check the network, gateway.endpoint and gateway.proxy")
_MAY_ARRIVE = phrase("wait for the message before asking for another")

_UNSENT = {
    "refused": phrase("no connection to the SMS vendor could be made"),
    "timeout": phrase("the SMS vendor could not be reached in time"),
    "tls": phrase("the SMS vendor's certificate could not be verified"),
    "proxy": phrase("the proxy to the SMS vendor could not be used"),
}


def outcome(answer: Reply | Broken) -> Submission:
    """Return what became of the message."""
    if isinstance(answer, Broken):
        return _of_breakdown(answer)
    if answer.code is None:
        return _unreadable(answer)
    if answer.code == "OK":
        return _of_ok(answer)
    entry = meaning_of(answer.code)
    return _of_meaning(answer, entry) if entry else _of_unknown_code(answer, answer.code)


def recalled(code: str) -> Declined | Unclear | None:
    """Return what an earlier answer with this code meant; None where the table has no such code."""
    entry = meaning_of(code)
    return _of_meaning(Reply(status=None, code=code, request_id=None), entry) if entry else None


def saturated() -> Declined:
    """Return the outcome of a call that was never made."""
    return Declined(
        explanation=phrase("too many messages are waiting for the SMS vendor's answers"),
        hint=phrase("try again shortly"),
    )


def overdue() -> Unclear:
    """Return the outcome of a call that is still under way after its deadline."""
    return Unclear(
        explanation=phrase("the SMS vendor did not answer in time"),
        hint=_MAY_ARRIVE,
    )


def unreached() -> Declined:
    """Return the outcome of a call that had not begun at its deadline, and was called off."""
    return _unsent("timeout")


def _of_breakdown(broken: Broken) -> Submission:
    if broken.how == "lost":
        return Unclear(
            explanation=phrase(
                "the connection to the SMS vendor broke, or its answer is unreadable"
            ),
            hint=_MAY_ARRIVE,
        )
    if broken.how == "unmade":
        fault = unusable(broken)
        return Declined(explanation=fault.message, hint=fault.hint, fault=fault)
    return _unsent(broken.how)


def _unsent(how: Literal["refused", "timeout", "tls", "proxy"]) -> Declined:
    return Declined(explanation=_UNSENT[how], hint=_CHECK_NETWORK)


def _of_ok(reply: Reply) -> Submission:
    if reply.body is None:  # OK in an error's envelope
        return _unreadable(reply)
    return Accepted(
        message_id=plain_word(getattr(reply.body, "biz_id", None)),
        vendor_request_id=reply.request_id,
    )


def _unreadable(reply: Reply) -> Unclear:
    return Unclear(
        explanation=phrase("the SMS vendor's answer could not be read"),
        hint=_MAY_ARRIVE,
        vendor_request_id=reply.request_id,
    )


def _of_meaning(reply: Reply, entry: Entry) -> Declined | Unclear:
    if entry.kind == "unknown":
        return _unclear(reply, entry.meaning, entry.remedy)
    if entry.kind == "throttle":
        return _throttled(reply, entry)
    return Declined(
        explanation=entry.meaning,
        hint=entry.remedy,
        vendor_code=reply.code,
        vendor_request_id=reply.request_id,
        credentials=entry.kind == "credentials",
        bad_number=entry.kind == "number",
    )


def _throttled(reply: Reply, entry: Entry) -> Declined:
    """Return the refusal for as long as the vendor's message says; the shortest if it does not."""
    window = window_of(reply.message)
    explanation = entry.meaning
    if window:
        explanation = phrase("{meaning}: {limit}", meaning=explanation, limit=window.limit)
    return Declined(
        explanation=explanation,
        hint=entry.remedy,
        vendor_code=reply.code,
        vendor_request_id=reply.request_id,
        throttled=window.seconds if window else _SHORTEST_WINDOW,
    )


def _of_unknown_code(reply: Reply, code: str) -> Submission:
    status = reply.status or HTTPStatus.INTERNAL_SERVER_ERROR
    # An answer of the service without a message's id is a refusal, but for its own failures.
    unsent = not code.startswith("isp.") and not getattr(reply.body, "biz_id", None)
    answered = status < HTTPStatus.BAD_REQUEST
    definite = unsent if answered else status < HTTPStatus.INTERNAL_SERVER_ERROR
    if not definite:
        return _unclear(
            reply, phrase("the SMS vendor answered {code}, which says too little", code=code)
        )
    return Declined(
        explanation=phrase("the SMS vendor refused the message: {code}", code=code),
        hint=phrase("look the code up in the vendor's pages: {page}", page=SERVICE),
        vendor_code=code,
        vendor_request_id=reply.request_id,
    )


def _unclear(reply: Reply, explanation: Phrase, hint: Phrase = _MAY_ARRIVE) -> Unclear:
    return Unclear(
        explanation=explanation,
        hint=hint,
        vendor_code=reply.code,
        vendor_request_id=reply.request_id,
    )
