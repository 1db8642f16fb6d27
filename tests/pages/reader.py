"""Somebody with a clean home who types what a page says, one line after the other."""

from __future__ import annotations

import os
import pty
import select
import shlex
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from smsctl.store.embedded import EmbeddedServer
from tests.processes import processes_of

_WIDTH = 80
_PATIENCE = 60  # seconds
_SHELL = """\
. "$1"
cd "$PWD"
eval "$2"
code=$?
export -p >"$1"
exit $code
"""
"""Each line has a shell of its own; variables and folder are carried from one to the next."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What came of a line."""

    out: str
    """As a terminal shows it."""
    err: str
    code: int


@dataclass(slots=True)
class Reader:
    """Types at a terminal, and answers no question: standard input is empty."""

    home: Path
    variables: Path
    """A script that sets what the shell before has exported."""
    real: dict[str, str] = field(default_factory=dict)
    """The real code, or id, for each that the page has shown."""

    def set(self, variables: Mapping[str, str]) -> None:
        """Have these in the environment."""
        with self.variables.open("a", encoding="utf-8") as file:
            file.writelines(
                f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()
            )

    def type(self, line: str) -> Typed:
        """Type one line, with the real values in place of the page's, and wait for its end."""
        for shown, real in self.real.items():
            line = line.replace(shown, real)
        leader, follower = pty.openpty()
        ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, _WIDTH, 0, 0))
        with (
            TemporaryFile() as err,
            subprocess.Popen(
                ["bash", "-c", _SHELL, "bash", str(self.variables), line],
                env={},
                stdin=subprocess.DEVNULL,
                stdout=follower,
                stderr=err,
                start_new_session=True,
            ) as process,
        ):
            os.close(follower)
            try:
                out = _shown(leader)
                code = process.wait(_PATIENCE)
            finally:
                os.close(leader)
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
            err.seek(0)
            return Typed(out, err.read().decode(), code)


def _shown(leader: int) -> str:
    """Return what the terminal shows until the last of those who write to it has ended."""
    shown, deadline = b"", time.monotonic() + _PATIENCE
    while select.select([leader], [], [], max(0.0, deadline - time.monotonic()))[0]:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # what a terminal says when nobody writes any more
            chunk = b""
        if not chunk:
            return shown.decode().replace("\r\n", "\n")
        shown += chunk
    raise AssertionError(f"it never ended: {shown.decode(errors='replace')}")


@contextmanager
def reading(path: str, folder: Path | None = None) -> Iterator[Reader]:
    """Yield a reader with this PATH, in `folder` or at home; whatever was started ends with it."""
    with TemporaryDirectory(prefix="reader-") as home:  # short: a socket's path has 107 bytes
        reader = Reader(Path(home), Path(home, ".variables"))
        reader.set(
            {
                "HOME": home,
                "PATH": path,
                "PWD": str(folder or home),
                "TERM": "xterm",
                "NO_COLOR": "1",
                "LC_ALL": "C.UTF-8",
            }
        )
        try:
            yield reader
        finally:
            EmbeddedServer(Path(home, ".local", "state", "smsctl"), {}).stop()
            left = processes_of(reader.home)
            for process in left:
                os.kill(process, signal.SIGKILL)
        assert left == []
