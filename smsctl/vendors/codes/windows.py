"""The windows of the vendor's own limits for a phone, as its messages name them.

Source: help.aliyun.com, Short Message Service, sending frequency (44335). Minute and hour are the
clock's in UTC+8, a day is 24 hours from a send.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smsctl.core.phrase import Phrase, phrase

LIMITED = "isv.BUSINESS_LIMIT_CONTROL"
"""The code whose message names a window."""


@dataclass(frozen=True, slots=True)
class Window:
    """One limit of the vendor's, unless the account changed it."""

    word: str
    """What its message says: 触发分钟级流控Permits:1."""
    seconds: float
    limit: Phrase
    when: Phrase


WINDOWS: Sequence[Window] = (
    Window(
        "分钟级",
        60.0,
        phrase("one code a minute"),
        phrase("in the next minute of the clock"),
    ),
    Window(
        "小时级",
        3600.0,
        phrase("five codes an hour"),
        phrase("in the next hour of the clock"),
    ),
    Window(  # before the next one, whose word is a part of this
        "号码天级",
        86400.0,
        phrase("forty messages in 24 hours, those of other senders too"),
        phrase("24 hours after the messages that count"),
    ),
    Window(
        "天级",
        86400.0,
        phrase("ten codes in 24 hours"),
        phrase("24 hours after the codes that count"),
    ),
)


def window_of(message: str) -> Window | None:
    """Return the window that the vendor's message names, or None."""
    return next((window for window in WINDOWS if window.word in message), None)
