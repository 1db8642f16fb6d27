"""What a command returns: one document, one exit code, rows for pipes, blocks for people.

A value: nothing here prints, and nothing knows a language or a width until it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from smsctl.cli import exits
from smsctl.cli.frame.screen import Screen, Tone
from smsctl.core.phrase import Phrase

Mark = Literal["ok", "warn", "bad", "none"]
Cell = Phrase | str | int | float | None


class Block(Protocol):
    """A part of a screen. Anything that can tell its lines is one: a chart, too."""

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield finished lines, painted, without line ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of a command, in every form in which it can be asked for."""

    schema: str
    """The document's name: `send` becomes `smsctl.send/1`."""
    document: Mapping[str, object]
    columns: Sequence[str] = ()
    """Names of the TSV's fields, English as the JSON keys."""
    rows: Sequence[Sequence[Cell]] = ()
    """One line of TSV each. Written for pipes, below a line of the names."""
    blocks: Sequence[Block] = ()
    """What a terminal shows."""
    prose: bool = False
    """The blocks are all there is to read: a pipe gets them, too."""
    text: str | None = None
    """Written as it is, to terminals and pipes, in place of rows and blocks: a script, a file."""
    written: bool = False
    """The command wrote all there is itself, piece by piece as it came."""
    exit_code: int = exits.DONE


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, perhaps behind a mark."""

    phrase: Phrase | str
    mark: Mark = "none"
    tone: Tone = "plain"
    indent: int = 0

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the one line."""
        said = screen.paint(screen.say(self.phrase), self.tone)
        yield f"{' ' * self.indent}{screen.mark(self.mark)}{said}"


@dataclass(frozen=True, slots=True)
class Literally:
    """Text from outside, in no language of ours; control characters are escaped."""

    text: str
    tone: Tone = "plain"
    indent: int = 0

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield a line for each of the text's."""
        for line in self.text.splitlines() or [""]:
            yield f"{' ' * self.indent}{screen.paint(screen.literal(line), self.tone)}"


@dataclass(frozen=True, slots=True)
class Inset:
    """Another block, moved to the right."""

    block: Block
    by: int

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield its lines."""
        yield from (f"{' ' * self.by}{line}".rstrip() for line in self.block.lines(screen))


@dataclass(frozen=True, slots=True)
class Heading:
    """A title above what follows, one line apart from what went before."""

    phrase: Phrase | str
    first: bool = False

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the title."""
        if not self.first:
            yield ""
        yield screen.paint(screen.say(self.phrase), "strong")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a grid: its title is a template in the catalogue."""

    title: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table for people. On a narrow terminal its rows are blocks; nothing is cut."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    tones: Mapping[int, Tone] = field(default_factory=dict)
    """By the number of the row."""

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the titles and the rows."""
        # Rich's tables cost 25 ms: only who shows one pays.
        from smsctl.cli.frame.grid import grid_lines  # noqa: PLC0415

        yield from grid_lines(
            screen,
            titles=[(screen.say(column.title), column.right) for column in self.columns],
            rows=[[screen.cell(cell) for cell in row] for row in self.rows],
            tones=self.tones,
        )


def seconds(value: float | None) -> float | int | None:
    """Return seconds as documents tell them: to the millisecond, whole ones as integers."""
    if value is None:
        return None
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded
