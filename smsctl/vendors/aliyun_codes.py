"""Alibaba Cloud's answer codes: what each says of the message, what it means, what to do about it.

By code and never by HTTP status, which differs between the vendor's own pages. Pure values.
Sources: help.aliyun.com, Short Message Service, API error codes (101346, 101347), and the common
errors of the API gateway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from smsctl.core.phrase import Phrase, phrase

Kind = Literal["rejected", "credentials", "throttle", "unknown"]
"""What a code says of the message.

`rejected`: not sent. `credentials`: not sent, for the access key's sake. `throttle`: not sent,
because the vendor throttles this phone. `unknown`: it may have been sent.
"""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one of the vendor's codes says."""

    kind: Kind
    meaning: Phrase
    remedy: Phrase


def meaning_of(code: str) -> Meaning | None:
    """Return what the code means, or None where the vendor's pages do not name it.

    `InvalidAccessKeyId.NotFound` and `Throttling.User` are found by what stands before the dot.
    """
    return CODES.get(code) or CODES.get(f"{code.partition('.')[0]}.*")


def _codes(kind: Kind, *codes: str, meaning: Phrase, remedy: Phrase) -> dict[str, Meaning]:
    return dict.fromkeys(codes, Meaning(kind, meaning, remedy))


CODES: Mapping[str, Meaning] = {
    # Not sent: this phone.
    **_codes(
        "throttle",
        "isv.BUSINESS_LIMIT_CONTROL",
        meaning=phrase("the vendor's own frequency limit for this phone is reached"),
        remedy=phrase(
            "wait until it has passed; a limit here no looser than the vendor's would come first"
        ),
    ),
    **_codes(
        "rejected",
        "isv.MOBILE_NUMBER_ILLEGAL",
        meaning=phrase("the vendor does not take this phone number"),
        remedy=phrase("check the number"),
    ),
    **_codes(
        "rejected",
        "isv.MOBILE_COUNT_OVER_LIMIT",
        meaning=phrase("the vendor counted too many phone numbers in one request"),
        remedy=phrase("report this: one message has one phone number"),
    ),
    **_codes(
        "rejected",
        "isv.BLACK_KEY_CONTROL_LIMIT",
        meaning=phrase("the phone number or a word of the message is on the vendor's blacklist"),
        remedy=phrase("nothing can be sent to this number; ask the vendor's support why"),
    ),
    **_codes(
        "rejected",
        "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
        meaning=phrase(
            "the template is an international one and the phone number is a mainland one"
        ),
        remedy=phrase("set a mainland template for this purpose"),
    ),
    # Not sent: the account.
    **_codes(
        "rejected",
        "isv.DAY_LIMIT_CONTROL",
        "isv.MONTH_LIMIT_CONTROL",
        meaning=phrase(
            "the account's own sending threshold is reached: somebody may be pumping messages"
        ),
        remedy=phrase(
            "look at the day's usage before raising it in the vendor's console (safety settings)"
        ),
    ),
    **_codes(
        "rejected",
        "isv.AMOUNT_NOT_ENOUGH",
        meaning=phrase("the account's balance is not enough"),
        remedy=phrase("top up the account"),
    ),
    **_codes(
        "rejected",
        "isv.OUT_OF_SERVICE",
        meaning=phrase("the vendor suspended the service for the account's balance"),
        remedy=phrase("top up the account; a package that is left does not help"),
    ),
    **_codes(
        "rejected",
        "isv.PRODUCT_UN_SUBSCRIPT",
        "isv.PRODUCT_UNSUBSCRIBE",
        meaning=phrase("the account has not opened the SMS service"),
        remedy=phrase("open the SMS service in the vendor's console"),
    ),
    **_codes(
        "rejected",
        "isv.ACCOUNT_NOT_EXISTS",
        "isv.ACCOUNT_ABNORMAL",
        "isv.SECURITY_FROZEN_ACCOUNT",
        meaning=phrase("the vendor does not serve this account: it is missing, abnormal or frozen"),
        remedy=phrase("ask the vendor's support"),
    ),
    **_codes(
        "rejected",
        "isv.DENY_IP_RANGE",
        meaning=phrase("the vendor refuses requests from this host's address"),
        remedy=phrase("send from an address in mainland China"),
    ),
    # Not sent: signature and template.
    **_codes(
        "rejected",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_SIGN_ILLEGAL",
        "isv.SIGN_STATE_ILLEGAL",
        "isv.SIGN_NAME_ILLEGAL",
        meaning=phrase("the signature is unknown to the vendor, not approved, or not usable now"),
        remedy=phrase(
            "compare gateway.sign_name with the vendor's console, also for invisible characters"
        ),
    ),
    **_codes(
        "rejected",
        "isv.SMS_SIGNATURE_SCENE_ILLEGAL",
        meaning=phrase("the signature is for codes alone and the template is not one for codes"),
        remedy=phrase("use a general signature, or a template for codes"),
    ),
    **_codes(
        "rejected",
        "isv.SMS_TEMPLATE_ILLEGAL",
        meaning=phrase("the template is unknown to the vendor, not approved, or another account's"),
        remedy=phrase("compare the purpose's template with the vendor's console"),
    ),
    **_codes(
        "rejected",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.TEMPLATE_PARAMS_ILLEGAL",
        "isv.INVALID_JSON_PARAM",
        "isv.PARAM_LENGTH_LIMIT",
        "isv.PARAM_NOT_SUPPORT_URL",
        meaning=phrase("the template's variables are not the ones that were filled in"),
        remedy=phrase(
            "set the purpose's variable to the template's one variable, of a kind that takes digits"
        ),
    ),
    **_codes(
        "rejected",
        "isv.INVALID_PARAMETERS",
        meaning=phrase("the vendor found a parameter malformed"),
        remedy=phrase("check gateway.sign_name and the purpose's template"),
    ),
    **_codes(
        "rejected",
        "isv.SMS_CONTENT_ILLEGAL",
        "isv.UNSUPPORTED_CONTENT",
        "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE",
        meaning=phrase("the vendor blocks the message's words"),
        remedy=phrase("change the template"),
    ),
    **_codes(
        "rejected",
        "isv.EXTEND_CODE_ERROR",
        "isv.ONE_CODE_MULTIPLE_SIGN",
        meaning=phrase("the extension code is used for another signature"),
        remedy=phrase("give each signature an extension code of its own in the vendor's console"),
    ),
    **_codes(
        "rejected",
        "isv.SMS_TEST_NUMBER_LIMIT",
        meaning=phrase(
            "the signature or template is a test one and this phone is not bound to the account"
        ),
        remedy=phrase(
            "bind the phone in the vendor's console, or use your own signature and template"
        ),
    ),
    **_codes(
        "rejected",
        "isv.SMS_TEST_SIGN_TEMPLATE_LIMIT",
        "isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL",
        meaning=phrase("a test signature goes with a test template alone, and takes 4 to 6 digits"),
        remedy=phrase("use both test ones or none"),
    ),
    # Not sent: the access key. These and no others are exit code 77.
    **_codes(
        "credentials",
        "InvalidAccessKeyId.*",
        meaning=phrase("the vendor does not know the access key, or it is disabled"),
        remedy=phrase("check gateway.access_key_id; rotate the key if it was disabled"),
    ),
    **_codes(
        "credentials",
        "SignatureDoesNotMatch",
        meaning=phrase("the access key's secret is wrong"),
        remedy=phrase("check gateway.access_key_secret, also for spaces around it"),
    ),
    **_codes(
        "credentials",
        "NoPermission",
        "Forbidden.RAM",
        "isp.RAM_PERMISSION_DENY",
        meaning=phrase("the access key may not send messages"),
        remedy=phrase("grant its RAM user the action dysms:SendSms"),
    ),
    # Not sent: the vendor's front door.
    **_codes(
        "rejected",
        "InvalidTimeStamp.Expired",
        meaning=phrase("this host's clock is more than 15 minutes off"),
        remedy=phrase("synchronise the clock (NTP)"),
    ),
    **_codes(
        "rejected",
        "Throttling.*",
        meaning=phrase("the account sends more requests a second than the vendor admits"),
        remedy=phrase("send more slowly, or ask the vendor for a larger quota"),
    ),
    # It may have been sent.
    **_codes(
        "unknown",
        "SignatureNonceUsed",
        meaning=phrase(
            "something on the way repeated the request: the first may have been accepted"
        ),
        remedy=phrase("look for a proxy that repeats requests"),
    ),
    **_codes(
        "unknown",
        "isp.SYSTEM_ERROR",
        "isp.GATEWAY_ERROR",
        "InternalError",
        "ServiceUnavailable",
        meaning=phrase("the vendor failed while it had the message"),
        remedy=phrase(
            "wait for the message before asking for another; the vendor's console knows the rest"
        ),
    ),
}
"""Every code of the vendor's pages but OK; `Name.*` is `Name` and whatever follows a dot."""
