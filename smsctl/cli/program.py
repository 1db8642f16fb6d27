"""The tree of commands. A command's module is imported when it is run, or its help is shown."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command

from smsctl import __version__
from smsctl.cli.frame.command import Command, Invocation, sign
from smsctl.cli.frame.help import CommandPage, GroupPage
from smsctl.cli.frame.options import NAMES

_HOME = "smsctl.cli.commands"
_SETTINGS = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True, slots=True)
class Branch:
    """A command that only has commands below it."""

    help: str
    commands: Mapping[str, str | Branch]


TREE: Mapping[str, str | Branch] = {
    "send": "send.command:send",
    "verify": "verify:verify",
    "limits": Branch(
        "What counts against a subject, and clearing it.",
        {"show": "limits.command:show", "reset": "limits.command:reset"},
    ),
    "usage": "usage.command:usage",
    "watch": "watch.command:watch",
    "why": "why.command:why",
    "events": "events.command:events",
    "probe": "probe.command:probe",
    "reconcile": "reconcile.command:reconcile",
    "report": "report.command:report",
    "pause": "orders.pause:pause",
    "resume": "orders.pause:resume",
    "fuse": Branch(
        "A higher fuse for a while.",
        {
            "raise": "orders.fuse:raise_",
            "lower": "orders.fuse:lower",
        },
    ),
    "deny": Branch(
        "Who is turned away for a while.",
        {
            "add": "orders.lists:deny_add",
            "remove": "orders.lists:deny_remove",
            "list": "orders.lists:deny_list",
        },
    ),
    "allow": Branch(
        "Who is let through for a while.",
        {
            "add": "orders.lists:allow_add",
            "remove": "orders.lists:allow_remove",
            "list": "orders.lists:allow_list",
        },
    ),
    "orders": "orders.pause:orders",
    "alert": Branch(
        "Alerts: proving a channel, and delivering what waits.",
        {
            "test": "alert:try_out",
            "run": "alert:run_",
            "list": "alert:list_",
        },
    ),
    "audit": "audit:audit",
    "config": Branch(
        "The configuration: a starter file, a check, the values in force.",
        {
            "init": "config.init:init",
            "check": "config.command:check",
            "show": "config.command:show",
            "ram-policy": "config.ram_policy:ram_policy",
        },
    ),
    "onboard": "onboard.command:onboard",
    "lint": Branch(
        "The vendor's review rules for a template or a signature, offline.",
        {"template": "lint.command:template", "sign": "lint.command:sign"},
    ),
    "store": Branch(
        "The store: the embedded server, and a Redis user of few rights.",
        {
            "status": "store.command:status",
            "stop": "store.command:stop",
            "acl": "store.acl:acl",
        },
    ),
    "explain": "explain.command:explain",
    "demo": "demo.command:demo",
    "completion": "completion:completion",
}
"""By name: where the command is below `commands/`, `module:function`."""


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
        self._places = dict(branch.commands)
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


def _leaf(name: str, place: str) -> Any:
    module, _, function = place.partition(":")
    command: Command = getattr(import_module(f"{_HOME}.{module}"), function)
    app = _app()
    made = app.command(
        name,
        cls=CommandPage,
        help=command.help,
        epilog="\n".join(command.examples),
        context_settings=_SETTINGS,
    )
    made(command)
    leaf: Any = get_command(app)
    leaf.on_failure = command.on_failure
    return leaf


def _group(branch: Branch, *more: inspect.Parameter) -> Any:
    def before(ctx: typer.Context, **given: Any) -> None:
        invocation: Invocation = ctx.obj
        invocation.take({name: given[name] for name in NAMES})

    sign(before, more)
    app = _app(cls=GroupPage, help=branch.help, no_args_is_help=True, context_settings=_SETTINGS)
    app.callback()(before)
    group: Any = get_command(app)
    group.commands = _Commands(branch)
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
