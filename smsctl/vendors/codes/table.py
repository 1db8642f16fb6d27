"""The table whole, and what one word of a vendor means. It knows no vendor's protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from smsctl.vendors.codes.account import ACCOUNT
from smsctl.vendors.codes.captcha import CAPTCHA
from smsctl.vendors.codes.entry import Entry
from smsctl.vendors.codes.message import MESSAGE
from smsctl.vendors.codes.receipts import RECEIPTS
from smsctl.vendors.codes.turnstile import TURNSTILE

TABLE: Sequence[Entry] = (*MESSAGE, *ACCOUNT, *RECEIPTS, *CAPTCHA, *TURNSTILE)
"""Every code of every vendor, in the order in which they are listed. No code is there twice."""

_BY_CODE: Mapping[str, Entry] = {entry.code: entry for entry in TABLE}


def entry_of(code: str) -> Entry | None:
    """Return what is known of a vendor's code, or None.

    `InvalidAccessKeyId.NotFound` and `Throttling.User` are found by what stands before the dot.
    """
    plain = _BY_CODE.get(code) or _BY_CODE.get(f"isv.{code}")
    return plain or _BY_CODE.get(f"{code.partition('.')[0]}.*")


def known(codes: Iterable[str]) -> Sequence[Entry]:
    """Return what is known of these codes, in their order."""
    return [entry for code in codes if (entry := entry_of(code))]
