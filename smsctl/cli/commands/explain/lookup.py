"""From what somebody typed or pasted to the entries that it is about. Pure; draws nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from smsctl.cli.own_codes import OWN
from smsctl.core.phrase import Phrase, phrase
from smsctl.vendors.codes.entry import Entry
from smsctl.vendors.codes.table import TABLE, entry_of
from smsctl.vendors.codes.windows import LIMITED, window_of

ALL: Sequence[Entry] = (*TABLE, *OWN)
"""Every code that can be explained."""

_PREFIXES = ("isv.", "isp.")  # the vendor's words for whose fault it is; people leave them out
_WORD = re.compile(r"[0-9A-Za-z_.*-]+")


def matches(asked: str) -> Sequence[Entry]:
    """Return the entries for a code, several, a vendor's whole message, or a part of either.

    The first of these that finds something decides, so that a code is never drowned in others that
    only resemble it. Nothing is found: empty.
    """
    words = asked.split()
    for found in (
        [entry for word in words if (entry := _exact(word))] if all(map(_exact, words)) else [],
        _message(asked),
        [entry for entry in ALL if "*" in asked and _fits(entry, asked)],
        [entry for entry in ALL if _holds(entry.code, words)],
        [entry for entry in ALL if _holds(_told(entry), words)],
    ):
        if found:
            return [*{entry.code: entry for entry in found}.values()]
    return []


def nearest(asked: str) -> Sequence[str]:
    """Return up to three codes that are spelled somewhat like this."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where nothing was found

    spelled = {_bare(entry.code): entry.code for entry in ALL}
    return [spelled[bare] for bare in get_close_matches(_bare(asked), spelled, cutoff=0.5)]


def completions(incomplete: str) -> list[str]:
    """Return the codes that begin like this, for a shell."""
    return [entry.code for entry in ALL if entry.code.startswith(incomplete)]


def _bare(code: str) -> str:
    folded = code.casefold()
    return next((folded[len(each) :] for each in _PREFIXES if folded.startswith(each)), folded)


def _exact(word: str) -> Entry | None:
    """Return the entry with this code, whatever its case, with or without its prefix."""
    folded = word.casefold()
    return _BY_NAME.get(folded) or _BY_NAME.get(f"{folded.partition('.')[0]}.*")


_BY_NAME = {_bare(entry.code): entry for entry in ALL} | {
    entry.code.casefold(): entry for entry in ALL
}


def _message(text: str) -> Sequence[Entry]:
    """Return what a vendor's message is about: the window it names, or the codes in it."""
    limited = entry_of(LIMITED)
    if limited and (window := window_of(text)):
        meaning = phrase("{meaning}: {limit}", meaning=limited.meaning, limit=window.limit)
        return [replace(limited, meaning=meaning, when=window.when)]
    return [entry for word in _WORD.findall(text) if _telling(word) and (entry := _exact(word))]


def _telling(word: str) -> bool:
    """Say whether a word in the middle of a text is a code, and no number or common word."""
    return len(word) > len("OK") and (not word.islower() or "-" in word) and not word.isdigit()


def _fits(entry: Entry, pattern: str) -> bool:
    folded = pattern.casefold()
    return fnmatchcase(entry.code.casefold(), folded) or fnmatchcase(_bare(entry.code), folded)


def _holds(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word.casefold() in folded for word in words)


def _told(entry: Entry) -> str:
    """Return all that an entry says, in both languages."""
    return " ".join([entry.code, *_both(entry.meaning), *_both(entry.remedy)])


def _both(said: Phrase) -> Iterator[str]:
    from smsctl.cli.zh import CATALOGUE  # noqa: PLC0415 - only for a search

    yield said.template
    yield CATALOGUE.get(said.template, "")
