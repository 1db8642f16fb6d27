"""Click's program. A command's module is imported when it is run, or its own help is shown."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command

from smsctl import __version__
from smsctl.cli.frame.command import Command, Invocation, sign
from smsctl.cli.frame.help import CommandPage, GroupPage
from smsctl.cli.frame.options import NAMES
from smsctl.cli.tree import TREE, Branch, Leaf

_HOME = "smsctl.cli.commands"
_SETTINGS = {"help_option_names": ["-h", "--help"]}


def program() -> Any:
    """Return the whole program as Click's command."""
    version = inspect.Parameter(
        "version", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=_VERSION
    )
    return _group(
        Branch("The guard on the “get code” button, for the person on call.", TREE), version
    )


class _Commands(MutableMapping[str, Any]):
    """Click's commands by name, each built when it is asked for."""

    def __init__(self, branch: Branch) -> None:
        self._places = branch.commands
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            place = self._places[name]
            self._built[name] = _group(place) if isinstance(place, Branch) else _leaf(name, place)
        return self._built[name]

    def __setitem__(self, name: str, made: Any) -> None:
        self._built[name] = made

    def __delitem__(self, name: str) -> None:
        del self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _app(**more: Any) -> typer.Typer:
    return typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, **more
    )


def _leaf(name: str, leaf: Leaf) -> Any:
    module, _, function = leaf.place.partition(":")
    command: Command = getattr(import_module(f"{_HOME}.{module}"), function)
    app = _app()
    made = app.command(
        name,
        cls=CommandPage,
        help=leaf.help,
        epilog="\n".join(command.examples),
        context_settings=_SETTINGS,
    )
    made(command)
    built: Any = get_command(app)
    built.on_failure = command.on_failure
    return built


def _group(branch: Branch, *more: inspect.Parameter) -> Any:
    def before(ctx: typer.Context, **given: Any) -> None:
        invocation: Invocation = ctx.obj
        invocation.take({name: given[name] for name in NAMES})

    sign(before, more)
    app = _app(cls=GroupPage, help=branch.help, no_args_is_help=True, context_settings=_SETTINGS)
    app.callback()(before)
    group: Any = get_command(app)
    group.commands = _Commands(branch)
    group.helps = {name: below.help for name, below in branch.commands.items()}
    return group


def _tell_version(ctx: typer.Context, asked: bool) -> None:  # noqa: FBT001 - as Click calls it
    """Leave word, as for help: what is written inside the parser fails as the parser's fault."""
    if asked and not ctx.resilient_parsing:
        invocation: Invocation = ctx.obj
        invocation.version = f"smsctl {__version__}"
        raise typer.Exit


_VERSION = Annotated[
    bool,
    typer.Option("--version", is_eager=True, callback=_tell_version, help="Show the version."),
]
