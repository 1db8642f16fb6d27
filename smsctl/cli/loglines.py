"""Log lines for people."""

from __future__ import annotations

import logging

from smsctl.cli.screen import Screen, Tone

_TONES: dict[int, Tone] = {logging.WARNING: "warn", logging.ERROR: "bad", logging.CRITICAL: "bad"}


class TextLines(logging.Formatter):
    """One line for each record: level, logger, message."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. A traceback is told by its exception's type alone."""
        level = self._screen.paint(
            f"{record.levelname.lower()}:", _TONES.get(record.levelno, "dim")
        )
        text = self._screen.literal(record.getMessage())
        if record.exc_info and record.exc_info[0]:
            text += f" ({record.exc_info[0].__name__})"
        return f"{level} {record.name}: {text}"
