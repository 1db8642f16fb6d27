"""A terminal that is drawn anew again and again, and as it was when that ends.

Whoever draws says what and when; here are only the other screen, the hidden cursor and the keys.
"""

from __future__ import annotations

import os
import select
import termios
import time
import tty
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from smsctl.cli.frame.screen import Screen

_QUIT = frozenset(b"qQ")
_USUAL = 24
_LONGEST_READ = 64  # bytes of one look at what was typed; an arrow key has three


@dataclass(frozen=True, slots=True)
class Stage:
    """Where frames are shown, and where the reader of them says that he has seen enough."""

    screen: Screen
    keys: int | None
    """The descriptor that keys come from; None where there are none."""
    shown: Live

    @property
    def height(self) -> int:
        """Lines."""
        return _height(self.screen)

    def draw(self, lines: Sequence[str]) -> None:
        """Show these lines, painted or not, in place of all that stood there."""
        console = self.shown.console
        console.size = (self.screen.width, self.height)
        text = Text("\n", no_wrap=True, overflow="crop").join(
            Text.from_ansi(self.screen.legible(line)) for line in lines[: self.height]
        )
        self.shown.update(text, refresh=True)

    def pause(self, seconds: float) -> bool:
        """Wait; return at once and false when `q` is pressed, or nobody can press it any more."""
        if self.keys is None:
            time.sleep(max(0.0, seconds))
            return True
        until = time.monotonic() + seconds
        while select.select([self.keys], [], [], max(0.0, until - time.monotonic()))[0]:
            typed = os.read(self.keys, _LONGEST_READ)
            if not typed or _QUIT & set(typed):
                return False
        return True


@contextmanager
def stage(screen: Screen, stdin: TextIO) -> Iterator[Stage]:
    """Take the terminal over; it is given back however the block ends."""
    console = Console(
        file=screen.stream,
        width=screen.width,
        height=_height(screen),
        force_terminal=True,
        color_system="standard" if screen.colored else None,
        no_color=not screen.colored,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},  # ours was asked already
    )
    shown = Live(
        console=console,
        screen=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with _single_keys(stdin) as keys, shown:
        yield Stage(screen, keys, shown)


@contextmanager
def _single_keys(stdin: TextIO) -> Iterator[int | None]:
    """Let each key be read by itself, unseen; ctrl-C stays what it is."""
    if not stdin.isatty():
        yield None
        return
    keys = stdin.fileno()
    before = termios.tcgetattr(keys)
    try:
        tty.setcbreak(keys)
        _no_suspending(keys)
        yield keys
    finally:
        termios.tcsetattr(keys, termios.TCSADRAIN, before)


def _no_suspending(keys: int) -> None:
    """Make nothing of ctrl-Z: a shell would be left on the other screen without a cursor."""
    modes = termios.tcgetattr(keys)
    modes[6][termios.VSUSP] = b"\x00"
    termios.tcsetattr(keys, termios.TCSANOW, modes)


def _height(screen: Screen) -> int:
    """Return the terminal's lines; 24 where it has none."""
    told = screen.terminal.environ.get("LINES", "")
    if told.isascii() and told.isdigit() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(screen.stream.fileno()).lines or _USUAL
    except (OSError, ValueError):
        return _USUAL
