"""The report's tables: those behind the charts, and those that need no chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from smsctl.cli.frame.result import Column
from smsctl.cli.frame.words import Words
from smsctl.cli.report import told
from smsctl.cli.report.markup import Content, el
from smsctl.cli.shares import LOW, joined, percent, remarks
from smsctl.core.breakdown import By, Share
from smsctl.core.phrase import Phrase
from smsctl.core.summary import totals

if TYPE_CHECKING:
    from smsctl.wiring.report import Report  # redis-py: 75 ms

MOST = 200
"""Incidents and acts that a table has, the newest; the document has all."""
_SINGLE: dict[By, Column] = {
    "purpose": Column("Purpose"),
    "country": Column("Country"),
    "prefix": Column("Prefix"),
    "ip": Column("Address"),
}
_SHARE = (
    Column("Sent", right=True),
    Column("Verified", right=True),
    Column("Conversion", right=True),
    Column("Refused", right=True),
)
_DAYS = (
    Column("Day"),
    Column("Sent", right=True),
    Column("Perhaps sent", right=True),
    Column("Rejected", right=True),
    Column("Verified", right=True),
    Column("Conversion", right=True),
    Column("Refused", right=True),
)


def days_table(words: Words, report: Report) -> Element:
    """Return every day's counts, the newest first."""
    rows = []
    for day in reversed(report.days):
        found = totals([day])
        counts = (found.sent, found.unsure, found.rejected, found.verified)
        conversion = told.percent(found.conversion)
        rows.append([day.date, *map(_count, counts), conversion, _count(found.refused)])
    return table(words, _DAYS, rows)


def rules_table(words: Words, refused: Iterable[tuple[str, int]]) -> Element:
    """Return who or what refused, how often, and what a reason means."""
    columns = (Column("Rule or reason"), Column("Refused", right=True), Column("Meaning"))
    rows = [[name, _count(count), words.say(told.meaning(name))] for name, count in refused]
    return table(words, columns, rows)


def shares_table(words: Words, by: By, shares: Sequence[Share], average: float | None) -> Element:
    """Return the shares of purposes, countries, number prefixes or addresses."""
    callers = by in {"prefix", "ip"}
    notes = [remarks(share, by, average) for share in shares]
    columns = [_SINGLE[by], *_SHARE, *([Column("Phones", right=True)] if callers else [])]
    rows: list[list[Content]] = []
    for share in shares:
        counts = [_count(share.sent), _count(share.verified)]
        cells: list[Content] = [share.name, *counts, told.percent(percent(share))]
        rows.append([*cells, _count(share.refused), *([_count(share.phones)] if callers else [])])
    if any(notes):
        columns.append(Column("Note"))
        for row, note in zip(rows, notes, strict=True):
            row.append(words.say(joined(note)))
    low = [number for number, note in enumerate(notes) if LOW in note]
    return table(words, columns, rows, marked=low)


def incidents_table(words: Words, report: Report) -> Element:
    """Return what went wrong, the newest first."""
    found = [*reversed(report.incidents)][:MOST]
    rows = [[told.when(each, report.zone), words.say(told.incident(each))] for each in found]
    return table(words, (Column("At"), Column("Incident")), rows)


def acts_table(words: Words, report: Report) -> Element:
    """Return what operators did, the newest first."""
    columns = (Column("At"), Column("By"), Column("Did"), Column("Reason"))
    acts = [*reversed(report.acts)][:MOST]
    rows = [[act.at[:16].replace("T", " "), act.who, act.what, act.reason] for act in acts]
    return table(words, columns, rows)


def table(
    words: Words,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Content]],
    *,
    marked: Iterable[int] = (),
) -> Element:
    """Return a table; it scrolls sideways where it is too wide. `marked` rows stand out."""
    marks = {*marked}
    sides = ["end" if column.right else None for column in columns]
    head = [
        el("th", words.say(column.title), scope="col", class_=side)
        for column, side in zip(columns, sides, strict=True)
    ]
    body = [
        el(
            "tr",
            [el("td", cell, class_=side) for cell, side in zip(row, sides, strict=True)],
            class_="low" if number in marks else None,
        )
        for number, row in enumerate(rows)
    ]
    whole = el("table", el("thead", el("tr", head)), el("tbody", body))
    return el("div", whole, class_="scroll", tabindex=0)


def folded(words: Words, title: Phrase, content: Element) -> Element:
    """Return what stands behind a chart, to be opened."""
    return el("details", el("summary", words.say(title)), content)


def _count(value: int) -> str:
    return f"{value:,}"
