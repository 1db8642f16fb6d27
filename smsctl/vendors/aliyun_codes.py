"""Alibaba Cloud's answer codes: what each says of the message, what it means, what to do about it.

By code and never by HTTP status, which differs between the vendor's own pages. The table itself is
in `codes/`.
"""

from __future__ import annotations

from collections.abc import Mapping

from smsctl.vendors.codes.account import ACCOUNT
from smsctl.vendors.codes.entry import Entry
from smsctl.vendors.codes.message import MESSAGE

CODES: Mapping[str, Entry] = {
    entry.code: entry for entry in (*MESSAGE, *ACCOUNT) if entry.kind is not None
}
"""Every code of the vendor's pages but OK; `Name.*` is `Name` and whatever follows a dot."""


def meaning_of(code: str) -> Entry | None:
    """Return what the code means, or None where the vendor's pages do not name it.

    `InvalidAccessKeyId.NotFound` and `Throttling.User` are found by what stands before the dot.
    Some of the vendor's products leave `isv.` out.
    """
    return CODES.get(code) or CODES.get(f"isv.{code}") or CODES.get(f"{code.partition('.')[0]}.*")
