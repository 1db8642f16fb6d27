"""Which language the reader wants, and sentences in it.

A template that the catalogue lacks is said in English. Values from outside are made printable
here, so that no sentence can move the cursor.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

from smsctl.core.phrase import Phrase, phrase

Language = Literal["en", "zh"]

_CHINESE = re.compile(r"zh(?![a-z])", re.IGNORECASE)
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, text direction, surrogates, line ends


class Span(float):
    """Seconds inside a phrase: said as `4 min 41 s`."""


def language(environ: Mapping[str, str]) -> Language:
    """Return what `SMSCTL_LANG` says, else the locale; English unless it is Chinese."""
    names = ("SMSCTL_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    named = next((environ[name] for name in names if environ.get(name)), "")
    return "zh" if _CHINESE.match(named) else "en"


class Words:
    """Says phrases in one language."""

    def __init__(self, language: Language = "en") -> None:
        self.language = language
        self._catalogue: Mapping[str, str] = {}
        if language == "zh":
            from smsctl.cli.zh import CATALOGUE  # noqa: PLC0415 - only for who reads it

            self._catalogue = CATALOGUE

    def say(self, said: Phrase | str) -> str:
        """Return the sentence of a phrase, or of a template without values."""
        said = Phrase(said) if isinstance(said, str) else said
        template = self._catalogue.get(said.template, said.template)
        if not said.values:
            return template
        return template.format(**{name: self._value(value) for name, value in said.values.items()})

    def _value(self, value: object) -> object:
        match value:
            case Phrase():
                return self.say(value)
            case Span():
                return self.say(span(value))
            case int() | float():
                return value
            case _:
                return printable(str(value))


def span(seconds: float) -> Phrase:
    """Return a duration for people, in its two largest units; rounded up, as one waits for it."""
    whole = max(0, math.ceil(seconds - 1e-6))  # what a float added is no second
    if whole < 60:  # noqa: PLR2004
        return phrase("{s} s", s=whole)
    if whole < 3600:  # noqa: PLR2004
        m, s = divmod(whole, 60)
        return phrase("{m} min {s} s", m=m, s=s) if s else phrase("{m} min", m=m)
    minutes = math.ceil(whole / 60)
    if minutes < 1440:  # noqa: PLR2004
        h, m = divmod(minutes, 60)
        return phrase("{h} h {m} min", h=h, m=m) if m else phrase("{h} h", h=h)
    d, h = divmod(math.ceil(minutes / 60), 24)
    return phrase("{d} d {h} h", d=d, h=h) if h else phrase("{d} d", d=d)


def printable(text: str) -> str:
    """Return the text with every character that could steer a terminal written as its escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def cells(text: str) -> int:
    """Return how many columns a terminal gives the text: Chinese characters take two."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _visible(char: str) -> str:
    if unicodedata.category(char) in _HIDDEN:
        return char.encode("unicode_escape").decode("ascii")
    return char


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
