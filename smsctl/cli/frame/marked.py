"""Text from outside with carets below some of its characters, folded at the terminal's width.

Every character is shown, and one that cannot be seen as its escape: what is marked must be seen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smsctl.cli.frame.screen import Screen, Tone
from smsctl.cli.frame.words import cells

_NARROWEST = 16  # columns of text
_UNSEEN = {"Mn", "Me", "Cn", "Co"}  # marks on another character, and characters of no font


@dataclass(frozen=True, slots=True)
class Marked:
    """The text's lines that have a mark, each above its carets; without spans, the whole text."""

    text: str
    spans: Sequence[tuple[int, int]] = ()
    """Characters from the first, up to but without the second."""
    tone: Tone = "plain"
    indent: int = 0

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the lines; carets are as wide as what they stand below."""
        edge = " " * self.indent
        for pieces in self._folded(screen):
            shown = "".join(
                screen.paint(piece, self.tone if on else "plain") for piece, on in pieces
            )
            if not self.spans:
                yield f"{edge}{screen.paint(shown, self.tone)}"
            elif any(on for _, on in pieces):
                below = "".join(("^" if on else " ") * cells(piece) for piece, on in pieces)
                yield f"{edge}{shown}"
                yield f"{edge}{screen.paint(below.rstrip(), self.tone)}"

    def _folded(self, screen: Screen) -> Iterator[list[tuple[str, bool]]]:
        """Yield lines of pieces, each with whether it is marked; a piece is never cut."""
        width = max(_NARROWEST, screen.width - self.indent)
        marked = {place for start, end in self.spans for place in range(start, end)}
        line: list[tuple[str, bool]] = []
        used = 0
        for place, char in enumerate(self.text):
            piece = screen.legible(_visible(screen, char))
            if line and used + cells(piece) > width:
                yield line
                line, used = [], 0
            line.append((piece, place in marked))
            used += cells(piece)
        yield line


def _visible(screen: Screen, char: str) -> str:
    unseen = char.isspace() and char not in " \u3000"
    if unseen or unicodedata.category(char) in _UNSEEN:
        return char.encode("unicode_escape").decode("ascii")
    return screen.literal(char)
