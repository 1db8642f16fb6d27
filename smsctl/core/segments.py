"""How many segments a message has: that is what the vendor charges for."""

from __future__ import annotations

from smsctl.core.policy import Purpose

_WHOLE = 70  # characters of a message that is not split
_PART = 67  # of each part of one that is: three go to the header that joins them
_BRACKETS = 2  # 【 and 】, which the vendor puts around the signature


def segments(length: int) -> int:
    """Return the segments of a mainland message of `length` characters, its signature included.

    Every character counts one. Source: help.aliyun.com, document 44335.
    """
    return 1 if length <= _WHOLE else -(-length // _PART)


def purpose_segments(purpose: Purpose, *, sign_name: str, code_length: int) -> int | None:
    """Return the segments of this purpose's messages, or None where its text is not known."""
    if not purpose.text:
        return None
    text = purpose.text.replace(f"${{{purpose.variable}}}", "0" * code_length)
    return segments(len(sign_name) + _BRACKETS + len(text))
