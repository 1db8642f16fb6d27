"""Log lines of the tree `smsctl` on stderr. The root logger is left alone: vendors stay mute."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsctl.cli.run import Run


def start_logging(run: Run) -> None:
    """Show warnings, with `-v` decisions, with `-vv` everything of ours; until the run ends."""
    # 8 ms, and JSON lines bring msgspec: a help page needs neither.
    import logging  # noqa: PLC0415

    if run.options.log_format == "json":
        from smsctl.wiring.journal import JsonLines  # noqa: PLC0415

        lines: logging.Formatter = JsonLines()
    else:
        from smsctl.cli.loglines import TextLines  # noqa: PLC0415

        lines = TextLines(run.err)
    sink = logging.StreamHandler(run.terminal.stderr)
    sink.setFormatter(lines)
    tree = logging.getLogger("smsctl")
    before = tree.level
    quietest = logging.ERROR if run.options.quiet else logging.WARNING
    tree.setLevel({0: quietest, 1: logging.INFO}.get(run.options.verbose, logging.DEBUG))
    tree.addHandler(sink)

    def end() -> None:
        tree.removeHandler(sink)
        tree.setLevel(before)

    run.afterwards(end)
