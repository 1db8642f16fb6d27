"""A bar, or a word, on stderr while something takes its time. Gone when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from smsctl.cli.frame.screen import Screen
from smsctl.core.phrase import Phrase


@contextmanager
def progress(screen: Screen, what: Phrase, count: int) -> Iterator[Callable[[], object]]:
    """Show how many of `count` are done; yields what to call after each."""
    columns = (TextColumn(screen.say(what), markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_console(screen), transient=True) as shown:
        task = shown.add_task("", total=count)
        yield lambda: shown.advance(task)


@contextmanager
def working(screen: Screen, what: Phrase) -> Iterator[Callable[[Phrase], None]]:
    """Show that something is under way, and since when; yields what says it in other words."""
    turning = SpinnerColumn("dots" if screen.blocks else "line")
    text = TextColumn("{task.description}", markup=False)
    columns = (turning, text, TimeElapsedColumn())
    with Progress(*columns, console=_console(screen), transient=True) as shown:
        task = shown.add_task(screen.legible(screen.say(what)), total=None)

        def say(other: Phrase) -> None:
            shown.update(task, description=screen.legible(screen.say(other)))

        yield say


def _console(screen: Screen) -> Console:
    return Console(
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
