"""What is wrong with single characters, whatever they spell: the same for templates and signatures.

Each function returns places in the text, and its repair is of the whole text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from smsctl.vendors.aliyun_review.finding import Span, joined
from smsctl.vendors.aliyun_review.traditional import simplified

_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}
_SELECTORS = range(0xFE00, 0xFE10)  # which look of a character is meant: seen by nobody
_FILLERS = "\u115f\u1160\u3164\uffa0\u034f"  # letters and marks by category, and nothing to see
_WHITE = "\t\n\r"
_HIGH = re.compile(r"[^\x00-\x7f]+")
_VIEWS = ("latin-1", "cp1252", "gb18030")
"""How bytes of UTF-8 were read by mistake: Java's properties, Windows, a Chinese Windows."""


def hidden(text: str) -> tuple[Span, ...]:
    """Return the characters that nobody sees; a tab or a line end is white space, not these."""
    return joined(place for place, char in enumerate(text) if _is_hidden(char))


def spaces(text: str) -> tuple[Span, ...]:
    """Return all white space, of whatever width."""
    return joined(place for place, char in enumerate(text) if char.isspace())


def traditional(text: str) -> tuple[Span, ...]:
    """Return the characters that only traditional writing has."""
    other = simplified(text)
    return joined(place for place, char in enumerate(text) if char != other[place])


def is_han(char: str) -> bool:
    """Say whether it is a Chinese character; 〇 is one."""
    return char == "〇" or unicodedata.name(char, "").startswith("CJK UNIFIED")


def has_han(text: str) -> bool:
    """Say whether any is a Chinese character."""
    return not text.isascii() and any(map(is_han, text))


def is_foreign(char: str) -> bool:
    """Say whether it is a letter or digit of another writing than the Chinese and the English."""
    if char.isascii() or unicodedata.category(char) not in _LETTERS or _is_hidden(char):
        return False
    return not is_han(char) and not is_wide(char)


def is_wide(char: str) -> bool:
    """Say whether it is another look of an ASCII letter or digit: Ａ, １, 𝐀."""
    if char.isascii() or unicodedata.category(char) not in _LETTERS:
        return False
    plain = unicodedata.normalize("NFKC", char)
    return len(plain) == 1 and plain.isascii() and plain.isalnum()


def plain(text: str) -> str:
    """Return the text with every other look of a letter or digit made plain."""
    return "".join(unicodedata.normalize("NFKC", char) if is_wide(char) else char for char in text)


def mojibake(text: str) -> tuple[tuple[Span, ...], str]:
    """Return where UTF-8 was read in another encoding, and the text as it was meant."""
    spans: list[Span] = []
    parts: list[str] = []
    at = 0
    for match in _HIGH.finditer(text):
        meant = _meant(match.group())
        if meant is not None:
            spans.append(match.span())
            parts += text[at : match.start()], meant
            at = match.end()
    return tuple(spans), "".join([*parts, text[at:]])


def _is_hidden(char: str) -> bool:
    if char.isascii():
        return not char.isprintable() and char not in _WHITE
    if ord(char) in _SELECTORS or char in _FILLERS:
        return True
    return unicodedata.category(char) in _HIDDEN and not char.isspace()


def _meant(run: str) -> str | None:
    """Return what a run of characters was before it was read wrongly, or None.

    Two Chinese characters at least: one may come about by chance.
    """
    for meant in _readings(run):
        if sum(map(is_han, meant)) > 1 and not any(map(_is_hidden, meant)):
            return meant
    return None


def _readings(run: str) -> Iterator[str]:
    for view in _VIEWS:
        try:
            yield run.encode(view).decode("utf-8")
        except UnicodeError:
            continue
