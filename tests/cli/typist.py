"""Somebody at a real terminal: reads what a command asks, and types."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Typist:
    """One command at a terminal of its own."""

    process: subprocess.Popen[bytes]
    terminal: int
    unread: bytes = b""
    """What the terminal shows behind what was awaited."""

    def await_text(self, text: str) -> None:
        """Return once the terminal shows `text` behind what was awaited before."""
        while text.encode() not in self.unread:
            ready, _, _ = select.select([self.terminal], [], [], 20)
            assert ready, f"{text!r} never came: {self.unread.decode(errors='replace')!r}"
            self.unread += os.read(self.terminal, 4096)
        self.unread = self.unread.partition(text.encode())[2]

    def answer(self, question: str, typed: str) -> None:
        """Type a line once this was asked."""
        self.await_text(question)
        os.write(self.terminal, f"{typed}\n".encode())

    def press(self, question: str, key: bytes) -> int:
        """Press a key once this was asked; return the exit code that comes of it."""
        self.await_text(question)
        os.write(self.terminal, key)
        return self.process.wait(20)


@contextmanager
def at_a_terminal(environ: Mapping[str, str], *words: str) -> Iterator[Typist]:
    """Run `smsctl` at a pseudo-terminal; what is left of it ends with the block."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        # Whoever begins a session and opens a terminal is under its control: Ctrl-C reaches it.
        [
            *("sh", "-c", 'exec "$0" "$@" <"$TERMINAL" >"$TERMINAL" 2>&1'),
            *(sys.executable, "-m", "smsctl", *words),
        ],
        env={"PATH": "/usr/bin:/bin", "TERMINAL": os.ttyname(follower), **environ},
        start_new_session=True,
    ) as process:
        try:
            yield Typist(process, leader)
        finally:
            process.kill()
            os.close(leader)
            os.close(follower)
