"""What `report` looks like on a terminal: the span in a sentence, its figures, what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Column, Grid, Heading, Line
from smsctl.cli.report.told import figures, headline, incident, when
from smsctl.core.phrase import phrase

if TYPE_CHECKING:
    from smsctl.wiring.report import Report  # redis-py: 75 ms


def report_blocks(told: Report) -> Iterator[Block]:
    """Yield the figures at a glance, then the incidents; the page has all."""
    span = {"first": told.days[0].date, "last": told.days[-1].date, "zone": told.zone.key}
    yield Folded(
        phrase("{first} to {last} · {days} days · {zone}", days=len(told.days), **span),
        tone="dim",
    )
    yield Folded(headline(told))
    yield Line("")
    yield Grid(
        (Column("Figure"), Column("Count", right=True), Column("Note")),
        [(each.name, each.count, each.note) for each in figures(told)],
    )
    yield Heading("Incidents")
    if not told.incidents:
        yield Folded(phrase("Nothing went wrong that an alert is raised for."), mark="ok")
    for each in told.incidents:
        yield Folded(incident(each), name=when(each, told.zone), mark="warn")
    yield Line("")
    yield Folded(phrase("All of it, as a page: smsctl report --html FILE"), tone="dim")
