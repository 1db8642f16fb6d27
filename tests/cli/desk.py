"""An operator's desk: command lines in this process, with streams of its own."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smsctl.cli.entry import enter
from smsctl.cli.frame.terminal import Terminal

SECRET = "a-secret-of-the-tests-alone"


class _Stream(io.TextIOWrapper):
    def __init__(self, content: bytes = b"", *, encoding: str, tty: bool) -> None:
        super().__init__(io.BytesIO(content), encoding=encoding, errors="backslashreplace")
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    def text(self) -> str:
        self.flush()
        written: io.BytesIO = self.buffer  # type: ignore[assignment]
        return written.getvalue().decode(self.encoding)


@dataclass(frozen=True)
class Told:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document on stdout."""
        return json.loads(self.out)  # type: ignore[no-any-return]

    @property
    def error(self) -> dict[str, Any]:
        """The error of the JSON document on stderr."""
        return json.loads(self.err.splitlines()[-1])["error"]  # type: ignore[no-any-return]

    @property
    def table(self) -> list[dict[str, str]]:
        """The TSV on stdout, by its columns' names."""
        names, *rows = (line.split("\t") for line in self.out.splitlines())
        return [dict(zip(names, row, strict=True)) for row in rows]


@dataclass
class Desk:
    """Runs command lines under one environment."""

    environ: Mapping[str, str]

    def __call__(
        self,
        *words: str,
        answer: str | None = None,
        piped: bytes = b"",
        terminal: bool = False,
        encoding: str = "utf-8",
        **environ: str,
    ) -> Told:
        """Run one; `answer` is typed at a terminal, `terminal` only shows, `piped` is read."""
        tty = terminal or answer is not None
        out, err = (_Stream(encoding=encoding, tty=tty) for _ in range(2))
        read = piped if answer is None else answer.encode(encoding)
        typed = _Stream(read, encoding=encoding, tty=answer is not None)
        code = enter(words, Terminal(typed, out, err, {**self.environ, **environ}))
        return Told(code, out.text(), err.text())
