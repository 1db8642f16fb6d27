"""What makes a function a command: the options of every command, and one way in.

A command takes a Run and its own parameters, and returns a Result. It prints nothing and exits
from nowhere: it may raise any SmsctlError.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import typer

from smsctl.cli.frame.failures import Failure, spelled
from smsctl.cli.frame.logs import start_logging
from smsctl.cli.frame.options import NAMES, Options, parameters
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run, WithoutConfig
from smsctl.cli.frame.terminal import Terminal
from smsctl.cli.frame.texts import check_text

if TYPE_CHECKING:
    from smsctl.config import Needs

COMPLETING = "_SMSCTL_COMPLETE"
"""The variable in which a shell asks for completions."""

OnFailure = Callable[[Failure, Sequence[str]], Result | None]
"""From a failure and the words of the command line to what is shown in its place, or None."""


class Command(Protocol):
    """A decorated function, as the program takes it."""

    examples: Sequence[str]
    on_failure: OnFailure | None
    needs: Needs
    without_config: WithoutConfig
    vouching: Sequence[str]

    def __call__(self, ctx: typer.Context, **given: Any) -> Result:
        """Run the command."""


@dataclass
class Invocation:
    """One command line on its way through the parser; Click's `ctx.obj`."""

    terminal: Terminal
    options: Options = field(default_factory=Options)
    """Those before the command's name, then all."""
    run: Run | None = None
    on_failure: OnFailure | None = None
    helped: Any = None
    """Click's context of the command whose help page is wanted."""
    version: str = ""
    """The line that `--version` asks for."""

    def take(self, given: Mapping[str, Any]) -> None:
        """Add the options of every command that were given here. Raises UsageError."""
        for name, value in given.items():
            _check(f"--{name.replace('_', '-')}", value)
        self.options = self.options.then(given)


def command(
    *,
    needs: Needs,
    without_config: WithoutConfig,
    vouching: Sequence[str] = (),
    examples: Sequence[str] = (),
    on_failure: OnFailure | None = None,
) -> Callable[[Callable[..., Result]], Command]:
    """Make a command of `function(run, …)`; the tree of commands says what it does.

    `needs` is what it reads of the configuration, `without_config` what it does where there is
    none. `vouching` names the parameters that make it vouch for production: then that is an error.
    """

    def decorate(function: Callable[..., Result]) -> Command:
        own = [*inspect.signature(function, eval_str=True).parameters.values()][1:]

        @functools.wraps(function)
        def enter(ctx: typer.Context, **given: Any) -> Result:
            invocation: Invocation = ctx.obj
            invocation.on_failure = on_failure
            invocation.take({name: given.pop(name) for name in NAMES})
            invocation.run = Run(invocation.terminal, invocation.options, needs)
            start_logging(invocation.run)
            names = {param.name: spelled(param) for param in ctx.command.params}
            for name, value in given.items():
                _check(names[name], value)
            vouches = any(given[name] not in {None, False} for name in vouching)
            invocation.run.admit("error" if vouches else without_config)
            return function(invocation.run, **given)

        sign(enter, own)
        made: Any = enter
        made.examples, made.on_failure = examples, on_failure
        made.needs, made.without_config, made.vouching = needs, without_config, vouching
        return made  # type: ignore[no-any-return]

    return decorate


def sign(enter: Any, own: Iterable[inspect.Parameter]) -> None:
    """Give a function the signature that Typer reads: its own parameters and everybody's."""
    ctx = inspect.Parameter(
        "ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )
    keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    every = [ctx, *keywords, *parameters()]
    enter.__signature__ = inspect.Signature(every, return_annotation=Result)
    enter.__annotations__ = {each.name: each.annotation for each in every}
    enter.__dict__.pop("__wrapped__", None)


def _check(name: str, value: object) -> None:
    """Raise UsageError for text that nobody typed on purpose."""
    if isinstance(value, list | tuple):
        for each in value:
            _check(name, each)
    elif isinstance(value, str):
        check_text(value, name)
