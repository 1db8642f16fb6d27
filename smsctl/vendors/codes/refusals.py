"""What most codes of the SMS vendor's answers have in common. No table is here."""

from __future__ import annotations

from smsctl.core.phrase import NOTHING, Phrase
from smsctl.vendors.codes.entry import Entry, Kind, Retry, entries

SERVICE = "https://help.aliyun.com/document_detail/101346.html"
"""Short Message Service, API error codes."""

FRONT_DOOR = "https://developer.aliyun.com/ask/278265"
"""The errors that every Alibaba Cloud API has in common."""


def refused(
    *codes: str,
    meaning: Phrase,
    remedy: Phrase,
    retry: Retry = "after_fix",
    when: Phrase = NOTHING,
    kind: Kind = "rejected",
    page: str = SERVICE,
) -> list[Entry]:
    """Return entries that say that nothing was sent: the vendor bills what a carrier delivered."""
    return entries(
        "gateway",
        *codes,
        meaning=meaning,
        remedy=remedy,
        sent="no",
        billed="no",
        retry=retry,
        when=when,
        page=page,
        kind=kind,
    )


def unclear(*codes: str, meaning: Phrase, remedy: Phrase, page: str = SERVICE) -> list[Entry]:
    """Return entries that leave open whether the message was sent."""
    return entries(
        "gateway",
        *codes,
        meaning=meaning,
        remedy=remedy,
        sent="perhaps",
        billed="perhaps",
        retry="after_check",
        page=page,
        kind="unknown",
    )
