"""What the environment says: `${NAME}` inside a text, and `SMSCTL_SECTION__KEY` instead of it.

The environment is a mapping that was handed in: nothing here reads the process's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from smsctl.core.errors import Problem
from smsctl.core.phrase import phrase

LONGEST = 4096
"""Characters of one value: a dozen times what any key needs, and an end to what is looked at."""

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_OVERRIDE = re.compile(r"SMSCTL_.*__")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A text whose references were followed."""

    text: str
    names: tuple[str, ...]
    """The variables that gave a part of it."""
    missing: tuple[str, ...]
    """The variables that are not set and have no default."""
    malformed: bool
    """Something in it begins like a reference and is none."""
    literal: str
    """What was written in the open: the text without references, with their defaults."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that stands for a value of the file."""

    name: str
    text: str


def expand(written: str, environ: Mapping[str, str]) -> Expanded:
    """Return the text with each `${NAME}` and `${NAME:-default}` replaced, once.

    The default also stands for a variable that is set to nothing, as in a shell.
    """
    names: list[str] = []
    missing: list[str] = []

    def follow(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        given = environ.get(name)
        if given or (given is not None and default is None):
            names.append(name)
            return given[: LONGEST + 1]  # which is refused as too long, however often it stands
        if default is None:
            missing.append(name)
        return default or ""

    return Expanded(
        text=_REFERENCE.sub(follow, written),
        names=tuple(dict.fromkeys(names)),
        missing=tuple(dict.fromkeys(missing)),
        malformed="${" in _REFERENCE.sub("", written),
        literal=_REFERENCE.sub(lambda match: match[2] or "", written),
    )


def variables(
    environ: Mapping[str, str], paths: Iterable[str]
) -> tuple[dict[str, Variable], list[Problem]]:
    """Return the variables by path, and a problem for each variable that overrides nothing.

    `paths` are those that can be overridden: `store.url` is `SMSCTL_STORE__URL`.
    """
    by_name = {variable(path): path for path in paths}
    found: dict[str, Variable] = {}
    problems: list[Problem] = []
    for name in sorted(environ):
        if name not in by_name and not _OVERRIDE.match(name):
            continue
        if name in by_name:
            found[by_name[name]] = Variable(name, environ[name])
        else:
            problems.append(_unknown(name, by_name))
    return found, problems


def variable(path: str) -> str:
    """Return the variable that overrides the value at `path`."""
    parts = (re.sub(r"[^A-Z0-9]", "_", part.upper()) for part in path.split("."))
    return "SMSCTL_" + "__".join(parts)


def _unknown(name: str, known: Iterable[str]) -> Problem:
    from smsctl.config.suggest import suggest  # noqa: PLC0415 - difflib: 4 ms, only on mistakes

    shown = name[:60].encode("ascii", "backslashreplace").decode()
    return Problem(
        shown,
        phrase("this variable overrides nothing"),
        suggest(name, known, likeness=0.8)  # all begin alike
        or phrase("single values have one, like SMSCTL_STORE__URL; lists are written in the file"),
    )
