"""The beat of `watch`: one look after the other, until somebody has seen enough.

A store that is silent ends nothing: the last figures stand, with since when they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from smsctl.cli.commands.watch.reader import Reader, Snapshot
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import StoreUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """How often to look."""

    interval: float
    """Seconds from one look to the next, whatever a look takes."""
    count: int | None
    """How many looks; None for no end."""
    tick: Callable[[], float]
    """A clock that never steps, in seconds."""
    pause: Callable[[float], bool]
    """Waits so many seconds; false where somebody asked for an end."""


def snapshots(reader: Reader, beat: Beat) -> Iterator[Snapshot]:
    """Yield what each look found. Raises StoreUnavailable where already the first finds nothing."""
    last, seen, due = None, beat.tick(), beat.tick()
    told = 0
    while True:
        began = beat.tick()
        try:
            last, seen = run_blocking(reader.look()), began
        except StoreUnavailable:
            if last is None:
                raise
            last = _silent(last, began - seen)
        yield last
        told += 1
        if told == beat.count:
            return
        # From due to due: the time that a look takes is no drift. What was missed is not made up.
        due = max(due + beat.interval, beat.tick())
        if not beat.pause(due - beat.tick()):
            return


def _silent(last: Snapshot, passed: float) -> Snapshot:
    return replace(last, now=last.reading.at + passed, silent_since=last.reading.at)
