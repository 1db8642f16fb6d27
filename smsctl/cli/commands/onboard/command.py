"""`onboard`: the path to launch, each step as it stands; `--watch` until nothing waits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.commands.asking import asked, telling
from smsctl.cli.commands.onboard.screens import (
    COLUMNS,
    onboard_blocks,
    step_blocks,
    step_document,
    step_row,
    titles,
)
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.show import tsv
from smsctl.cli.frame.words import Span
from smsctl.core.admin import Day
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import SmsctlError
from smsctl.core.phrase import phrase
from smsctl.core.rules import read_duration

if TYPE_CHECKING:
    from smsctl.wiring.onboard import Step  # behind it, redis-py: 75 ms

_DAYS = 90
_SHORTEST, _LONGEST = 30.0, 86400.0  # s: a review takes hours


def pause(seconds: float) -> None:
    """Wait; ctrl-C ends it."""
    threading.Event().wait(seconds)


@command(
    needs="everything",
    without_config="error",
    examples=[
        "smsctl onboard",
        "smsctl onboard --watch --interval 10m",
        "smsctl onboard --json",
    ],
)
def onboard(
    run: Run,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Ask again until nothing waits for the vendor.")
    ] = False,
    interval: Annotated[
        str | None,
        typer.Option("--interval", metavar="TIME", help="With --watch: how often to ask; 5m."),
    ] = None,
) -> Result:
    """Return the steps; reads alone, whoever is asked."""
    if interval is not None and not watch:
        raise UsageError("--interval needs --watch", hint=phrase("see smsctl onboard --help"))
    seconds = _interval(interval or "5m")
    found = _watched(run, seconds) if watch else _look(run)
    streamed = watch and _pipes(run)
    return Result(
        schema="onboard",
        document={"steps": [step_document(step, run.words) for step in found]},
        columns=() if streamed else COLUMNS,
        rows=() if streamed else [step_row(step, run.words) for step in found],
        blocks=[*onboard_blocks(found)],
        exit_code=exits.FOUND_WRONG
        if any(step.state == "blocked" for step in found)
        else exits.DONE,
    )


def _look(run: Run) -> Sequence[Step]:
    from smsctl.wiring.onboard import steps  # noqa: PLC0415 - redis-py: 75 ms

    config = run.config()
    return steps(config, asked(run, config, lists=True), _usage(run))


def _usage(run: Run) -> Sequence[Day] | SmsctlError:
    """Return what was sent, or why that is not known; with the console gateway it means nothing."""
    if run.config().gateway.provider == "console":
        return []
    try:
        return run_blocking(run.parts().admin.usage(_DAYS))
    except SmsctlError as fault:
        return fault


def _watched(run: Run, seconds: float) -> Sequence[Step]:
    """Return the steps once nothing waits; tells what changes meanwhile.

    A step that waited and cannot be asked about for once is still waited for.
    """
    found = _look(run)
    waiting = _waiting(found, set())
    if waiting or _pipes(run):
        _tell(run, found, [])
    while waiting:
        what = phrase(
            "waiting for: {steps}; asked every {interval}",
            steps=titles(waiting),
            interval=Span(seconds),
        )
        with telling(run, what):
            pause(seconds)
        before, found = found, _look(run)
        _tell(run, found, before)
        waiting = _waiting(found, waiting)
    return found


def _waiting(found: Sequence[Step], before: set[str]) -> set[str]:
    return {
        step.name
        for step in found
        if step.state == "waiting" or (step.state == "unknown" and step.name in before)
    }


def _tell(run: Run, found: Sequence[Step], before: Sequence[Step]) -> None:
    """Write each step that is not as it was; in a pipe a line of TSV, below the names."""
    if run.options.json:
        return
    out = run.terminal.stdout
    if _pipes(run) and not before:
        out.write(f"{tsv(COLUMNS)}\n")
    for number, step in enumerate(found, start=1):
        if step in before:
            continue
        if _pipes(run):
            out.write(f"{tsv(step_row(step, run.words))}\n")
        else:
            for block in step_blocks(number, step):
                run.out.write(block.lines(run.out))
    out.flush()


def _pipes(run: Run) -> bool:
    return not run.options.json and not run.terminal.stdout.isatty()


def _interval(text: str) -> float:
    try:
        seconds = read_duration(text)
    except ValueError:
        seconds = 0.0
    if not _SHORTEST <= seconds <= _LONGEST:
        raise UsageError("--interval is a duration from 30s to 24h, like 5m")
    return seconds
