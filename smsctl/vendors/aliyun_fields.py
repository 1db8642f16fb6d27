"""One field of an answer, read with patience: a number as text, a time without a zone, no list.

Whatever is not what the vendor's pages promise is None, or empty; nothing here raises. Pure; knows
no question.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
"""The zone of every date and time that the vendor writes."""

_LONGEST = 300  # characters of a reason: it ends up on a screen
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_YEARS = (2000, 2999)


def entries(told: object) -> list[Any]:
    """Return the entries of a list; of anything else, none."""
    return told if isinstance(told, list) else []


def whole(told: object) -> int | None:
    """Return a number that may have come as a string."""
    if isinstance(told, bool):
        return None
    if isinstance(told, int):
        return told
    return int(told) if isinstance(told, str) and _NUMBER.fullmatch(told) else None


def flag(told: object) -> bool | None:
    """Return a truth that may have come as a string."""
    if isinstance(told, bool):
        return told
    return {"true": True, "false": False}.get(told.lower()) if isinstance(told, str) else None


def sentence(told: object) -> str:
    """Return the vendor's words on one line, at most 300 characters of them."""
    return " ".join(told.split())[:_LONGEST] if isinstance(told, str) else ""


def moment(told: object) -> datetime | None:
    """Return a time as the vendor writes it: `2026-11-23 09:00:00`, in China."""
    if not isinstance(told, str):
        return None
    try:
        written = datetime.fromisoformat(told.strip())
    except ValueError:
        return None
    if not _YEARS[0] <= written.year <= _YEARS[1]:
        return None  # no time zone could be put on it
    return written if written.tzinfo else written.replace(tzinfo=CHINA)
