"""Asking the vendors, with a word on the terminal while it lasts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from smsctl.cli.frame.run import Run
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.config import Config
    from smsctl.wiring.account import Told


def asked(run: Run, config: Config, *, lists: bool = False) -> Told:
    """Return what the vendors say. Raises ConfigError."""
    from smsctl.wiring.account import consult  # noqa: PLC0415 - redis-py: 75 ms

    with telling(run, phrase("asking the vendors")):
        return consult(config, lists=lists)


@contextlib.contextmanager
def telling(run: Run, what: Phrase) -> Iterator[Callable[[Phrase], None]]:
    """Show on a terminal what is under way; nothing in a pipe, and nothing under `--quiet`."""
    if run.options.quiet or not run.terminal.stderr.isatty():
        yield lambda _said: None
        return
    # Rich's progress costs 40 ms: only who watches pays.
    from smsctl.cli.frame.progress import working  # noqa: PLC0415

    with working(run.err, what) as say:
        yield say


@contextlib.contextmanager
def counting(run: Run, what: Phrase, count: int) -> Iterator[Callable[[], object]]:
    """Show on a terminal how many of `count` are done; as `telling`, nothing elsewhere."""
    if run.options.quiet or not run.terminal.stderr.isatty():
        yield lambda: None
        return
    # Rich's progress costs 40 ms: only who watches pays.
    from smsctl.cli.frame.progress import progress  # noqa: PLC0415

    with progress(run.err, what, count) as done:
        yield done
