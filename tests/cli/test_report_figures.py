"""Every figure that the report shows, on its page and in its document, recounted from the cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from smsctl.cli.commands.report.documents import report_document, report_rows
from smsctl.cli.frame.words import Words
from smsctl.cli.report.page import report_page
from smsctl.core.admin import Cell
from tests.cli.reports import ZONE, pumped_month
from tests.cli.test_report_page import parsed, texts

REPORT = pumped_month()
SENT, UNSURE = ("sent",), ("unknown", "pending")
ALL = SENT + UNSURE


def count(*whats: str, **where: object) -> int:
    """Return how many the cells have of these; `date` is a day, the rest fields of a cell."""
    day = where.pop("date", None)
    return sum(
        number
        for each in REPORT.days
        if day in {None, each.date}
        for cell, number in each.cells.items()
        if cell.what in whats and all(getattr(cell, name) == it for name, it in where.items())
    )


def share(*, verified: int, sent: int) -> str:
    return f"{verified * 100 / sent:.1f}\u00a0%"


def yuan(messages: int) -> str:
    """Return what so many messages of one segment cost."""
    return f"¥{(messages * Decimal('0.045')).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@pytest.fixture(scope="module")
def root() -> ET.Element:
    """Return the page."""
    return parsed(report_page(REPORT, Words("en")))


def rows(root: ET.Element, *head: str) -> list[list[list[str]]]:
    """Return the rows of each table whose head begins so."""
    tables = [[*table.iter("tr")] for table in root.iter("table")]
    return [
        [texts(row, "td") for row in body]
        for first, *body in tables
        if texts(first, "th")[: len(head)] == [*head]
    ]


def titles(root: ET.Element, mark: str) -> list[str]:
    """Return what the shapes of this class tell when they are pointed at, of each chart once."""
    return [
        texts(shape, "title")[0]
        for chart in root.iter("svg")
        if (chart.get("class") or "") == "wide"
        for shape in chart.iter()
        if mark in (shape.get("class") or "").split() and shape.find("title") is not None
    ]


def test_the_figures_at_a_glance(root: ET.Element) -> None:
    """Each card, and the sentence above them."""
    cards = [
        [*texts(card, "dt"), *texts(card, "dd"), *texts(card, "small")]
        for card in next(root.iter("dl")).iter("div")
    ]
    sent, unsure, refused = count(*SENT), count(*UNSURE), count("refused")
    verified = count("verified")
    told = [
        ("Sent", f"{sent:,}", f"perhaps sent: {unsure:,}"),
        ("Conversion", share(verified=verified, sent=sent + unsure), f"verified: {verified:,}"),
        ("Refused", f"{refused:,}", f"worth {yuan(refused)}, had all been sent"),
        ("Cost", yuan(sent), f"perhaps {yuan(unsure)} more"),
        ("Rejected", f"{count('rejected'):,}", "by the gateway, not sent"),
        ("Incidents", str(len(REPORT.incidents)), f"operators' acts: {len(REPORT.acts)}"),
    ]
    assert cards == [[name, figure + note, note] for name, figure, note in told]
    (lead,) = (each for each in root.iter("p") if each.get("class") == "lead")
    assert re.findall(r"[0-9][0-9,.]*", lead.text or "") == [
        f"{sent + unsure:,}",
        f"{verified * 100 / (sent + unsure):.1f}",
        f"{refused:,}",
    ]


def test_the_fullest_day_against_the_fuse(root: ET.Element) -> None:
    """What was perhaps sent counts, as it does for the fuse."""
    tried = {day.date: count(*ALL, date=day.date) for day in REPORT.days}
    day = max(tried, key=lambda each: tried[each])
    percent = f"{tried[day] / 50:.1f}\u00a0%"
    assert f"Most were sent on {day}: {tried[day]:,}, {percent} of today's fuse of 5,000." in texts(
        root, "p"
    )


def test_what_bars_points_and_squares_tell(root: ET.Element) -> None:
    """Each shape has its figure, in the order of the days, or of the week."""
    labels = [f"{date.fromisoformat(day.date):%m-%d}" for day in REPORT.days]
    days = [*zip(labels, (day.date for day in REPORT.days), strict=True)]
    assert titles(root, "sent") == [f"{at}: sent {count(*SENT, date=day):,}" for at, day in days]
    assert titles(root, "unsure") == [
        f"{at}: perhaps sent {number:,}" for at, day in days if (number := count(*UNSURE, date=day))
    ]
    assert titles(root, "point") == [
        f"{at}: {count('verified', date=day) * 100 / count(*ALL, date=day):.1f}\u00a0%"
        for at, day in days
    ]
    week: Counter[tuple[int, int]] = Counter()
    for each in REPORT.days:
        for cell, number in each.cells.items():
            if cell.what in ALL:
                week[date.fromisoformat(each.date).weekday(), cell.hour] += number
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    assert titles(root, "heat") == [
        f"{name} {hour:02}:00: {week[number, hour]:,}"
        for number, name in enumerate(names)
        for hour in range(24)
    ]


def test_shapes_lie_where_their_figures_are(root: ET.Element) -> None:
    """A higher figure is higher, the fuse on the scale of the bars; more is a stronger shade."""
    sends, _, refused, heat = (each for each in root.iter("svg") if each.get("class") == "wide")
    line = [each for each in root.iter("svg") if each.get("class") == "wide"][1]
    bars = [each for each in sends.iter("rect") if each.get("class") == "sent"]
    floor = max(float(bar.get("y", "")) + float(bar.get("height", "")) for bar in bars)
    unit = max(
        float(bar.get("height", "")) / count(*SENT, date=day.date)
        for bar, day in zip(bars, REPORT.days, strict=True)
    )
    (bound,) = (each for each in sends.iter("line") if each.get("class") == "bound")
    assert floor - float(bound.get("y1", "")) == pytest.approx(5000 * unit, rel=0.01)
    points = [
        (float(each.get("cy", "")), float((each.findtext("title") or "").split()[1]))
        for each in line.iter("circle")
    ]
    ends = (min(points), max(points))
    slope = (ends[1][0] - ends[0][0]) / (ends[1][1] - ends[0][1])
    assert slope < 0
    for y, percent in points:
        assert y == pytest.approx(ends[0][0] + slope * (percent - ends[0][1]), abs=0.2)
    shades: dict[int, set[int]] = {}
    for square in heat.iter("rect"):
        number = int((square.findtext("title") or "").split()[-1].replace(",", ""))
        shades.setdefault(int(str(square.get("class")).split()[-1][1:]), set()).add(number)
    steps = [shades[shade] for shade in sorted(shades)]
    assert all(max(less) < min(more) for less, more in pairwise(steps))
    rects = [each for each in refused.iter("rect") if (each.get("class") or "").startswith("rule")]
    told = sum(int((each.findtext("title") or "").split()[-1].replace(",", "")) for each in rects)
    assert told == count("refused")


def test_rules_and_what_they_refused(root: ET.Element) -> None:
    """Most first."""
    (table,) = rows(root, "Rule or reason")
    names = {cell.name for day in REPORT.days for cell in day.cells if cell.what == "refused"}
    counts = {name: count("refused", name=name) for name in names}
    expected = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    assert [row[:2] for row in table] == [[name, f"{number:,}"] for name, number in expected]


@pytest.mark.parametrize(("title", "by"), [("Purpose", "purpose"), ("Country", "country")])
def test_what_for_and_where_to(root: ET.Element, title: str, by: str) -> None:
    """From the cells, as the days are."""
    (table,) = rows(root, title)
    assert table
    for name, *figures in table:
        where = {by: name}
        sent, verified = count(*ALL, **where), count("verified", **where)
        assert figures[:4] == [
            f"{sent:,}",
            f"{verified:,}",
            share(verified=verified, sent=sent),
            f"{count('refused', **where):,}",
        ]


@pytest.mark.parametrize(("title", "by"), [("Prefix", "prefix"), ("Address", "ip")])
def test_the_worst_callers(root: ET.Element, title: str, by: Any) -> None:
    """As the record of sends has them: who converts far worse is marked."""
    (table,) = rows(root, title)
    found = REPORT.callers[by].shares
    for row, one in zip(table, found, strict=True):
        assert row[:6] == [
            one.name,
            f"{one.sent:,}",
            f"{one.verified:,}",
            share(verified=one.verified, sent=one.sent),
            f"{one.refused:,}",
            f"{one.phones:,}",
        ]
    assert "low conversion" in table[0][6]
    assert not [row for row in table[1:] if "low conversion" in row[6]]


def test_incidents_tell_their_figures(root: ET.Element) -> None:
    """Level, how much of how much, how many were refused; the newest first."""
    (table,) = rows(root, "At", "Incident")
    told = {
        "fuse": lambda each: f"fuse reached {each.level}\u00a0%: {each.level * 50:,} of 5,000",
        "conversion": lambda _: "few codes were verified (all): 1,500 of 5,000 in an hour",
        "gateway": lambda _: "the gateway refused: isv.AMOUNT_NOT_ENOUGH: ",
        "captcha": lambda _: "the captcha's vendor gave no verdict",
        "full": lambda _: f"fuse was full: {count('refused', name='fuse'):,} requests were refused",
    }
    texts_: dict[str, Callable[[Any], str]] = told
    for (when, said), each in zip(table, reversed(REPORT.incidents), strict=True):
        assert when.startswith(f"{datetime.fromtimestamp(each.since, ZONE):%Y-%m-%d %H:%M}")
        assert said.startswith(texts_[each.kind](each))
    assert {each.kind for each in REPORT.incidents} == {*told}


def test_a_long_table_says_what_it_leaves_out() -> None:
    """The newest are there; how many there were is told."""
    (act, *_) = REPORT.acts
    many = [replace(act, reason=f"number {number}") for number in range(250)]
    root = parsed(report_page(replace(REPORT, acts=many), Words("en")))
    (table,) = rows(root, "At", "By")
    assert (len(table), table[0][3]) == (200, "number 249")
    assert "The newest 200 of 250." in texts(root, "p")


# The document


def test_the_document_has_the_same_figures() -> None:
    """Totals, money, each day, the week, incidents and acts."""
    told: Any = report_document(REPORT)
    names = {"sent": SENT, "unsure": UNSURE, "rejected": ("rejected",), "verified": ("verified",)}
    for name, whats in names.items():
        assert told["total"][name] == count(*whats)
        assert [day[name] for day in told["days"]] == [
            count(*whats, date=day.date) for day in REPORT.days
        ]
    assert told["total"]["refused"] == sum(told["refused"].values()) == count("refused")
    cost = {name: Decimal(told["cost"][name]) for name in ("sent", "unsure", "averted")}
    assert cost == {
        "sent": count(*SENT) * Decimal("0.045"),
        "unsure": count(*UNSURE) * Decimal("0.045"),
        "averted": count("refused") * Decimal("0.045"),
    }
    monday_nine = sum(
        number
        for day in REPORT.days
        if date.fromisoformat(day.date).weekday() == 0
        for cell, number in day.cells.items()
        if cell.what in ALL and cell.hour == 9
    )
    assert told["weekdays"][0][9] == monday_nine
    assert [(each["level"], each["figures"], each["refused"]) for each in told["incidents"]] == [
        (each.level, [*each.figures], each.refused) for each in REPORT.incidents
    ]
    (full,) = (each for each in told["incidents"] if each["kind"] == "full")
    assert full["refused"] == count("refused", name="fuse")
    assert [each["reason"] for each in told["acts"]] == [each.reason for each in REPORT.acts]
    for row, day in zip(report_rows(REPORT), REPORT.days, strict=True):
        assert row[:4] == (
            day.date,
            *(count(*names[name], date=day.date) for name in ("sent", "unsure", "rejected")),
        )


def test_the_sample_has_something_of_everything() -> None:
    """Else the tests above would compare nothing with nothing."""
    whats = {cell.what for day in REPORT.days for cell in day.cells}
    assert {*SENT, "unknown", "rejected", "verified", "refused"} <= whats
    assert isinstance(next(iter(REPORT.days[0].cells)), Cell)
