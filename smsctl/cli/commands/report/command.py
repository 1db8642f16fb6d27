"""`report`: the last days as one page to hand on, or as its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from smsctl.cli.commands.report.documents import COLUMNS, report_document, report_rows
from smsctl.cli.commands.report.screens import report_blocks
from smsctl.cli.frame.command import command
from smsctl.cli.frame.result import Line, Result
from smsctl.cli.frame.run import Run
from smsctl.core.phrase import phrase

if TYPE_CHECKING:
    from smsctl.wiring.report import Report  # redis-py: 75 ms

_KEPT = 90
_STDOUT = "-"
_OWN = 0o600  # client addresses are in it: who hands it on decides


@command(
    needs="costs",
    without_config="own store",
    examples=[
        "smsctl report",
        "smsctl report --days 30 --html report.html",
        "smsctl report --days 7 --html - | gzip > report.html.gz",
        "smsctl report --json",
    ],
)
def report(
    run: Run,
    *,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=_KEPT, help="How many, with today; 30.")
    ] = 30,
    html: Annotated[
        str | None,
        typer.Option("--html", metavar="FILE", help="Write one self-contained page; - for stdout."),
    ] = None,
    top: Annotated[
        int,
        typer.Option("--top", metavar="N", min=1, help="How many prefixes and addresses; 20."),
    ] = 20,
) -> Result:
    """Return the figures; with `html` they are written as a page."""
    parts = run.parts()
    from smsctl.wiring.report import report as summed_up  # noqa: PLC0415 - with the parts

    told = summed_up(parts, days=days, top=top)
    if html is None:
        return _result(told)
    from smsctl.cli.report.page import report_page  # noqa: PLC0415 - only what is used

    page = report_page(told, run.words)
    if html == _STDOUT:
        # Pipes have encodings of their own, the page says UTF-8: ASCII is right in all.
        text = page.encode("ascii", "xmlcharrefreplace").decode()
        return Result(schema="report", document=report_document(told), text=text)
    from smsctl.cli.written import write_whole  # noqa: PLC0415 - only what is used

    write_whole(html, page, mode=_OWN)
    return _result(told, written=html)


def _result(told: Report, *, written: str | None = None) -> Result:
    blocks = [*report_blocks(told)]
    if written is not None:
        blocks = [Line(phrase("Written: {path}", path=written), mark="ok")]
    return Result(
        schema="report",
        document={**report_document(told), "html": written},
        columns=COLUMNS,
        rows=[*report_rows(told)],
        blocks=blocks,
    )
