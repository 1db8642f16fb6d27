"""The options of every command, written once; they also work before the command's name."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

import typer

from smsctl.cli.frame.terminal import Color

LogFormat = Literal["text", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the operator asked of the frame."""

    json: bool = False
    quiet: bool = False
    verbose: int = 0
    log_format: LogFormat = "text"
    color: Color = "auto"
    config: str | None = None

    def then(self, given: Mapping[str, Any]) -> Self:
        """Return these with what was given further to the right; nothing given changes nothing."""
        told = {name: value for name, value in given.items() if value}
        if "verbose" in told:
            told["verbose"] += self.verbose
        return type(self)(**({name: getattr(self, name) for name in self.__slots__} | told))


_DECLARED: Mapping[str, Any] = {
    "json": Annotated[bool, typer.Option("--json", help="Print one JSON document.")],
    "quiet": Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")
    ],
    "verbose": Annotated[
        int, typer.Option("--verbose", "-v", count=True, help="Log decisions to stderr; -vv more.")
    ],
    "log_format": Annotated[
        LogFormat | None, typer.Option("--log-format", help="How log lines are written.")
    ],
    "color": Annotated[
        Color | None, typer.Option("--color", help="Colours; NO_COLOR and FORCE_COLOR count.")
    ],
    "config": Annotated[
        str | None,
        typer.Option("--config", metavar="PATH", help="The configuration file to read."),
    ],
}

NAMES = frozenset(_DECLARED)
"""The parameters' names."""


def parameters() -> Iterator[inspect.Parameter]:
    """Yield the options as parameters of a signature."""
    defaults = {"json": False, "quiet": False, "verbose": 0}
    for name, declared in _DECLARED.items():
        yield inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=defaults.get(name),
            annotation=declared,
        )


def guessed(arguments: list[str]) -> Options:
    """Return the options of a line that could not be parsed, as far as an error needs them."""
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    color: Color = "auto"
    for word, following in pairwise([*before, ""]):
        told = following if word == "--color" else word.removeprefix("--color=")
        if told in {"always", "never"}:
            color = "always" if told == "always" else "never"
    return Options(json="--json" in before, color=color)
