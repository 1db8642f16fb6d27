"""Why a carrier has not registered a signature: the vendor's reason codes in words. Pure.

Source: help.aliyun.com, GetSmsSign, RegisterStatusReasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from smsctl.core.phrase import Phrase, phrase
from smsctl.vendors.aliyun_account.values import Reason

_MEANINGS: Mapping[str, Phrase] = {
    "UNBINDING_QUA": phrase("it is bound to no qualification"),
    "BINDING_INCOMPLETE_QUA": phrase("its qualification is not complete"),
    "NON_REGISTER": phrase("its registration was not begun"),
    "REGISTERING": phrase("its registration is under way"),
    "DETECTING": phrase("it is registered, and not tried out yet"),
    "DETECT_SUCCESS": phrase("it is registered"),
    "QUALIFICATION_ERROR": phrase("the carrier objects to the qualification"),
    "SIGNATURE_ERROR": phrase("the carrier objects to the signature"),
    "SIGNATURE_QUALIFICATION_ERROR": phrase("signature and qualification do not match"),
    "ONE_CODE_MULTIPLE_SIGN": phrase("the extension code is used for another signature"),
    "OTHERS_ERROR": phrase("for a reason that is not told"),
    "REGISTER_TIMEOUT": phrase("the carrier took too long"),
    "NO_SEND_RECORD": phrase("nothing was sent with it for six months"),
    "EXT_CODE_RECYCLE": phrase("the extension code was taken back"),
    "SUBPORT_RECYCLE": phrase("the carrier took the number back that it is sent from"),
}


def because(reasons: Sequence[Reason]) -> Phrase:
    """Return the reasons as one phrase: the vendor's sentence, or ours for its code."""
    if not reasons:
        return phrase("no reason is given")
    return reduce(
        lambda first, rest: phrase("{first}; {rest}", first=first, rest=rest),
        [_one(each) for each in reasons],
    )


def _one(reason: Reason) -> Phrase:
    said = reason.text or _MEANINGS.get(reason.code)
    if said and reason.code:
        return phrase("{meaning} ({code})", meaning=said, code=reason.code)
    return phrase("{reason}", reason=said or reason.code)
