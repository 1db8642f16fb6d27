"""Log lines of the tree `smsctl` on stderr. The root logger is left alone: vendors stay mute."""

from __future__ import annotations

import logging

from smsctl.cli.frame.run import Run
from smsctl.cli.frame.screen import Screen, Tone

_TONES: dict[int, Tone] = {logging.WARNING: "warn", logging.ERROR: "bad", logging.CRITICAL: "bad"}


def start_logging(run: Run) -> None:
    """Show warnings, with `-v` decisions, with `-vv` everything of ours; until the run ends."""
    if run.options.log_format == "json":
        from smsctl.wiring.journal import JsonLines  # noqa: PLC0415 - msgspec: 10 ms

        lines: logging.Formatter = JsonLines()
    else:
        lines = TextLines(run.err)
    sink = logging.StreamHandler(run.terminal.stderr)
    sink.setFormatter(lines)
    if not run.options.verbose:  # the error at the end says the same
        sink.addFilter(lambda record: not getattr(record, "raised", False))
    tree = logging.getLogger("smsctl")
    before = tree.level
    quietest = logging.ERROR if run.options.quiet else logging.WARNING
    tree.setLevel({0: quietest, 1: logging.INFO}.get(run.options.verbose, logging.DEBUG))
    tree.addHandler(sink)

    def end() -> None:
        tree.removeHandler(sink)
        tree.setLevel(before)

    run.afterwards(end)


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
        return f"{level} {record.name}: {self._screen.legible(text)}"
