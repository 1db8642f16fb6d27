"""One stream as people see it: its width, its colours, its characters, their language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TextIO

from smsctl.cli.frame.terminal import Color, Terminal, encodable
from smsctl.cli.frame.words import Words, printable
from smsctl.core.phrase import Phrase

Tone = Literal["plain", "strong", "dim", "good", "warn", "bad", "accent"]

_CODES: dict[Tone, str] = {
    "strong": "1",
    "dim": "2",
    "good": "32",
    "warn": "33",
    "bad": "31",
    "accent": "36",
}
_PLAIN = str.maketrans({"“": '"', "”": '"', "’": "'", "…": "...", "·": "-", "→": "->"})
_MARKS: dict[str, tuple[str, str, Tone]] = {
    "ok": ("✓ ", "ok ", "good"),
    "warn": ("! ", "! ", "warn"),
    "bad": ("✗ ", "x ", "bad"),
    "none": ("", "", "plain"),
}


@dataclass
class Screen:
    """Draws on one stream."""

    terminal: Terminal
    stream: TextIO
    words: Words
    color: Color = "auto"

    @cached_property
    def colored(self) -> bool:
        """Whether to paint."""
        return self.terminal.shows_color(self.stream, self.color)

    @cached_property
    def blocks(self) -> bool:
        """Whether the encoding has block characters (▏…█)."""
        return encodable(self.stream, "▏▎▍▌▋▊▉█")

    @cached_property
    def marks(self) -> bool:
        """Whether the encoding has check marks."""
        return encodable(self.stream, "✓✗")

    @property
    def width(self) -> int:
        """Columns."""
        return self.terminal.width(self.stream)

    def say(self, said: Phrase | str) -> str:
        """Return the sentence in the reader's language."""
        return self.words.say(said)

    def literal(self, text: str) -> str:
        """Return text from outside, harmless to a terminal."""
        return printable(text)

    def cell(self, value: Phrase | str | float | None) -> str:
        """Return what a table shows of a value."""
        if value is None:
            return ""
        said = self.say(value) if isinstance(value, Phrase) else self.literal(str(value))
        return self.legible(said)  # before anything counts its columns

    def paint(self, text: str, tone: Tone) -> str:
        """Return the text in a tone, or as it is where colours are off."""
        if not self.colored or tone == "plain" or not text:
            return text
        return f"\x1b[{_CODES[tone]}m{text}\x1b[0m"

    def mark(self, mark: str) -> str:
        """Return the mark and the space behind it."""
        sign, plain, tone = _MARKS[mark]
        return self.paint(sign if self.marks else plain, tone)

    def legible(self, text: str) -> str:
        """Return the text as the encoding can show it to people: `?` for what it lacks.

        An escape would be glued to its neighbours, and a code among them could not be read.
        """
        if encodable(self.stream, text):
            return text
        encoding = self.stream.encoding or "utf-8"
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)

    def write(self, lines: Iterable[str]) -> None:
        """Write whole lines. Raises OSError."""
        self.stream.write(self.legible("".join(f"{line}\n" for line in lines)))
