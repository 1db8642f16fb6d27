"""How single values are read: each function returns a reader, which raises Wrong.

No message repeats what was written.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from smsctl.config.countries import COUNTRIES
from smsctl.config.leaves import Reader, Wrong
from smsctl.core.phrase import NOTHING, phrase
from smsctl.core.rules import Window, read_duration

LONGEST_WINDOW = 31 * 86400.0
"""Seconds of a rolling window: a day longer and it is a month's business."""

SHORTEST_KEY = 16
"""Bytes: 128 bits, where the key is random."""

_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_SECOND = 1.0


def choice(*names: str) -> Reader:
    """Read one of these words."""

    def read(text: str) -> str:
        if text in names:
            return text
        from smsctl.config.suggest import suggest  # noqa: PLC0415 - difflib: 4 ms, on mistakes

        raise Wrong(phrase("is one of: {names}", names=", ".join(names)), suggest(text, names))

    return read


def words(text: str) -> str:
    """Read a text that has nothing invisible in it: what cannot be seen cannot be corrected."""
    if any(unicodedata.category(character) in _INVISIBLE for character in text):
        raise Wrong(phrase("has characters that cannot be seen"), phrase("type it anew"))
    if text != text.strip():
        raise Wrong(phrase("begins or ends with a space"), phrase("take the space out"))
    return text


def needed(text: str) -> str:
    """Read `words` that say something."""
    if not text:
        raise Wrong(phrase("is empty"))
    return words(text)


def key(text: str) -> str:
    """Read an HMAC key, or nothing."""
    if text and len(text.encode(errors="replace")) < SHORTEST_KEY:
        raise Wrong(
            phrase("is shorter than {least} bytes", least=SHORTEST_KEY),
            phrase("make one: openssl rand -hex 32"),
        )
    return words(text)


def name(text: str) -> str:
    """Read a name: it stands in the store's keys, in reports and on command lines."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", text):
        raise Wrong(phrase("a name has 1 to 32 letters, digits and ._-"))
    return text


def whole(least: int, most: int) -> Reader:
    """Read a whole number within these bounds."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
            raise Wrong(phrase("is a whole number from {least} to {most}", least=least, most=most))
        if not least <= int(text) <= most:
            raise Wrong(phrase("is from {least} to {most}", least=least, most=most))
        return int(text)

    return read


def money(text: str) -> Decimal:
    """Read an amount of CNY, exactly."""
    try:
        amount = Decimal(text)
        if not (amount.is_finite() and 0 <= amount <= 1000):  # noqa: PLR2004 - a message's price
            raise InvalidOperation
    except InvalidOperation:
        raise Wrong(phrase("is an amount of CNY from 0 to 1000, like 0.045")) from None
    return amount


def duration(most: str, *, least: float = 0.0) -> Reader:
    """Read a duration in seconds: more than 0, at least `least`, at most `most`."""

    def read(text: str) -> float:
        seconds = _seconds(text)
        if not 0 < seconds <= read_duration(most):
            raise Wrong(phrase("is more than 0s and at most {most}", most=most))
        if seconds < least:
            raise Wrong(phrase("is at least {least} s", least=f"{least:g}"))
        return seconds

    return read


def window(text: str) -> Window:
    """Read a rule's window."""
    if text in {"day", "month"}:
        return Window.read(text)
    if not _SECOND <= _seconds(text) <= LONGEST_WINDOW:
        raise Wrong(phrase("is day, month, or a duration from 1s to 31d"))
    return Window.read(text)


def country(text: str) -> str:
    """Read one country."""
    if text not in COUNTRIES:
        known = text.upper() in COUNTRIES
        hint = phrase("write it in capital letters") if known else NOTHING
        raise Wrong(phrase("is a country of ISO 3166, two letters"), hint)
    return text


def countries(text: str) -> frozenset[str]:
    """Read countries, separated by commas."""
    found = frozenset(country(each.strip()) for each in text.split(",") if each.strip())
    if not found:
        raise Wrong(phrase("has no country in it: nothing could be sent"), phrase("write [CN]"))
    return found


def zone(text: str) -> ZoneInfo:
    """Read a time zone of the IANA database."""
    try:
        if not re.fullmatch(r"[A-Za-z0-9_+/-]{1,64}", text):
            raise ValueError
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise Wrong(phrase("is no time zone"), phrase("write one like Asia/Shanghai")) from None


def moment(text: str) -> datetime:
    """Read a date or a time; naive where no offset is written."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone comes later
        return datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(
            phrase("is no date and no time"), phrase("write 2026-12-31 or 2026-12-31T18:00+08:00")
        ) from None


def _seconds(text: str) -> float:
    try:
        return read_duration(text)
    except (ValueError, OverflowError):
        hint = phrase("add the unit") if re.fullmatch(r"[0-9.]+", text) else NOTHING
        raise Wrong(phrase("is a duration like 500ms, 60s, 5m, 24h or 7d"), hint) from None
