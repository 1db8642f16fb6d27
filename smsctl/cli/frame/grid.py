"""Tables for people, drawn by Rich: it knows the widths of characters and how to fold cells.

Where a terminal is too narrow for a table, its rows stand below each other.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from rich.console import Console
from rich.table import Table
from rich.text import Text

from smsctl.cli.frame.help import wrap
from smsctl.cli.frame.screen import Screen, Tone
from smsctl.cli.frame.words import cells
from smsctl.core.phrase import phrase

_STYLES: dict[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "dim": "dim",
    "good": "green",
    "warn": "yellow",
    "bad": "red",
    "accent": "cyan",
}


_INDENT = 2
_GAP = 2
_LONGEST = 40  # characters of a name: an IPv6 address has 39

_Titles = Sequence[tuple[str, bool]]
_Rows = Sequence[Sequence[str]]
_Tones = Mapping[int, Tone]


def grid_lines(screen: Screen, *, titles: _Titles, rows: _Rows, tones: _Tones) -> Iterator[str]:
    """Yield the lines of a table: `titles` with whether each column is set to the right.

    Where it would break a number or a name, the lines of a block for each row.
    """
    if _whole(screen, titles, rows):
        yield from _table(screen, titles, rows, tones, colored=screen.colored)
    else:
        yield from _blocks(screen, titles, rows, tones)


def _whole(screen: Screen, titles: _Titles, rows: _Rows) -> bool:
    """Say whether a table shows every number and name in one piece."""
    columns = [*zip((title for title, _ in titles), *rows, strict=True)]
    widest = (max(map(cells, column)) for column in columns)
    if sum(widest) + _GAP * (len(columns) - 1) <= screen.width:
        return True
    heads, *others = columns
    kept = [*_words(heads), *(word for column in others for word in _words(column) if _name(word))]
    return Counter(kept) <= Counter(_words(_table(screen, titles, rows, {}, colored=False)))


def _words(texts: Iterable[str]) -> Iterator[str]:
    return chain.from_iterable(map(str.split, texts))


def _name(word: str) -> bool:
    """Say whether the word stays whole: a URL may be folded, and Chinese breaks anywhere."""
    return cells(word) == len(word) <= _LONGEST


def _blocks(screen: Screen, titles: _Titles, rows: _Rows, tones: _Tones) -> Iterator[str]:
    """Yield each row's first cell, and below it what the others are; what is too long runs on."""
    for number, (head, *others) in enumerate(rows):
        tone = tones.get(number, "plain")
        yield from (screen.paint(line, _heading(tone)) for line in wrap(head, screen.width))
        for (title, _), value in zip(titles[1:], others, strict=True):
            if not value:
                continue
            name = title.strip()
            told = screen.say(phrase("{title}: {value}", title=name, value=value))
            first, *rest = wrap(told if name else value, screen.width - 2 * _INDENT)
            yield " " * _INDENT + screen.paint(first, tone)
            yield from (" " * 2 * _INDENT + screen.paint(line, tone) for line in rest)


def _heading(tone: Tone) -> Tone:
    return "strong" if tone == "plain" else tone


def _table(
    screen: Screen, titles: _Titles, rows: _Rows, tones: _Tones, *, colored: bool
) -> Iterator[str]:
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), show_edge=False)
    for title, right in titles:
        table.add_column(
            Text(title, style="bold"), justify="right" if right else "left", overflow="fold"
        )
    for number, row in enumerate(rows):
        # Text, not str: data is never parsed as markup.
        table.add_row(*map(Text, row), style=_STYLES[tones.get(number, "plain")])
    drawn = io.StringIO()
    console = Console(
        file=drawn,
        width=screen.width,
        color_system="standard" if colored else None,
        force_terminal=colored,
        no_color=not colored,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},  # ours was asked already
    )
    console.print(table)
    yield from (line.rstrip() for line in drawn.getvalue().splitlines())
