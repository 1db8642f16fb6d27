"""The streams of one run and what they can show. Knows nothing of commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO, cast

Color = Literal["auto", "always", "never"]

_NARROWEST = 20
_USUAL = 80


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where words come from and go to, and the environment beside them."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]

    @classmethod
    def real(cls) -> Terminal:
        """Return this process's own; in data, a character that cannot be shown is escaped."""
        for stream, errors in (
            (sys.stdin, "surrogateescape"),
            (sys.stdout, "backslashreplace"),
            (sys.stderr, "backslashreplace"),
        ):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors=errors)
        return cls(_open(sys.stdin, "r"), _open(sys.stdout), _open(sys.stderr), os.environ)

    @property
    def interactive(self) -> bool:
        """Whether somebody can be asked: questions go to stderr, answers come from stdin."""
        return self.stdin.isatty() and self.stderr.isatty()

    def shows_color(self, stream: TextIO, color: Color = "auto") -> bool:
        """Say whether to colour: `--color`, then NO_COLOR, FORCE_COLOR, then what it is."""
        if color != "auto":
            return color == "always"
        if self.environ.get("NO_COLOR"):
            return False
        if self.environ.get("FORCE_COLOR"):
            return True
        return stream.isatty() and self.environ.get("TERM") != "dumb"

    def width(self, stream: TextIO) -> int:
        """Return the columns of a stream; 80 where it has none."""
        told = self.environ.get("COLUMNS", "")
        if told.isascii() and told.isdigit() and int(told):
            return max(_NARROWEST, int(told))
        try:
            return max(_NARROWEST, os.get_terminal_size(stream.fileno()).columns or _USUAL)
        except (OSError, ValueError):
            return _USUAL


def encodable(stream: TextIO, text: str) -> bool:
    """Say whether the stream's encoding has these characters."""
    try:
        text.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _open(stream: TextIO | None, mode: str = "w") -> TextIO:
    """Return the stream, or the bottomless one where the shell closed it."""
    if stream is not None:
        return stream
    return cast("TextIO", Path(os.devnull).open(mode, encoding="utf-8"))
