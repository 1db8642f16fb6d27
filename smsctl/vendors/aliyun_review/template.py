"""What the vendor's pages say of a code's template."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from smsctl.core.phrase import phrase
from smsctl.vendors.aliyun_review import characters
from smsctl.vendors.aliyun_review.finding import Finding, found, joined, without
from smsctl.vendors.aliyun_review.rewriting import helpful
from smsctl.vendors.aliyun_review.statement import (
    code_length,
    code_word,
    expiry,
    international,
    statement,
)
from smsctl.vendors.aliyun_review.traditional import simplified
from smsctl.vendors.aliyun_review.variables import masked, variables
from smsctl.vendors.aliyun_review.wording import wording

_LONGEST = 500  # characters, the variable's name included
_SIGNATURE = re.compile(r"\s*【[^【】]{0,40}】")
_BRACKETS = re.compile(r"[【】]|^\s*[\[［]|[\]］]\s*$")
_PAIRS = (
    re.compile(r"^\s*[\[［]([^\[\]［］]{0,100})[\]］]"),
    re.compile(r"[\[［]([^\[\]［］]{0,100})[\]］]\s*$"),
)
_ODD = re.compile(r"^\s+|\s+$|[^\S ]+|(?<=\S) {2,}(?=\S)")
_QUOTES = {"『": "“", "』": "”", "「": "“", "」": "”", "〖": "（", "〗": "）"}
_REFUSED = frozenset("#＃•●★☆※→←↑↓▲△■□◆◇♥♡√×¥￥")
"""On the vendor's page by way of example, and their like."""

_SYMBOLS = {"Sm", "Sc", "Sk", "So", "No", "Nl", "Me"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the configuration says that a template has to agree with; None: nothing."""

    ttl: float | None = None
    """Seconds that a code lives."""
    length: int | None = None
    """Digits of a code."""


_NOTHING = Expected()


def review_template(text: str, expected: Expected = _NOTHING) -> tuple[Finding, ...]:
    """Return what a reviewer would object to in the template of a code, errors first."""
    return helpful(text, lambda changed: _rules(changed, expected))


def _rules(text: str, expected: Expected) -> Iterator[Finding]:
    yield from _length(text)
    if not text.strip():
        return
    yield from variables(text)
    said = simplified(text)  # of the same length: one fault of a word is enough
    yield from code_word(said)
    yield from statement(said)
    yield from code_length(said, expected.length)
    if expected.ttl is not None:
        yield from expiry(said, expected.ttl)
    yield from wording(said, text)
    yield from _brackets(text)
    yield from _characters(text)


def _length(text: str) -> Iterator[Finding]:
    if not text.strip():
        yield Finding(id="template.length", level="error", message=phrase("there is no text in it"))
    elif len(text) > _LONGEST:
        yield Finding(
            id="template.length",
            level="error",
            message=phrase(
                "has {length} characters, the variable included: {most} is the most",
                length=len(text),
                most=_LONGEST,
            ),
            spans=((_LONGEST, len(text)),),
        )


def _brackets(text: str) -> Iterator[Finding]:
    spans = found(_BRACKETS, text)
    if not spans:
        return
    yield Finding(
        id="template.brackets",
        level="error",
        message=phrase(
            "no 【】 anywhere and no [ ] at its ends: the vendor puts the signature in front"
        ),
        spans=spans,
        rewrite=_unbracketed(text),
    )


def _unbracketed(text: str) -> str:
    """Return the text without a signature in front, and without the other brackets' signs."""
    signature = _SIGNATURE.match(text)
    rest = text[signature.end() :] if signature else text
    for pair in _PAIRS:
        rest = pair.sub(r"\1", rest)
    return without(rest, found(_BRACKETS, rest))


def _characters(text: str) -> Iterator[Finding]:
    read = masked(text, "x")
    broken, meant = characters.mojibake(text)
    if broken:
        yield Finding(
            id="template.mojibake",
            level="error",
            message=phrase("UTF-8 that was read in another encoding"),
            spans=broken,
            rewrite=meant,
        )
        for start, end in broken:
            read = f"{read[:start]}{'x' * (end - start)}{read[end:]}"
    yield from _symbols(read, text)
    yield from _letters(read, text)
    yield from _unseen(read, text)


def _symbols(read: str, text: str) -> Iterator[Finding]:
    spans = joined(place for place, char in enumerate(read) if _is_special(char))
    if spans:
        yield Finding(
            id="template.symbol",
            level="error",
            message=phrase("a special symbol: phones and carriers show it wrongly, or not at all"),
            spans=spans,
            rewrite="".join(
                _ordinary(char) if _is_special(seen) else char
                for char, seen in zip(text, read, strict=True)
            ),
        )


def _is_special(char: str) -> bool:
    if char in _REFUSED or char in _QUOTES:
        return True
    if char.isascii() or characters.is_wide(char):
        return False
    # Symbols, other numbers (① ² Ⅳ), and what only emoji use.
    return unicodedata.category(char) in _SYMBOLS and char not in "〇～"


def _ordinary(char: str) -> str:
    """Return what the symbol stands for in ordinary writing, or nothing."""
    if char in _QUOTES:
        return _QUOTES[char]
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.isascii() and plain.isalnum() else ""


def _letters(read: str, text: str) -> Iterator[Finding]:
    if old := characters.traditional(read):
        yield Finding(
            id="template.traditional",
            level="error",
            message=phrase("traditional characters are not approved"),
            spans=old,
            rewrite=simplified(text),
        )
    wide = joined(place for place, char in enumerate(read) if characters.is_wide(char))
    if wide:
        yield Finding(
            id="template.variant",
            level="warn",
            message=phrase("letters or digits of an unusual width or look"),
            spans=wide,
            rewrite=characters.plain(text),
        )
    foreign = joined(place for place, char in enumerate(read) if characters.is_foreign(char))
    if foreign and not international(text):
        yield Finding(
            id="template.language",
            level="error",
            message=phrase("letters of another language: Chinese and English alone are approved"),
            spans=foreign,
        )


def _unseen(read: str, text: str) -> Iterator[Finding]:
    if spans := characters.hidden(read):
        yield Finding(
            id="template.invisible",
            level="error",
            message=phrase("characters that nobody sees"),
            spans=spans,
            rewrite=without(text, spans),
        )
    if spans := found(_ODD, read):
        yield Finding(
            id="template.whitespace",
            level="warn",
            message=phrase("white space at an end, doubled, or other than a plain space"),
            spans=spans,
            rewrite=" ".join(text.split()),
        )
