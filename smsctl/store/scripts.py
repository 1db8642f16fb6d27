"""The Lua scripts, as the server gets them.

A file is one state transition; what several share is a part, put in where `--@include` names it.
Comments stay behind: the proxy before a managed Redis reads the text for its keys. A constant is
written in where it is used, because a local costs the server time in each call.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_INCLUDE = re.compile(r"--@include (\S+)")
_CONSTANT = re.compile(r"local ([A-Z][A-Z_]+) = ([0-9]+(?: \* [0-9]+)?|'[^']*')(?: *--.*)?")
_NAME = re.compile(r"'[^']*'|\b[A-Z][A-Z_]+\b")  # what is quoted stays as it is


@dataclass(frozen=True, slots=True)
class Script:
    """One script and the name under which a server caches it."""

    name: str
    text: str = field(repr=False)
    sha: str


@cache
def script(name: str) -> Script:
    """Return the script `name`, one of `store/lua/*.lua`."""
    text = "\n".join(_folded(_lines(f"{name}.lua")))
    # The name of a cached script is its SHA-1: the server's choice, not a secret.
    return Script(name, text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


def _folded(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines without their constants, each of which stands where it is used."""
    constants = constants_of(lines)
    for line in lines:
        if not _CONSTANT.fullmatch(line):
            yield _NAME.sub(lambda name: constants.get(name[0], name[0]), line)


def constants_of(lines: Iterable[str]) -> Mapping[str, str]:
    """Return the constants that these lines define, by name, as Lua writes their values."""
    return {
        constant[1]: f"({constant[2]})" if "*" in constant[2] else constant[2]
        for line in lines
        if (constant := _CONSTANT.fullmatch(line))
    }


def _lines(path: str) -> list[str]:
    found: list[str] = []
    for line in files(__package__).joinpath("lua", path).read_text("utf-8").splitlines():
        if include := _INCLUDE.fullmatch(line):
            found += _lines(include[1])
        elif line.strip() and not line.lstrip().startswith("--"):
            found.append(line)
    return found
