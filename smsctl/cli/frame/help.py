"""Help pages: in the reader's language, as wide as the terminal, without Rich (95 ms).

Click's own formatter counts characters, and a Chinese one takes two columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from smsctl.cli.frame.command import Invocation
from smsctl.cli.frame.options import NAMES
from smsctl.cli.frame.screen import Screen
from smsctl.cli.frame.words import cells
from smsctl.core.phrase import Phrase, phrase

_WIDEST = 100
_GAP = 2
_INDENT = 2
_CLOSING = "，。；：、）”"  # never first on a line
_NARROWEST = 20  # columns of a text beside what it is about
_FOOT = 28  # columns of the widest left side that still has its text beside it


class CommandPage(TyperCommand):
    """A command with such a page."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return `--help`, with our page behind it."""
        return _ours(super().get_help_option(ctx))


class GroupPage(TyperGroup):
    """A group with such a page; to list its commands builds none of them."""

    helps: Mapping[str, str]
    """What each of its commands does, by name."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in the tree's order."""
        del ctx
        return list(self.helps)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the commands and options that begin so."""
        from typer._click.shell_completion import CompletionItem  # noqa: PLC0415 - for Tab alone
        from typer._click.utils import make_default_short_help  # noqa: PLC0415

        below = [
            CompletionItem(name, help=make_default_short_help(text))
            for name, text in self.helps.items()
            if name.startswith(incomplete)
        ]
        return [*below, *super(TyperGroup, self).shell_complete(ctx, incomplete)]

    def get_help_option(self, ctx: Any) -> Any:
        """Return `--help`, with our page behind it."""
        return _ours(super().get_help_option(ctx))


def _ours(option: Any) -> Any:
    option.callback = _ask
    return option


def _ask(ctx: Any, _param: Any, asked: bool) -> None:  # noqa: FBT001 - as Click calls it
    """Leave word that the page is wanted: Click's own way out has opinions about encodings."""
    if asked and not ctx.resilient_parsing:
        invocation: Invocation = ctx.obj
        invocation.helped = ctx
        ctx.exit()


def page(ctx: Any, screen: Screen) -> Iterator[str]:
    """Yield the help of the command that Click's context is about."""
    command = ctx.command
    title = screen.paint(screen.say("Usage: "), "strong")
    yield f"{title}{ctx.command_path} {' '.join(_usage(command, screen))}"
    yield ""
    yield from wrap(screen.say(command.help or ""), _width(screen))
    if isinstance(command, GroupPage):
        listed = [(name, screen.say(text)) for name, text in command.helps.items()]
        yield from _section(screen, phrase("Commands"), listed)
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.get_params(ctx) if each.param_type_name == "option"]
    own = [each for each in options if each.name not in NAMES and each.name != "help"]
    common = [each for each in options if each not in own]
    for name, group in (
        (phrase("Arguments"), arguments),
        (phrase("Options"), own),
        (phrase("Options of every command"), common),
    ):
        yield from _section(screen, name, [_entry(each, ctx, screen) for each in group])
    if command.epilog:
        yield ""
        yield screen.paint(screen.say("Examples"), "strong")
        yield from (f"{' ' * _INDENT}{line}" for line in command.epilog.splitlines())


def wrap(text: str, width: int) -> Iterator[str]:
    """Yield lines of at most `width` columns; Chinese breaks anywhere but before its stops."""
    line = ""
    for word in _words(text):
        if line and cells(line) + cells(word.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += word
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """Yield the pieces between which a line may break."""
    word = ""
    for char in text:
        wide = cells(char) > 1
        if (
            word
            and (wide or cells(word[-1]) > 1 or word[-1] == " ")
            and char not in "，。；：、）”"
        ):
            yield word
            word = ""
        word += char
    yield word


def _section(screen: Screen, title: Phrase, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not entries:
        return
    yield ""
    yield screen.paint(screen.say(title), "strong")
    foot = min(_FOOT, _width(screen) - _NARROWEST - _INDENT - _GAP)
    beside = max((cells(left) for left, _ in entries if cells(left) <= foot), default=0)
    column = _INDENT + beside + _GAP
    for left, text in entries:
        lines = list(wrap(text, max(_NARROWEST, _width(screen) - column)))
        head = " " * _INDENT + screen.paint(left, "accent")
        if cells(left) > beside:
            yield head
        else:
            yield f"{head}{' ' * (column - _INDENT - cells(left))}{lines.pop(0)}".rstrip()
        yield from (f"{' ' * column}{line}" for line in lines)


def _entry(param: Any, ctx: Any, screen: Screen) -> tuple[str, str]:
    if param.param_type_name == "argument":
        return _operand(param), screen.say(param.help or "")
    if param.name == "help":
        return ", ".join(sorted(param.opts)), screen.say("Show this page.")
    short = [name for name in param.opts if not name.startswith("--")]
    long = [name for name in param.opts if name.startswith("--")]
    value = "" if param.is_flag or param.count else f" {_value(param, ctx)}"
    return f"{', '.join([*short, *long])}{value}", screen.say(param.help or "")


def _usage(command: Any, screen: Screen) -> Iterator[str]:
    for param in command.params:
        if param.param_type_name == "argument":
            name = _operand(param)
            yield name if param.required else f"[{name}]"
    yield screen.say("[OPTIONS]")
    if isinstance(command, TyperGroup):
        yield screen.say("COMMAND ...")


def _operand(param: Any) -> str:
    name = param.metavar or str(param.name).upper()
    return f"{name}..." if param.nargs != 1 else name


def _value(param: Any, ctx: Any) -> str:
    choices = getattr(param.type, "choices", None)
    return "|".join(choices) if choices else str(param.make_metavar(ctx=ctx))


def _width(screen: Screen) -> int:
    return min(_WIDEST, screen.width)
