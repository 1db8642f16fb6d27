"""What was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from smsctl.core.phrase import NOTHING, Phrase, phrase


def suggest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> Phrase:
    """Return "did you mean", or nothing where no known word is near."""
    by_folded = {each.lower(): each for each in known}
    near = get_close_matches(word[:60].lower(), by_folded, n=1, cutoff=likeness)
    return phrase("did you mean {word}?", word=by_folded[near[0]]) if near else NOTHING
