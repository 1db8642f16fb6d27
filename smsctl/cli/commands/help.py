"""`smsctl help`: the page of a command, as its `--help`."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import typer

from smsctl.cli.frame.command import Invocation, sign
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.options import NAMES
from smsctl.core.phrase import phrase


def show_help(ctx: typer.Context, *, words: list[str] | None = None, **given: Any) -> None:
    """Leave word which command's page is wanted. Raises UsageError for one that there is not."""
    invocation: Invocation = ctx.obj
    invocation.take({name: given[name] for name in NAMES})
    shown: Any = ctx.parent
    for word in words or []:
        if not hasattr(shown.command, "resolve_command"):
            raise UsageError(
                phrase("{command} has no commands below it", command=shown.command_path),
                hint=phrase("see {command} --help", command=shown.command_path),
            )
        name, command, _ = shown.command.resolve_command(shown, [word])
        shown = command.make_context(name, [], parent=shown, resilient_parsing=True)
        shown.resilient_parsing = False  # an unknown word below it is an error again
    invocation.helped = shown


_WORDS = Annotated[
    list[str] | None, typer.Argument(metavar="COMMAND", help="Which command; all if left out.")
]

help_: Any = show_help
sign(
    help_,
    [inspect.Parameter("words", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_WORDS)],
)
help_.examples = ("smsctl help", "smsctl help limits reset")
help_.on_failure = None
help_.needs, help_.without_config, help_.vouching = "nothing", "try-out", ()
