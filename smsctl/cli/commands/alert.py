"""`alert test`, `alert run` and `alert list`: who is told, and what still has to be."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Column, Grid, Line, Result
from smsctl.cli.frame.run import Run
from smsctl.core.alerts import NEWS, Alert
from smsctl.core.blocking import run_blocking
from smsctl.core.pace import moment
from smsctl.core.phrase import phrase

if TYPE_CHECKING:
    from smsctl.config import Config
    from smsctl.vendors.notify.delivery import Channel, News, NotDelivered

_TITLES = (
    Column("Raised"),
    Column("Kind"),
    Column("Of"),
    Column("Level", right=True),
    Column("Told"),
    Column("Tries", right=True),
)


@command(
    needs="channels",
    without_config="error",
    examples=["smsctl alert test", "smsctl alert test oncall"],
)
def try_out(
    run: Run,
    channel: Annotated[
        str | None, typer.Argument(metavar="CHANNEL", help="One channel; else all.")
    ] = None,
) -> Result:
    """Return how each channel took it."""
    config = run.config()
    from smsctl.wiring.alerts.channels import channels  # noqa: PLC0415 - redis-py: 75 ms
    from smsctl.wiring.alerts.words import news  # noqa: PLC0415 - with the channels

    chosen = [each for each in channels(config.alerts) if channel in {None, each.name}]
    if not chosen:
        raise _no_channel(config)
    now = time.time()
    alert = Alert(kind="test", subject="test", ends=now, at=now)
    told = news(alert, language=config.alerts.language, zone=config.timezone)
    outcomes = [(each.name, _told(each, told)) for each in chosen]
    failed = [fault for _, fault in outcomes if fault is not None]
    return Result(
        schema="alert_test",
        document={
            "channels": [
                {
                    "channel": name,
                    "delivered": fault is None,
                    "error": str(fault) if fault else None,
                    "code": fault.code if fault else None,
                }
                for name, fault in outcomes
            ]
        },
        columns=("channel", "delivered", "error"),
        rows=[(name, str(fault is None).lower(), str(fault or "")) for name, fault in outcomes],
        blocks=[
            Folded(fault.explanation, mark="bad", name=name)
            if fault
            else Folded(phrase("told"), mark="ok", name=name)
            for name, fault in outcomes
        ],
        exit_code=exits.FOUND_WRONG if failed else exits.DONE,
    )


def _no_channel(config: Config) -> UsageError:
    """Return what is wrong where none was chosen."""
    if config.alerts.channels:
        names = ", ".join(each.name for each in config.alerts.channels)
        return UsageError("no such channel", hint=phrase("there are: {names}", names=names))
    return UsageError(
        "no channel is configured",
        hint=phrase("write one under alerts.channels; smsctl config check finds what is missing"),
    )


def _told(channel: Channel, told: News) -> NotDelivered | None:
    from smsctl.vendors.notify.delivery import NotDelivered  # noqa: PLC0415 - with the channels

    try:
        channel.deliver(told)
    except NotDelivered as fault:
        return fault
    return None


@command(
    needs="alerts",
    without_config="error",
    examples=["smsctl alert run", "* * * * * smsctl alert run --quiet"],
)
def run_(run: Run) -> Result:
    """Return what was delivered, and what still waits."""
    config = run.config()
    if not config.alerts.channels:
        raise _no_channel(config)
    parts = run.parts()
    from smsctl.wiring.alerts import round_of  # noqa: PLC0415 - with the parts

    done = round_of(parts)
    rows = [(alert.id, channel, "") for alert, channel in done.told]
    rows += [(each.alert.id, each.channel, str(each.fault)) for each in done.failures]
    blocks: list[Block] = [
        Folded(phrase("told of {alert}", alert=alert.id), mark="ok", name=channel)
        for alert, channel in done.told
    ]
    blocks += [
        Folded(
            phrase("{why}: {alert} waits", why=each.fault.explanation, alert=each.alert.id),
            mark="bad",
            name=each.channel,
        )
        for each in done.failures
    ]
    return Result(
        schema="alert_run",
        document={
            "delivered": [{"alert": alert.id, "channel": name} for alert, name in done.told],
            "failed": [
                {
                    "alert": each.alert.id,
                    "channel": each.channel,
                    "error": str(each.fault),
                    "code": each.fault.code,
                }
                for each in done.failures
            ],
        },
        columns=("alert", "channel", "error"),
        rows=rows,
        blocks=blocks or [Line(phrase("Nothing waits."))],
        exit_code=exits.FOUND_WRONG if done.failures else exits.DONE,
    )


@command(
    needs="alerts",
    without_config="error",
    examples=["smsctl alert list", "smsctl alert list --json"],
)
def list_(run: Run) -> Result:
    """Return every alert that some channel has not taken yet."""
    parts = run.parts()
    zone = parts.policy.timezone
    waiting = run_blocking(parts.outbox.pending())
    _, now = run_blocking(parts.overrides.read())
    rows = [
        (
            moment(each.alert.at, zone).isoformat(timespec="seconds"),
            each.alert.kind,
            each.alert.subject,
            each.alert.level,
            ", ".join(sorted(each.taken_by)),
            each.attempts,
            each.alert.ends + NEWS < now,
        )
        for each in waiting
    ]
    names = ("at", "kind", "subject", "level", "taken_by", "attempts", "given_up")
    old = [number for number, row in enumerate(rows) if row[-1]]
    blocks: list[Block] = [Line(phrase("Nothing waits."))]
    if rows:
        blocks = [Grid(_TITLES, [row[:-1] for row in rows], dict.fromkeys(old, "dim"))]
    if old:
        told = phrase(
            "{count} were told to nobody within two days of their windows: they are given up",
            count=len(old),
        )
        blocks.append(Folded(told, mark="warn"))
    return Result(
        schema="alerts",
        document={
            "alerts": [
                {**dict(zip(names, row, strict=True)), "taken_by": sorted(each.taken_by)}
                for row, each in zip(rows, waiting, strict=True)
            ]
        },
        columns=names,
        rows=rows,
        blocks=blocks,
    )
