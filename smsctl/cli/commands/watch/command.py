"""`watch`: what is going on right now, drawn anew each second; for a pipe, a line of JSON each."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from smsctl.cli.commands.watch.documents import watch_document
from smsctl.cli.commands.watch.pulse import Beat, snapshots
from smsctl.cli.commands.watch.reader import Reader, Sources
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.show import document
from smsctl.core.blocking import run_blocking
from smsctl.core.phrase import phrase
from smsctl.core.rules import read_duration

_SHORTEST, _LONGEST = 0.1, 3600.0  # seconds


@command(
    needs="store",
    without_config="own store",
    examples=[
        "smsctl watch",
        "smsctl watch --interval 5s",
        "smsctl watch --json --count 1",
        "smsctl watch | jq --unbuffered .rates.sends.minute",
    ],
)
def watch(
    run: Run,
    *,
    interval: Annotated[
        str, typer.Option("--interval", metavar="TIME", help="From one look to the next; 1s.")
    ] = "1s",
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="End after so many looks.")
    ] = None,
) -> Result:
    """Return when somebody has seen enough; everything was written by then."""
    wait = _seconds(interval)
    parts = run.parts()
    sources = Sources(
        history=parts.history,
        admin=parts.admin,
        overrides=parts.overrides,
        outbox=parts.outbox,
        hosts=parts.hosts,
    )
    reader = Reader(sources, parts.policy)
    if run.options.json or not run.terminal.stdout.isatty():
        _pour(run, reader, wait, count)
    else:
        _draw(run, reader, wait, count)
    return Result(schema="watch", document={}, written=True)


def _seconds(interval: str) -> float:
    try:
        wait = read_duration(interval)
    except ValueError:
        wait = 0.0
    if not _SHORTEST <= wait <= _LONGEST:
        raise UsageError(
            "--interval is a time from 100ms to 1h", hint=phrase("like 1s, 500ms or 5m")
        )
    return wait


def _pour(run: Run, reader: Reader, interval: float, count: int | None) -> None:
    """Write a document for each look. Raises OSError when nobody reads them any more."""

    def pause(seconds: float) -> bool:
        time.sleep(max(0.0, seconds))
        return True

    out = run.terminal.stdout
    beat = Beat(interval=interval, count=count, tick=time.monotonic, pause=pause)
    for snapshot in snapshots(reader, beat):
        newer = {"newer": run.newer} if run.newer else {}
        out.write(document(out, "watch", {**watch_document(snapshot), **newer}))
        out.flush()


def _draw(run: Run, reader: Reader, interval: float, count: int | None) -> None:
    # Rich costs 60 ms: only who looks at it pays.
    from smsctl.cli.commands.watch.screens import frame_lines  # noqa: PLC0415
    from smsctl.cli.frame.live import stage  # noqa: PLC0415

    run_blocking(reader.look())  # where this fails, the screen stays the operator's
    with stage(run.out, run.terminal.stdin) as shown:
        beat = Beat(interval=interval, count=count, tick=time.monotonic, pause=shown.pause)
        for snapshot in snapshots(reader, beat):
            shown.draw(frame_lines(run.out, snapshot, shown.height))
