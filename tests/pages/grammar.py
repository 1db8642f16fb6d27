"""Whether the program would take a command line, or every form that a line stands for."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from typer._click.exceptions import MissingParameter

from smsctl.cli.frame.command import Invocation
from smsctl.cli.frame.terminal import Terminal
from smsctl.cli.program import program

_FORM = re.compile(r"[\[\]…|]|(?<!\S)[A-Z]+(?!\S)")


def wrong(line: str) -> str:
    """Return what is wrong with a line that begins behind `smsctl`; empty if nothing is.

    A form, `deny|allow add WHO [--for 7d]`, has to name commands and options that exist. A line
    without brackets, alternatives and placeholders has to be one that the parser takes, but that
    it may be a mere name and leave out what the command needs.
    """
    if not _FORM.search(line):
        return _unparsed(shlex.split(line))
    words = re.sub(r"[\[\]…]", " ", line).split()
    return next(filter(None, map(_unknown, _expanded(words))), "")


def _expanded(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield the words of each alternative among them."""
    return map(list, product(*(word.split("|") for word in words)))


def _leaf(words: list[str]) -> tuple[Any, list[str]]:
    """Return the command that the first words name, and the words behind them."""
    command: Any = program()
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    return command, words


def _unknown(words: list[str]) -> str:
    command, rest = _leaf(words)
    if hasattr(command, "commands"):
        return f"no such command: {words}"
    known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    named = [word for word in rest if word.startswith("-") and word != "-"]
    return next((f"no such option: {name}" for name in named if name not in known), "")


def _unparsed(words: list[str]) -> str:
    command, rest = _leaf(words)
    if hasattr(command, "commands"):
        return f"no such command: {words}"
    stdin, stdout, stderr = (io.TextIOWrapper(io.BytesIO()) for _ in range(3))
    invocation = Invocation(Terminal(stdin, stdout, stderr, {}))
    try:
        command.make_context("smsctl", rest, obj=invocation)
    except MissingParameter:
        return ""
    except Exception as fault:  # noqa: BLE001 - the parser's faults have no public base
        return f"{type(fault).__name__}: {fault}"
    return ""
