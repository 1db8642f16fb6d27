"""Why a question about the account was not answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.core.ports import Accepted, Declined
from smsctl.vendors.aliyun_account.actions import Action, action_name
from smsctl.vendors.aliyun_answers import outcome
from smsctl.vendors.aliyun_client import Reply
from smsctl.vendors.aliyun_codes import meaning_of
from smsctl.vendors.codes.refusals import SERVICE
from smsctl.vendors.network import Broken

Kind = Literal["absent", "denied", "key", "clock", "throttled", "unreachable", "late", "other"]
"""`absent`: the account has no such thing. `denied`: the key may not ask. `key`: it is no key.
`late`: time ran out. `other`: the vendor said something else."""

_DENIED = frozenset({"NoPermission", "Forbidden", "Forbidden.RAM", "isp.RAM_PERMISSION_DENY"})
_KEY = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "IncompleteSignature")
_ABSENT: dict[Action, frozenset[str]] = {
    "GetSmsSign": frozenset(
        {
            "isv.SMS_SIGNATURE_ILLEGAL",
            "isv.SMS_SIGN_ILLEGAL",
            "isv.SIGN_NAME_ILLEGAL",
            "isv.SIGN_STATE_ILLEGAL",
        }
    ),
    "GetSmsTemplate": frozenset({"isv.SMS_TEMPLATE_ILLEGAL"}),
}
_FAILED = frozenset(
    {"isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "InternalError", "ServiceUnavailable"}
)
"""Their words are about a message that may have been sent; a question leaves nothing open."""
_NETWORK = phrase("check the network, gateway.endpoint and gateway.proxy")


class Asked(Protocol):
    """A question, as far as its refusal goes."""

    @property
    def action(self) -> Action:
        """Which call it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no answer."""

    kind: Kind
    message: Phrase
    hint: Phrase = NOTHING
    action: str | None = None
    """The RAM action that the key lacks."""


LATE = Refusal(
    kind="late",
    message=phrase("the SMS vendor did not answer in time"),
    hint=phrase("try again shortly"),
)
"""What is told of a question that ran out of time."""


def throttled(answer: Reply | Broken) -> bool:
    """Say whether the vendor asks to be asked more slowly."""
    return isinstance(answer, Reply) and (answer.code or "").partition(".")[0] == "Throttling"


def refusal_of(question: Asked, answer: Reply | Broken) -> Refusal | None:
    """Return why the question was not answered, or None where it was."""
    if isinstance(answer, Reply) and answer.code not in {None, "OK"}:
        return _of_code(question, answer, str(answer.code))
    told = outcome(answer)  # of what was lost or cannot be read, as of a message
    if isinstance(told, Accepted):
        return None
    hint = told.hint if isinstance(told, Declined) else _NETWORK
    return Refusal(kind="unreachable", message=told.explanation, hint=hint)


def _of_code(question: Asked, answer: Reply, code: str) -> Refusal:
    if code in _DENIED:
        action = answer.denied_action or action_name(question.action)
        return Refusal(
            kind="denied",
            message=phrase("the access key may not do {action}: {code}", action=action, code=code),
            hint=phrase(
                "grant its RAM user {action}; smsctl config ram-policy prints the policy",
                action=action,
            ),
            action=action,
        )
    if code in _FAILED:
        return Refusal(
            kind="unreachable",
            message=phrase("the SMS vendor failed: {code}", code=code),
            hint=phrase("try again shortly"),
        )
    absent = code in _ABSENT.get(question.action, ())
    kind = "absent" if absent else _kind(code)
    known = meaning_of(code)
    if known is not None:
        told = phrase("{meaning} ({code})", meaning=known.meaning, code=code)
        return Refusal(kind=kind, message=told, hint=known.remedy)
    return Refusal(
        kind=kind,
        message=phrase("the SMS vendor refused the question: {code}", code=code),
        hint=phrase("look the code up in the vendor's pages: {page}", page=SERVICE),
    )


def _kind(code: str) -> Kind:
    name = code.partition(".")[0]
    if name in _KEY:
        return "key"
    if name == "InvalidTimeStamp":
        return "clock"
    return "throttled" if name == "Throttling" else "other"
