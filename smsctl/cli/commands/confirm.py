"""A yes from somebody, or none: nothing is asked where nobody could answer."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from smsctl.cli.frame.failures import Unconfirmed
from smsctl.cli.frame.result import Block
from smsctl.cli.frame.run import Run
from smsctl.core.phrase import Phrase, phrase

_YES = {"y", "yes", "是", "好"}


def confirm(run: Run, question: Phrase, *, shown: Iterable[Block], command: Sequence[str]) -> None:
    """Return once somebody said yes to `question`, having seen `shown` on stderr.

    Without a terminal, or for any other answer, raises Unconfirmed; `command` is what to type to
    go on without being asked.
    """
    if not run.terminal.interactive:
        line = shlex.join(["smsctl", *command, *_common(run)])
        raise Unconfirmed(
            phrase("this needs a yes, and there is no terminal to ask at: nothing was changed"),
            hint=phrase("to go on, type: {command}", command=line),
        )
    for block in shown:
        run.err.write(block.lines(run.err))
    answer = run.ask(phrase("{question} [y/N]", question=question)).strip().lower()
    if answer not in _YES:
        raise Unconfirmed(phrase("not confirmed: nothing was changed"))


def _common(run: Run) -> list[str]:
    options = run.options
    chosen = ["--config", options.config] if options.config else []
    return chosen + (["--json"] if options.json else [])
