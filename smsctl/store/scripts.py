"""The Lua scripts, as the server gets them.

A file is one state transition; what several share is a part, put in where `--@include` names it.
Comments stay behind: the proxy before a managed Redis reads the text for its keys.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_INCLUDE = re.compile(r"--@include (\S+)")


@dataclass(frozen=True, slots=True)
class Script:
    """One script and the name under which a server caches it."""

    name: str
    text: str = field(repr=False)
    sha: str


@cache
def script(name: str) -> Script:
    """Return the script `name`, one of `store/lua/*.lua`."""
    text = "\n".join(_lines(f"{name}.lua"))
    # The name of a cached script is its SHA-1: the server's choice, not a secret.
    return Script(name, text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


def _lines(path: str) -> list[str]:
    found: list[str] = []
    for line in files(__package__).joinpath("lua", path).read_text("utf-8").splitlines():
        if include := _INCLUDE.fullmatch(line):
            found += _lines(include[1])
        elif line.strip() and not line.lstrip().startswith("--"):
            found.append(line)
    return found
