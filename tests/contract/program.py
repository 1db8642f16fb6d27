"""The installed program, run from outside: a command line goes in, two streams and a code come out.

Nothing here imports smsctl, and nothing but the environment given here reaches the program.
"""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
SMSCTL = BIN / "smsctl"
SCRIPTS = Path(__file__).parent / "scripts"
PASSED = ("PATH", "SMSCTL_SERVER")
LONGEST = 120
"""Seconds after which a run is a hang."""


@dataclass(frozen=True)
class Ran:
    """What one run left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        return json.loads(self.out)  # type: ignore[no-any-return]

    @property
    def error(self) -> dict[str, Any]:
        """The JSON document on the last line of stderr."""
        return json.loads(self.err.splitlines()[-1])  # type: ignore[no-any-return]

    @property
    def rows(self) -> list[list[str]]:
        """The TSV on stdout, with the columns' names first."""
        return [line.split("\t") for line in self.out.splitlines()]


@dataclass
class Host:
    """A machine on which somebody runs smsctl: a home, an environment, perhaps a configuration."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home.mkdir(exist_ok=True)
        passed = {name: os.environ[name] for name in PASSED if name in os.environ}
        self.environ = {**passed, "HOME": str(self.home), "LC_ALL": "C.UTF-8", **self.environ}

    def write(self, text: str, *, place: str = "config.yaml", mode: int = 0o600) -> Path:
        """Write a file below the home, as an editor of that mode would."""
        path = self.home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def configure(self, text: str) -> Host:
        """Make this text the configuration."""
        self.environ["SMSCTL_CONFIG"] = str(self.write(text))
        return self

    def __call__(self, *words: str, stdin: str = "", **environ: str) -> Ran:
        """Run one command line whose streams are pipes."""
        return self._run([SMSCTL, *words], stdin, environ)

    def json(self, *words: str, **environ: str) -> dict[str, Any]:
        """Run one command line with `--json`; return its document."""
        return self(*words, "--json", **environ).document

    def script(self, name: str, *words: str, **environ: str) -> Ran:
        """Run one of `scripts/` with the same Python."""
        return self._run([sys.executable, SCRIPTS / name, *words], "", environ)

    def _run(self, command: list[str | Path], stdin: str, environ: dict[str, str]) -> Ran:
        done = subprocess.run(
            command,
            input=stdin.encode(),
            capture_output=True,
            cwd=self.home,
            env={**self.environ, **environ},
            timeout=LONGEST,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command line that goes on, until the block ends."""
        with subprocess.Popen(
            [SMSCTL, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            cwd=self.home,
            env=self.environ,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def at_terminal(self, *words: str, typed: str = "", **environ: str) -> Ran:
        """Run one command line at a terminal; `out` is all that it shows, stderr included."""
        ours, theirs = pty.openpty()
        shown = {"COLUMNS": "80", "TERM": "xterm-256color"}
        with subprocess.Popen(
            [SMSCTL, *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=self.home,
            env={**self.environ, **shown, **environ},
            start_new_session=True,
        ) as process:
            try:
                os.close(theirs)
                os.write(ours, typed.encode())
                output = b"".join(iter(lambda: _read(ours), b""))
                code = process.wait(LONGEST)
            finally:
                process.kill()
                os.close(ours)
        return Ran(code, output.decode(errors="replace").replace("\r\n", "\n"), "")


def _read(terminal: int) -> bytes:
    ready, _, _ = select.select([terminal], [], [], LONGEST)
    assert ready, "it hangs"
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's way to say that nobody is at the other end any more
        return b""
