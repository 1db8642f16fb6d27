"""A template as a phone shows it."""

from __future__ import annotations

from smsctl.vendors.aliyun_review.variables import VARIABLE

_DIGITS = "1234567890"


def composed(text: str, *, sign: str, code_length: int) -> str:
    """Return the message: the signature in its brackets, a code in the place of each variable."""
    code = _DIGITS[:code_length]
    return f"【{sign}】{VARIABLE.sub(lambda _: code, text)}"
