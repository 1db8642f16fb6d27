"""What became of a message that the vendor took: the `err_code` of a receipt.

A mainland message is billed by the carrier's receipt: one that did not arrive costs nothing.
Source: help.aliyun.com, Short Message Service, receipt error codes (101347), billing (55284).
"""

from __future__ import annotations

from collections.abc import Sequence

from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.vendors.codes.entry import Entry, Retry, entries

_PAGE = "https://help.aliyun.com/document_detail/101347.html"


def _lost(
    *codes: str, meaning: Phrase, remedy: Phrase, retry: Retry, when: Phrase = NOTHING
) -> list[Entry]:
    return entries(
        "receipt",
        *codes,
        meaning=meaning,
        remedy=remedy,
        sent="yes",
        billed="no",
        retry=retry,
        when=when,
        page=_PAGE,
    )


RECEIPTS: Sequence[Entry] = (
    *entries(
        "receipt",
        "DELIVERED",
        sent="yes",
        billed="yes",
        retry="no",
        when=phrase("no: it arrived"),
        page=_PAGE,
        meaning=phrase("delivered: the phone has the message"),
        remedy=phrase(
            "a user who sees nothing should look among filtered messages, or at the number"
        ),
    ),
    *entries(
        "receipt",
        "REQUEST_SUCCESS",
        sent="yes",
        billed="perhaps",
        retry="after_check",
        page=_PAGE,
        meaning=phrase("the carrier took the message and has not said yet whether it arrived"),
        remedy=phrase("ask for the receipt again in a few minutes"),
    ),
    # The phone.
    *_lost(
        "MOBILE_NOT_ON_SERVICE",
        retry="no",
        meaning=phrase("not delivered: the number is suspended, cut off or not in service"),
        remedy=phrase("ask the user for another number"),
    ),
    *_lost(
        "INVALID_NUMBER",
        retry="no",
        meaning=phrase("not delivered: the carrier has no such number"),
        remedy=phrase("check the number"),
    ),
    *_lost(
        "MOBLLE_TERMINAL_ERROR",  # as the vendor's page spells it
        "MOBILE_TERMINAL_ERROR",
        retry="later",
        when=phrase("yes, when the phone is switched on and in reach"),
        meaning=phrase("not delivered: the phone is off, out of reach, or its storage is full"),
        remedy=phrase("ask the user to look at the phone, then send again"),
    ),
    *_lost(
        "MOBILE_ACCOUNT_ABNORMAL",
        retry="no",
        meaning=phrase(
            "not delivered: the user's account with the carrier is in arrears or closed"
        ),
        remedy=phrase("the user has to settle it with the carrier, or give another number"),
    ),
    *_lost(
        "MOBILE_SEND_LIMIT",
        retry="later",
        when=phrase("after 24 hours"),
        meaning=phrase("not delivered: the carrier's own limit for this phone is reached"),
        remedy=phrase(
            "look for somebody who asks for codes to this phone: smsctl limits show --phone"
        ),
    ),
    *_lost(
        "MOBILE_IN_BLACK",
        retry="no",
        meaning=phrase("not delivered: the phone is on a blacklist, as after a complaint"),
        remedy=phrase("ask the vendor's support to take it off, with the user's consent"),
    ),
    *_lost(
        "USER_REJECT",
        retry="no",
        meaning=phrase("not delivered: the user has unsubscribed or rejects such messages"),
        remedy=phrase("the user has to allow them with the carrier"),
    ),
    # Signature and words.
    *_lost(
        "PORT_NOT_REGISTERED",
        retry="after_fix",
        when=phrase("yes, once the carriers list the signature: 5 to 10 working days"),
        meaning=phrase(
            "not delivered: the signature's real-name registration with this carrier is missing"
        ),
        remedy=phrase("submit the signature's registration in the vendor's console"),
    ),
    *_lost(
        "CONTENT_KEYWORD",
        retry="after_fix",
        meaning=phrase("not delivered: the carrier blocks a word of the message"),
        remedy=phrase("change the template"),
    ),
    *_lost(
        "CONTENT_ERROR",
        retry="after_fix",
        meaning=phrase("not delivered: the carrier does not take the message's words as they are"),
        remedy=phrase("change the template"),
    ),
    # The way.
    *_lost(
        "IS_CLOSE",
        retry="after_fix",
        meaning=phrase("not delivered: the way to this carrier is closed for the account"),
        remedy=phrase("ask the vendor's support, with the message id"),
    ),
    *_lost(
        "NO_ROUTE",
        retry="after_fix",
        meaning=phrase("not delivered: the vendor has no way to this phone's carrier"),
        remedy=phrase("ask the vendor's support, with the message id"),
    ),
    *_lost(
        "SP_NOT_BY_INTER_SMS",
        retry="after_fix",
        meaning=phrase("not delivered: the number has international messages switched off"),
        remedy=phrase("the user has to allow them with the carrier"),
    ),
    *_lost(
        "EXPIRED",
        retry="later",
        meaning=phrase("not delivered: the message waited with the carrier until it was too old"),
        remedy=phrase("ask the user to look at the phone, then send again"),
    ),
    *_lost(
        "SP_UNKNOWN_ERROR",
        retry="later",
        meaning=phrase("not delivered: the carrier names no cause"),
        remedy=phrase(
            "if it happens often, look at the signature's registration with the carriers"
        ),
    ),
)
"""In the order in which they are listed."""
