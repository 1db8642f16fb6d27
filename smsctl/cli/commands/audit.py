"""`audit`: what operators did, newest last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Column, Grid, Line, Result
from smsctl.cli.frame.run import Run
from smsctl.core.admin import Act
from smsctl.core.blocking import run_blocking
from smsctl.core.phrase import phrase
from smsctl.core.rules import read_duration

_COLUMNS = ("at", "who", "what", "reason")
_TITLES = (Column("At"), Column("By"), Column("Did"), Column("Reason"))


@command(
    needs="store",
    without_config="error",
    examples=["smsctl audit", "smsctl audit --since 24h --json"],
)
def audit(
    run: Run,
    *,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="How far back, like 24h; 30d.")
    ] = "30d",
) -> Result:
    """Return the audit records of this time; the store keeps the newest thousand."""
    try:
        back = timedelta(seconds=read_duration(since))
    except (ValueError, OverflowError):
        raise UsageError("--since is a duration like 24h or 7d") from None
    parts = run.parts()
    zone = parts.policy.timezone
    first = datetime.now(zone) - back
    acts = [act for act in reversed(run_blocking(parts.admin.acts())) if _at(act) >= first]
    told = [(act.who, act.what, act.reason) for act in acts]
    times = [_at(act).astimezone(zone) for act in acts]
    rows = [(at.isoformat(timespec="seconds"), *each) for at, each in zip(times, told, strict=True)]
    shown = [(f"{at:%Y-%m-%d %H:%M:%S}", *each) for at, each in zip(times, told, strict=True)]
    grid = Grid(_TITLES, shown)
    return Result(
        schema="audit",
        document={
            "acts": [dict(zip(_COLUMNS, row, strict=True)) for row in rows],
        },
        columns=_COLUMNS,
        rows=rows,
        blocks=[grid if rows else Line(phrase("No operator did anything in this time."))],
    )


def _at(act: Act) -> datetime:
    return datetime.fromisoformat(act.at)
