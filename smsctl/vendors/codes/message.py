"""Answers to SendSms about the message itself: its phone, signature, template and words.

Source: help.aliyun.com, Short Message Service, API error codes (101346).
"""

from __future__ import annotations

from collections.abc import Sequence

from smsctl.core.phrase import phrase
from smsctl.vendors.codes.entry import Entry, entries
from smsctl.vendors.codes.refusals import SERVICE, refused

MESSAGE: Sequence[Entry] = (
    *entries(
        "gateway",
        "OK",
        sent="yes",
        billed="perhaps",
        retry="no",
        when=phrase("no: the message is on its way"),
        page=SERVICE,
        meaning=phrase("the vendor took the message; it is not delivered yet"),
        remedy=phrase("the carrier's receipt says whether it arrived, and is what is billed"),
    ),
    # The phone.
    *refused(
        "isv.BUSINESS_LIMIT_CONTROL",
        kind="throttle",
        retry="later",
        when=phrase("after the window that the vendor's message names: minute, hour or day"),
        meaning=phrase("the vendor's own frequency limit for this phone is reached"),
        remedy=phrase(
            "wait until it has passed; a limit here no looser than the vendor's would come first"
        ),
    ),
    *refused(
        "isv.MOBILE_NUMBER_ILLEGAL",
        kind="number",
        retry="no",
        meaning=phrase("the vendor does not take this phone number"),
        remedy=phrase("check the number"),
    ),
    *refused(
        "isv.MOBILE_COUNT_OVER_LIMIT",
        retry="no",
        meaning=phrase("the vendor counted too many phone numbers in one request"),
        remedy=phrase("report this: one message has one phone number"),
    ),
    *refused(
        "isv.BLACK_KEY_CONTROL_LIMIT",
        kind="number",
        retry="no",
        meaning=phrase("the phone number or a word of the message is on the vendor's blacklist"),
        remedy=phrase("nothing can be sent to this number; ask the vendor's support why"),
    ),
    *refused(
        "isv.NOT_SUPPORTED_COUNTRY",
        kind="number",
        retry="no",
        page="https://help.aliyun.com/document_detail/180674.html",
        meaning=phrase("the vendor does not send to this number's country"),
        remedy=phrase("leave the country out of phone.countries, or ask the vendor to open it"),
    ),
    *refused(
        "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
        meaning=phrase(
            "the template is an international one and the phone number is a mainland one"
        ),
        remedy=phrase("set a mainland template for this purpose"),
    ),
    # The signature.
    *refused(
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_SIGN_ILLEGAL",
        "isv.SMS_SIGN_NAME_ILLEGAL",
        "isv.SIGN_STATE_ILLEGAL",
        "isv.SIGN_NAME_ILLEGAL",
        meaning=phrase("the signature is unknown to the vendor, not approved, or not usable now"),
        remedy=phrase(
            "compare gateway.sign_name with the vendor's console, also for invisible characters"
        ),
    ),
    *refused(
        "isv.SMS_SIGNATURE_SCENE_ILLEGAL",
        meaning=phrase("the signature is for codes alone and the template is not one for codes"),
        remedy=phrase("use a general signature, or a template for codes"),
    ),
    *refused(
        "isv.EXTEND_CODE_ERROR",
        "isv.ONE_CODE_MULTIPLE_SIGN",
        meaning=phrase("the extension code is used for another signature"),
        remedy=phrase("give each signature an extension code of its own in the vendor's console"),
    ),
    # The template.
    *refused(
        "isv.SMS_TEMPLATE_ILLEGAL",
        meaning=phrase("the template is unknown to the vendor, not approved, or another account's"),
        remedy=phrase("compare the purpose's template with the vendor's console"),
    ),
    *refused(
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
    *refused(
        "isv.INVALID_PARAMETERS",
        meaning=phrase("the vendor found a parameter malformed"),
        remedy=phrase("check gateway.sign_name and the purpose's template"),
    ),
    *refused(
        "isv.SMS_CONTENT_ILLEGAL",
        "isv.UNSUPPORTED_CONTENT",
        "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE",
        meaning=phrase("the vendor blocks the message's words"),
        remedy=phrase("change the template"),
    ),
    # Test signatures and templates.
    *refused(
        "isv.SMS_TEST_NUMBER_LIMIT",
        page="https://help.aliyun.com/document_detail/2858355.html",
        meaning=phrase(
            "the signature or template is a test one and this phone is not bound to the account"
        ),
        remedy=phrase(
            "bind the phone in the vendor's console, or use your own signature and template"
        ),
    ),
    *refused(
        "isv.SMS_TEST_SIGN_TEMPLATE_LIMIT",
        "isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL",
        meaning=phrase("a test signature goes with a test template alone, and takes 4 to 6 digits"),
        remedy=phrase("use both test ones or none"),
    ),
)
"""In the order in which they are listed."""
