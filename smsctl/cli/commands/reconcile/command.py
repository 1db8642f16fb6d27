"""`reconcile`: does our count match the bill, or does somebody else send with our key?"""

from __future__ import annotations

import time
from typing import Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.commands.asking import telling
from smsctl.cli.commands.plugin import read_percent
from smsctl.cli.commands.reconcile.screens import (
    COLUMNS,
    reconcile_blocks,
    reconcile_document,
    reconcile_row,
)
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.core.blocking import run_blocking
from smsctl.core.phrase import phrase

_MOST = 88  # days: the store keeps 90, today is not compared, and days begin apart in other zones


@command(
    needs="vendor",
    without_config="error",
    examples=[
        "smsctl reconcile",
        "smsctl reconcile --days 30 --threshold 1%",
        "smsctl reconcile --sign --json",
    ],
)
def reconcile(
    run: Run,
    *,
    days: Annotated[
        int,
        typer.Option("--days", metavar="N", min=1, max=_MOST, help="How many, to yesterday; 7."),
    ] = 7,
    threshold: Annotated[
        str,
        typer.Option("--threshold", metavar="PCT", help="Drift that is none: 2%, at least 5."),
    ] = "2%",
    sign: Annotated[
        bool,
        typer.Option("--sign", help="Only the configured signature, not the whole account."),
    ] = False,
) -> Result:
    """Return both counts; exit 8 where they do not match."""
    percent = read_percent(threshold)
    if percent is None:
        raise UsageError("--threshold is a percentage from 0 to 100, like 2%")
    parts = run.parts()
    from smsctl.wiring.receipts import ask_vendor  # noqa: PLC0415 - with the parts
    from smsctl.wiring.reconcile import reconcile as compare  # noqa: PLC0415 - with the parts

    ask_vendor(parts.config)  # before anything else: without a vendor there is nothing to compare
    counted = run_blocking(parts.admin.usage(days + 2))
    with telling(run, phrase("asking the vendors")):
        found = compare(
            parts.config, counted, last=days, now=time.time(), percent=percent, own_sign=sign
        )
    name = parts.config.gateway.sign_name if sign else None
    return Result(
        schema="reconcile",
        document=reconcile_document(found, sign=name, percent=percent),
        columns=COLUMNS,
        rows=[reconcile_row(each, found) for each in found.days],
        blocks=[*reconcile_blocks(found)],
        exit_code=exits.DONE if found.ok else exits.FOUND_WRONG,
    )
