"""What callers type, read: purposes, codes and request ids. Messages never repeat the text.

What is no text at all is read as a wrong one: a stranger's JSON may have anything in its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from smsctl.core.errors import InvalidCode, InvalidPurpose, InvalidRequestId
from smsctl.core.phrase import phrase
from smsctl.core.policy import Purpose

_LONGEST = 64  # room for spaces around a code, and an end to what is looked at
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def read_code(text: object, *, length: int) -> str:
    """Return the code in ASCII digits; full-width digits and spaces around are read."""
    typed = text if isinstance(text, str) else ""
    code = unicodedata.normalize("NFKC", typed[:_LONGEST]).strip()
    if len(typed) > _LONGEST or len(code) != length or not (code.isascii() and code.isdigit()):
        raise InvalidCode(
            phrase("a code has {length} digits", length=length),
            hint=phrase("type the digits of the newest message"),
        )
    return code


def read_purpose(text: object, *, purposes: Mapping[str, Purpose], default: str) -> str:
    """Return the purpose, or the default for None."""
    if text is None:
        return default
    if not isinstance(text, str) or text not in purposes:
        raise InvalidPurpose(
            "no such purpose in the configuration",
            hint=phrase("configured are: {purposes}", purposes=", ".join(purposes)),
        )
    return text


def read_request_id(text: object) -> str:
    """Return the request id: 1 to 64 letters, digits and `._:-`."""
    if not isinstance(text, str) or not _REQUEST_ID.fullmatch(text):
        raise InvalidRequestId(
            "a request id has 1 to 64 letters, digits and ._:-",
            hint=phrase("leave it out and one is made up"),
        )
    return text
