"""What is wrong with single characters, whatever they spell: the same for templates and signatures.

Each function returns places in the text, and its repair is of the whole text.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from smsctl.vendors.aliyun_review.finding import Span, joined
from smsctl.vendors.aliyun_review.traditional import simplified

_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}
_SELECTORS = range(0xFE00, 0xFE10)  # which look of a character is meant: seen by nobody
_FILLERS = "\u115f\u1160\u3164\uffa0\u034f"  # letters and marks by category, and nothing to see
_WHITE = "\t\n\r"
_HIGH = re.compile(r"[^\x00-\x7f]+(?: [^\x00-\x7f]+)*")  # a space may be a byte that was lost


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


def mojibake(text: str) -> tuple[tuple[Span, ...], str | None]:
    """Return where UTF-8 was read in another encoding, and the text as it was meant.

    None for the text where some of it is lost.
    """
    spans: list[Span] = []
    parts: list[str] = []
    at, lost = 0, False
    for match in _HIGH.finditer(text):
        meant, whole = _meant(match.group())
        if meant:
            spans.append(match.span())
            parts += text[at : match.start()], meant
            at, lost = match.end(), lost or not whole
    return tuple(spans), None if lost else "".join([*parts, text[at:]])


def _is_hidden(char: str) -> bool:
    if char.isascii():
        return not char.isprintable() and char not in _WHITE
    if ord(char) in _SELECTORS or char in _FILLERS:
        return True
    return unicodedata.category(char) in _HIDDEN and not char.isspace()


def _meant(run: str) -> tuple[str, bool]:
    """Return what a run of characters was before it was read wrongly, and whether that is all.

    Nothing where it was read rightly: one Chinese character may come about by chance, two do not.
    """
    western = _western(run)
    for read, errors in ((_chinese(run), "strict"), (western, "strict"), (western, "ignore")):
        try:
            meant = read.decode("utf-8", errors)
        except UnicodeDecodeError:
            continue
        if sum(map(is_han, meant)) > 1 and not any(map(_is_hidden, meant)):
            return meant, errors == "strict"
    return "", True


def _western(run: str) -> bytes:
    """Return the bytes that Windows, or Java's properties, read as these characters, if any did."""
    with suppress(UnicodeEncodeError):
        return b"".join(char.encode("latin-1" if char < "\u0100" else "cp1252") for char in run)
    return b""


def _chinese(run: str) -> bytes:
    """Return the bytes that a Chinese Windows read as these characters, if it did."""
    with suppress(UnicodeEncodeError):
        return run.encode("gb18030")
    return b""
