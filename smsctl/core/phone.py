"""A mobile number in its one canonical form.

Mainland numbers are read here. Other countries' need the numbering plans of libphonenumber, which
`smsctl/numbering.py` asks; nothing here knows of them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from smsctl.core.errors import InvalidPhone
from smsctl.core.phrase import phrase

_LONGEST = 40  # E.164 has 15 digits; the rest is room for spaces, dashes and brackets
_ACCEPTED = re.compile(r"\(?\+?\(?[0-9](?:[ \-()]*[0-9])+\)?")
_BETWEEN = re.compile(r"[^+0-9]")
_WITHIN = re.compile(
    r"(?<![0-9])((?:\+|00)?86[ \-]?)?(1[3-9][0-9])[ \-]?[0-9]{4}[ \-]?([0-9]{4})(?![0-9])"
)
_MAINLAND = re.compile(r"(?:\+|00)?(?:86)?(1[3-9][0-9]{9})")


@dataclass(frozen=True, slots=True)
class Phone:
    """One mobile number. Its `str` and `repr` are masked: the whole number has to be asked for."""

    country: str
    """ISO 3166 two letters."""
    calling_code: str
    """Digits, without `+`."""
    national: str
    """Digits, without the calling code."""

    @property
    def e164(self) -> str:
        """The whole number, `+8613800138000`."""
        return f"+{self.calling_code}{self.national}"

    @property
    def prefix(self) -> str:
        """The first 7 digits in China (号段), elsewhere the number without its last 4."""
        head = self.national[:7] if self.country == "CN" else self.national[:-4]
        return f"+{self.calling_code}{head}"

    @property
    def masked(self) -> str:
        """The number for people's eyes, `+86138****8000`."""
        shown = max(0, min(3, len(self.national) - 8))
        return f"+{self.calling_code}{self.national[:shown]}****{self.national[-4:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Phone({self.masked})"


def plain_number(text: object) -> str:
    """Return the digits of a number as typed, with `+` in front where it was; ASCII.

    Full-width digits and signs are read as their ASCII forms, spaces, dashes and brackets dropped.
    Raises InvalidPhone for everything else: letters, extensions, commas, several numbers, and
    what is no text at all.
    """
    typed = text if isinstance(text, str) else ""  # a stranger's JSON may have anything there
    if len(typed) > _LONGEST:
        raise InvalidPhone(
            phrase("a phone number of {count} characters is too long", count=len(typed)),
        )
    ascii_text = unicodedata.normalize("NFKC", typed).strip()
    if not _ACCEPTED.fullmatch(ascii_text):
        raise InvalidPhone(
            "not one phone number: only digits, spaces, dashes, brackets and a leading + are read",
            hint=phrase("write one number, like 13800138000 or +86 138 0013 8000"),
        )
    return _BETWEEN.sub("", ascii_text)


def mainland(number: str) -> Phone | None:
    """Return the mainland mobile that `number` (from `plain_number`) spells, or None.

    A mainland mobile is 1[3-9] and nine digits, bare or after 86, +86 or 0086. Which prefixes
    exist is the vendor's to judge.
    """
    match = _MAINLAND.fullmatch(number)
    return Phone("CN", "86", match[1]) if match else None


def mask_within(text: str) -> str:
    """Return the text with every mainland mobile in it masked: people write them into reasons."""
    return _WITHIN.sub(r"\1\2****\3", text)
