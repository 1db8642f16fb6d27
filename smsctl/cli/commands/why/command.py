"""`why`: what happened to one phone, and in one sentence why no code came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from smsctl.cli.commands.overrides.giving import server_time
from smsctl.cli.commands.since import read_since
from smsctl.cli.commands.why.documents import COLUMNS, tsv_rows, why_document
from smsctl.cli.commands.why.screens import why_blocks
from smsctl.cli.frame.command import command
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.core.diagnosis import diagnose
from smsctl.core.phrase import Phrase

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms
    from smsctl.wiring.why import AskReceipt


@command(
    needs="store",
    without_config="own store",
    examples=["smsctl why 13800138000", "smsctl why 13800138000 --since 7d --json"],
)
def why(
    run: Run,
    phone: Annotated[str, typer.Argument(metavar="PHONE", help="One mobile number.")],
    *,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="How far back, at most 8d; 24h.")
    ] = "24h",
) -> Result:
    """Return the timeline and the diagnosis."""
    back = read_since(since)
    parts = run.parts()
    from smsctl.wiring.why import gather  # noqa: PLC0415 - with the parts

    number = parts.read_phone(phone)
    now = server_time(parts)
    first = now - back
    told = gather(parts, number, since=first, now=now, ask=_receipts(parts, now))
    found = diagnose(told.entries, now=now, rolled=told.rolled, meaning=_meaning)
    zone = parts.policy.timezone
    return Result(
        schema="why",
        document=why_document(number.masked, found, told, zone=zone, since=first),
        columns=COLUMNS,
        rows=[*tsv_rows(told.entries, zone)],
        blocks=[*why_blocks(number.masked, found, told, zone=zone)],
    )


def _receipts(parts: Parts, now: float) -> AskReceipt | None:
    from smsctl.wiring.receipts import asker  # noqa: PLC0415 - with the parts

    return asker(parts.config, now=now)


def _meaning(code: str) -> tuple[Phrase, Phrase] | None:
    from smsctl.vendors.codes.table import entry_of  # noqa: PLC0415 - only for who has a code

    entry = entry_of(code)
    return None if entry is None else (entry.meaning, entry.remedy)
