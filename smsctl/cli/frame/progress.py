"""A bar on stderr while something takes its time. Gone when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from smsctl.cli.frame.screen import Screen
from smsctl.core.phrase import Phrase


@contextmanager
def progress(screen: Screen, what: Phrase, count: int) -> Iterator[Callable[[], object]]:
    """Show how many of `count` are done; yields what to call after each."""
    console = Console(
        file=screen.stream,
        width=screen.width,
        force_terminal=True,
        no_color=not screen.colored,
        safe_box=not screen.blocks,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    columns = (TextColumn(screen.say(what), markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", total=count)
        yield lambda: shown.advance(task)
