"""Tables for people, drawn by Rich: it knows the widths of characters and how to fold cells."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from smsctl.cli.frame.screen import Screen, Tone

_STYLES: dict[Tone, str] = {
    "plain": "",
    "strong": "bold",
    "dim": "dim",
    "good": "green",
    "warn": "yellow",
    "bad": "red",
    "accent": "cyan",
}


def grid_lines(
    screen: Screen,
    *,
    titles: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[str]],
    tones: Mapping[int, Tone],
) -> Iterator[str]:
    """Yield the lines of a table: `titles` with whether each column is set to the right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
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
        color_system="standard" if screen.colored else None,
        force_terminal=screen.colored,
        no_color=not screen.colored,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},  # ours was asked already
    )
    console.print(table)
    yield from (line.rstrip() for line in drawn.getvalue().splitlines())
