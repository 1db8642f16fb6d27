"""Until when an override holds, read from what an operator types. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from smsctl.cli.frame.failures import UsageError
from smsctl.core.phrase import phrase
from smsctl.core.rules import read_duration

LONGEST = 400 * 86_400.0
"""Seconds that the store keeps an override, since the last one was given."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def read_until(
    lasting: str | None, until: str | None, *, now: float, zone: ZoneInfo, default: str = ""
) -> float:
    """Return when an override ends, in Unix seconds, from `--for` or `--until`. Raises UsageError.

    `until` is `midnight`, the next `HH:MM`, or a date and time; of `zone` where it names no offset.
    """
    if lasting is not None and until is not None:
        raise UsageError("--for and --until say the same: give one of them")
    end = now + _seconds(lasting or default) if until is None else _moment(until, now, zone)
    if end <= now:
        raise UsageError("it would have ended already")
    if end > now + LONGEST:
        raise UsageError("an override holds at most 400 days")
    return end


def _seconds(text: str) -> float:
    if not text:
        raise UsageError(
            "say how long: an override ends by itself",
            hint=phrase("add --for 30m, or --until midnight"),
        )
    try:
        return read_duration(text)
    except (ValueError, OverflowError):
        raise UsageError("--for is a duration like 30m, 2h or 7d") from None


def _moment(text: str, now: float, zone: ZoneInfo) -> float:
    here = datetime.fromtimestamp(now, zone)
    if text == "midnight":
        text = "00:00"
    if clock := _CLOCK.fullmatch(text):
        at = here.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return (at if at > here else at + timedelta(days=1)).timestamp()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "--until is midnight, a time like 18:30, or a date and time",
            hint=phrase("write 2026-12-31T18:00 or 2026-12-31T18:00+08:00"),
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()
