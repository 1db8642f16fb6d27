"""`usage`: day by day against the fuse; with `--check`, a monitoring plugin."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from smsctl.cli.commands import plugin
from smsctl.cli.commands.fuses import Fuse, fuses
from smsctl.cli.commands.usage_documents import OUTCOMES, refused, usage_document
from smsctl.cli.commands.usage_screens import usage_blocks
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import Failure, UsageError
from smsctl.cli.frame.result import Cell, Result
from smsctl.cli.frame.run import Run
from smsctl.config.suggest import suggest
from smsctl.core.blocking import run_blocking
from smsctl.core.breakdown import By
from smsctl.core.phrase import phrase
from smsctl.core.ports import Day, Selection
from smsctl.core.rules import raise_rules

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms

_KEPT = 90
_DAYS = 7
_TOP = 10
_REMEMBERED = 8


def _instead(failure: Failure, words: Sequence[str]) -> Result | None:
    """Return what monitoring reads of a failure: one line on stdout, and never another code."""
    before = words[: words.index("--")] if "--" in words else words
    if "--check" not in before:
        return None
    return _verdict(plugin.unknown(str(failure.message)))


@command(
    "Show day by day what was sent, against the fuse, and what is left of today.",
    examples=[
        "smsctl usage",
        "smsctl usage --days 30 --json",
        "smsctl usage --by ip --top 20",
        "smsctl usage --check -w 80 -c 95",
    ],
    on_failure=_instead,
)
def usage(
    run: Run,
    *,
    days: Annotated[
        int | None,
        typer.Option(
            "--days", metavar="N", min=1, max=_KEPT, help="How many days; 7, with --by 1."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="WHAT",
            help="Break down by hour, rule, purpose, country, segment or ip.",
        ),
    ] = None,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", min=1, help="With --by: how many; 10.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="One line for monitoring, exit code 0 to 3.")
    ] = False,
    warning: Annotated[
        str | None,
        typer.Option("-w", "--warning", metavar="PCT", help="With --check: warn from here; 80."),
    ] = None,
    critical: Annotated[
        str | None,
        typer.Option("-c", "--critical", metavar="PCT", help="With --check: critical; 95."),
    ] = None,
) -> Result:
    """Return the usage, or the verdict that monitoring asks for."""
    if by is not None:
        return _by(run, by, days=days, top=top)
    if top is not None:
        raise UsageError("--top needs --by", hint=phrase("see smsctl usage --help"))
    if check:
        return _check(run, *_thresholds(warning or "80", critical or "95"))
    if warning is not None or critical is not None:
        raise UsageError("-w and -c need --check", hint=phrase("see smsctl usage --help"))
    from smsctl.wiring.promises import promised, sentences  # noqa: PLC0415 - not for --check

    parts = run.parts()
    counted = run_blocking(parts.admin.usage(days or _DAYS))
    found = _fuses(parts)
    worst = promised(parts.config, raised={fuse.rule.name: fuse.rule.max for fuse in found})
    return Result(
        schema="usage",
        document=usage_document(parts.policy.timezone.key, found, counted, worst),
        columns=("date", *OUTCOMES, "refused", "refused_by", "fuse_max"),
        rows=[_row(each, found) for each in counted],
        blocks=[*usage_blocks(counted, found, sentences(worst).values())],
    )


def _by(run: Run, by: str, *, days: int | None, top: int | None) -> Result:
    from smsctl.cli.commands.usage_by import usage_by  # noqa: PLC0415 - only what is used

    names = get_args(By)
    if by not in names:
        raise UsageError(
            "--by is hour, rule, purpose, country, segment or ip",
            hint=suggest(by, names),
        )
    if days is not None and by in {"segment", "ip"} and days > _REMEMBERED:
        raise UsageError(
            phrase("sends are remembered for {days} days one by one", days=_REMEMBERED)
        )
    chosen: Any = by
    return usage_by(run.parts(), chosen, days=days or 1, top=top or _TOP)


def _row(day: Day, found: Sequence[Fuse]) -> Sequence[Cell]:
    """Return a day for pipes: counts, refusals by rule as `captcha=2,ip-day=4`, the fuse's max."""
    outcomes = [day.outcomes.get(name, 0) for name in OUTCOMES]
    by = ",".join(f"{rule}={count}" for rule, count in sorted(day.refused.items()))
    daily = [fuse.rule.max for fuse in found if fuse.rule.window.unit == "day"]
    return (day.date, *outcomes, refused(day), by, min(daily, default=None))


def _check(run: Run, warning: float, critical: float) -> Result:
    parts = run.parts()
    found = _fuses(parts)
    return _verdict(plugin.verdict(found, warning=warning, critical=critical))


def _fuses(parts: Parts) -> Sequence[Fuse]:
    """Return the fuses as they are in force, the raised ones raised."""
    book, now = run_blocking(parts.orders.read())
    raised = book.raised(now)
    standing = run_blocking(parts.admin.show(Selection(all=True, raised=raised)))
    policy = replace(parts.policy, rules=raise_rules(parts.policy.rules, raised))
    return fuses(policy, standing, now=time.time())


def _thresholds(warning: str, critical: str) -> tuple[float, float]:
    low, high = plugin.read_percent(warning), plugin.read_percent(critical)
    if low is None or high is None:
        raise UsageError("-w and -c are percentages from 0 to 100")
    if low > high:
        raise UsageError("-w is above -c", hint=phrase("warn before it is critical"))
    return low, high


def _verdict(told: plugin.Verdict) -> Result:
    return Result(
        schema="usage_check",
        document={"code": told.code, "line": told.line},
        text=f"{told.line}\n",
        exit_code=told.code,
    )
