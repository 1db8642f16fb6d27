"""What an answer to SendSms means for the message. Pure functions from facts to values.

Refund only on certainty: whatever does not say that nothing was sent is Unclear.
"""

from __future__ import annotations

from http import HTTPStatus

from smsctl.core.phrase import Phrase, phrase
from smsctl.core.ports import Accepted, Declined, Unclear
from smsctl.vendors.aliyun_client import Broken, Reply
from smsctl.vendors.aliyun_codes import Meaning, meaning_of
from smsctl.vendors.words import plain_word

Submission = Accepted | Declined | Unclear

# The vendor's wording: 触发分钟级流控Permits:1, 触发小时级…, 触发天级…, 触发号码天级…
_WINDOWS = (("分钟级", 60.0), ("小时级", 3600.0), ("天级", 86400.0))
_SHORTEST_WINDOW = 60.0

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
    meaning = meaning_of(answer.code)
    return _of_meaning(answer, meaning) if meaning else _of_unknown_code(answer, answer.code)


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


def _of_breakdown(broken: Broken) -> Submission:
    if broken.how == "lost":
        return Unclear(
            explanation=phrase(
                "the connection to the SMS vendor broke, or its answer is unreadable"
            ),
            hint=_MAY_ARRIVE,
        )
    return Declined(explanation=_UNSENT[broken.how], hint=_CHECK_NETWORK)


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


def _of_meaning(reply: Reply, meaning: Meaning) -> Submission:
    if meaning.kind == "unknown":
        return _unclear(reply, meaning.meaning, meaning.remedy)
    return Declined(
        explanation=meaning.meaning,
        hint=meaning.remedy,
        vendor_code=reply.code,
        vendor_request_id=reply.request_id,
        credentials=meaning.kind == "credentials",
        throttled=_window(reply.message) if meaning.kind == "throttle" else None,
    )


def _of_unknown_code(reply: Reply, code: str) -> Submission:
    status = reply.status or HTTPStatus.INTERNAL_SERVER_ERROR
    answered = status < HTTPStatus.BAD_REQUEST
    definite = code.startswith("isv.") if answered else status < HTTPStatus.INTERNAL_SERVER_ERROR
    if not definite:
        return _unclear(
            reply, phrase("the SMS vendor answered {code}, which says too little", code=code)
        )
    return Declined(
        explanation=phrase("the SMS vendor refused the message: {code}", code=code),
        hint=phrase("look the code up in the vendor's error pages"),
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


def _window(message: str) -> float:
    """Return the seconds of the window that the vendor's sentence names; the shortest if none."""
    return next((seconds for word, seconds in _WINDOWS if word in message), _SHORTEST_WINDOW)
