"""Sentences folded at the terminal's width, words whole; a terminal itself cuts them anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smsctl.cli.frame.help import wrap
from smsctl.cli.frame.result import Mark
from smsctl.cli.frame.screen import Screen, Tone
from smsctl.core.phrase import Phrase

_NARROWEST = 24  # columns of text; below it a terminal is no place to read
_MARK = 3  # columns of the widest mark


@dataclass(frozen=True, slots=True)
class Folded:
    """One sentence, perhaps behind a mark and after a name that is no language."""

    phrase: Phrase
    mark: Mark = "none"
    tone: Tone = "plain"
    indent: int = 0
    name: str = ""

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the sentence's lines; those after the first are set in."""
        name = screen.literal(self.name)
        text = f"{name}: {screen.say(self.phrase)}" if name else screen.say(self.phrase)
        width = max(_NARROWEST, screen.width - self.indent - _MARK)
        first, *rest = wrap(text, width)
        head = screen.paint(first[: len(name)], "strong")
        told = screen.paint(first[len(name) :], self.tone)
        yield f"{' ' * self.indent}{screen.mark(self.mark)}{head}{told}"
        for line in rest:
            yield f"{' ' * (self.indent + 2)}{screen.paint(line, self.tone)}"
