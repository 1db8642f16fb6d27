"""`usage`: day by day against the fuse; with `--check`, a monitoring plugin."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, cast, get_args

import typer

from smsctl.cli.commands import plugin
from smsctl.cli.commands.fuses import Fuse
from smsctl.cli.commands.usage.checks import checked, fuses_in_force, verdict
from smsctl.cli.commands.usage.documents import OUTCOMES, refused, usage_document
from smsctl.cli.commands.usage.screens import usage_blocks
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import Failure, UsageError
from smsctl.cli.frame.result import Cell, Line, Result
from smsctl.cli.frame.run import Run
from smsctl.config.suggest import suggest
from smsctl.core.admin import Day
from smsctl.core.blocking import run_blocking
from smsctl.core.breakdown import By
from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import Phrase, phrase

_KEPT = 90
_DAYS = 7
_TOP = 10
_REMEMBERED = 8
_READABLE = 0o644  # node_exporter is another user


def _instead(failure: Failure, words: Sequence[str]) -> Result | None:
    """Return what monitoring reads of a failure: one line on stdout, and never another code."""
    before = words[: words.index("--")] if "--" in words else words
    if not {"--check", "--check-conversion", "--check-gateway"} & {*before}:
        return None
    return verdict(plugin.unsaid(failure))


@command(
    needs="store",
    without_config="own store",
    vouching=("check", "check_conversion", "check_gateway", "output", "out"),
    examples=[
        "smsctl usage",
        "smsctl usage --days 30 --json",
        "smsctl usage --by ip --top 20",
        "smsctl usage --check -w 80 -c 95",
        "smsctl usage --check-conversion -w 50 -c 30",
        "smsctl usage -o prom --out /var/lib/node_exporter/smsctl.prom",
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
            help="Break down by hour, rule, purpose, country, prefix or ip.",
        ),
    ] = None,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", min=1, help="With --by: how many; 10.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="One line for monitoring, exit code 0 to 3.")
    ] = False,
    check_conversion: Annotated[
        bool,
        typer.Option("--check-conversion", help="The same, of the last whole hour's conversion."),
    ] = False,
    check_gateway: Annotated[
        bool, typer.Option("--check-gateway", help="The same, of the gateway's errors.")
    ] = False,
    warning: Annotated[
        str | None,
        typer.Option(
            "-w",
            "--warning",
            metavar="PCT",
            help="Warn from here; 80, of conversion 50, of gateway 5.",
        ),
    ] = None,
    critical: Annotated[
        str | None,
        typer.Option(
            "-c", "--critical", metavar="PCT", help="Critical; 95, of conversion 30, of gateway 20."
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FORMAT", help="prom, for Prometheus.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="FILE", help="With -o: replaced in one step; else stdout."),
    ] = None,
) -> Result:
    """Return the usage, or the verdict that monitoring asks for."""
    checks = {"fuse": check, "conversion": check_conversion, "gateway": check_gateway}
    chosen = [name for name, asked in checks.items() if asked]
    writes = output is not None or out is not None
    _go_together(
        ways=[by is not None, bool(chosen), writes],
        strays=[
            (phrase("--top needs --by"), top is not None and by is None),
            (phrase("-w and -c need a check"), not chosen and (warning or critical) is not None),
            (
                phrase("a check and -o tell of now: they take no --days"),
                days is not None and (bool(chosen) or writes),
            ),
        ],
    )
    if by is not None:
        return _by(run, by, days=days, top=top)
    if chosen:
        return checked(run, chosen, warning, critical)
    if writes:
        return _prom(run, output, out)
    from smsctl.wiring.promises import promised, sentences  # noqa: PLC0415 - not for --check

    run.config().require("costs")
    parts = run.parts()
    counted = run_blocking(parts.admin.usage(days or _DAYS))
    found = fuses_in_force(parts)
    worst = promised(parts.config, raised={fuse.rule.name: fuse.rule.max for fuse in found})
    return Result(
        schema="usage",
        document=usage_document(parts.policy.timezone.key, found, counted, worst),
        columns=("date", *OUTCOMES, "refused", "refused_by", "fuse_max"),
        rows=[_row(each, found) for each in counted],
        blocks=[*usage_blocks(counted, found, sentences(worst).values())],
    )


def _go_together(*, ways: Sequence[bool], strays: Sequence[tuple[Phrase, bool]]) -> None:
    """Raise UsageError for several ways to answer, and for options that are another way's.

    What was dropped without a word could be the check that should have woken somebody.
    """
    hint = phrase("see smsctl usage --help")
    if sum(ways) > 1:
        raise UsageError("--by, a check and -o are asked for one at a time", hint=hint)
    for message, stray in strays:
        if stray:
            raise UsageError(message, hint=hint)


def _by(run: Run, by: str, *, days: int | None, top: int | None) -> Result:
    from smsctl.cli.commands.usage.by import usage_by  # noqa: PLC0415 - only what is used

    names = get_args(By)
    if by not in names:
        raise UsageError(
            "--by is hour, rule, purpose, country, prefix or ip",
            hint=suggest(by, names),
        )
    if days is not None and by in {"prefix", "ip"} and days > _REMEMBERED:
        raise UsageError(
            phrase("sends are remembered for {days} days one by one", days=_REMEMBERED)
        )
    return usage_by(run.parts(), cast("By", by), days=days or 1, top=top or _TOP)


def _row(day: Day, found: Sequence[Fuse]) -> Sequence[Cell]:
    """Return a day for pipes: counts, refusals by rule as `captcha=2,ip-day=4`, the fuse's max."""
    outcomes = [day.outcomes.get(name, 0) for name in OUTCOMES]
    by = ",".join(f"{rule}={count}" for rule, count in sorted(day.refused.items()))
    daily = [fuse.rule.max for fuse in found if fuse.rule.window.unit == "day"]
    return (day.date, *outcomes, refused(day), by, min(daily, default=None))


def _prom(run: Run, output: str | None, out: str | None) -> Result:
    from smsctl.cli.commands.usage import prom  # noqa: PLC0415 - only what is used
    from smsctl.cli.written import write_whole  # noqa: PLC0415 - as above

    if output != "prom":
        raise UsageError("-o is prom", hint=phrase("smsctl usage -o prom --out FILE"))
    try:
        parts = run.parts()
        (today,) = run_blocking(parts.admin.usage(1))
        last = prom.last_success(parts, today.date)
        text = prom.prom_text(
            today,
            fuses_in_force(parts),
            policy=parts.policy,
            last_success=last,
            now=time.time(),
        )
    except StoreUnavailable:
        if out is not None:
            write_whole(out, prom.down_text(now=time.time()), mode=_READABLE)
        raise
    if out is None:
        return Result(schema="usage_prom", document={"text": text}, text=text)
    write_whole(out, text, mode=_READABLE)
    return Result(
        schema="usage_prom",
        document={"file": out},
        columns=("file",),
        rows=[(out,)],
        blocks=[Line(phrase("Written: {path}", path=out), mark="ok")],
    )
