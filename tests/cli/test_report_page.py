"""The report's page: well formed, closed to the outside, and every figure in its place."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from smsctl.cli.frame.words import Language, Words
from smsctl.cli.report.page import report_page
from smsctl.cli.report.plot import scale
from smsctl.core.summary import totals
from tests.cli.reports import pumped_month

REPORT = pumped_month()
_VOID = re.compile(r"<(meta)([^>]*)>")


def parsed(page: str) -> ET.Element:
    """Return the page as XML, which is stricter than any browser."""
    return ET.fromstring(_VOID.sub(r"<\1\2/>", page.removeprefix("<!doctype html>")))


@pytest.fixture(scope="module", params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> Language:
    """Return each language."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def page(language: Language) -> str:
    """Return the page of the sample."""
    return report_page(REPORT, Words(language))


def texts(root: ET.Element, tag: str) -> list[str]:
    return ["".join(each.itertext()).strip() for each in root.iter(tag)]


def test_the_page_is_well_formed_and_says_its_language(page: str, language: Language) -> None:
    """Every element is closed, every id is there once."""
    root = parsed(page)
    assert root.get("lang") == {"en": "en", "zh": "zh-CN"}[language]
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids)) == 4 * 2 * 2  # charts, sizes, title and desc


def test_nothing_is_asked_of_anybody(page: str) -> None:
    """No script, no address, no style but the one whose digest is in the policy."""
    root = parsed(page)
    named = {name for each in root.iter() for name in each.attrib}
    assert {"script", "link", "img", "iframe", "a", "form"}.isdisjoint(x.tag for x in root.iter())
    assert {"src", "href", "style", "onclick"}.isdisjoint(named)
    assert "://" not in page
    (style,) = root.iter("style")
    digest = base64.b64encode(hashlib.sha256(str(style.text).encode()).digest()).decode()
    (policy,) = (
        each.get("content")
        for each in root.iter("meta")
        if "Policy" in (each.get("http-equiv") or "")
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_every_chart_tells_itself_in_words(page: str) -> None:
    """A title and a description first, named by the drawing."""
    charts = [*parsed(page).iter("svg")]
    assert len(charts) == 4 * 2
    for chart in charts:
        title, description = chart[0], chart[1]
        assert (title.tag, description.tag, chart.get("role")) == ("title", "desc", "img")
        assert chart.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert title.text
        assert description.text


def test_what_others_wrote_stays_text() -> None:
    """An operator's reason is no markup, and steers nothing."""
    (act, *_) = REPORT.acts
    mean = replace(act, who="\u202eevil", reason="<script>alert(1)</script>&\"'\x07")
    root = parsed(report_page(replace(REPORT, acts=[mean]), Words("en")))
    cells = texts(root, "td")
    assert "<script>alert(1)</script>&\"'\\x07" in cells
    assert "\\u202eevil" in cells


def test_every_days_figures_are_in_the_table(page: str) -> None:
    """The newest first, as they are reckoned from the day's counts."""
    table = next(each for each in parsed(page).iter("details"))
    rows = [texts(row, "td") for row in table.iter("tr")][1:]
    days = [(day.date, totals([day])) for day in reversed(REPORT.days)]
    assert rows == [
        [
            date,
            f"{found.sent:,}",
            f"{found.unsure:,}",
            f"{found.rejected:,}",
            f"{found.verified:,}",
            f"{found.conversion:.1f}\u00a0%",
            f"{found.refused:,}",
        ]
        for date, found in days
    ]


def test_bars_are_as_high_as_their_counts(page: str) -> None:
    """Of both sizes: heights are proportional, and each bar tells its count."""
    for chart in [*parsed(page).iter("svg")][:2]:
        bars = [each for each in chart.iter("rect") if each.get("class") == "sent"]
        counts = [int(texts(bar, "title")[0].rsplit(" ", 1)[1].replace(",", "")) for bar in bars]
        assert counts == [totals([day]).sent for day in REPORT.days]
        heights = [float(str(bar.get("height"))) for bar in bars]
        unit = max(heights) / max(counts)
        assert heights == pytest.approx([count * unit for count in counts], abs=0.02)


def test_the_fuse_is_drawn_where_bars_come_near_it() -> None:
    """Else it would flatten them; the sentence below tells how far away it is."""
    for fuse, drawn in ((5000, True), (5_000_000, False), (None, False)):
        page = report_page(replace(REPORT, fuse=fuse), Words("en"))
        assert ('class="bound"' in page) == drawn
        assert ("There is no fuse of a day" in page) == (fuse is None)


def test_a_quiet_day_makes_a_page() -> None:
    """Nothing was sent, nothing refused: said in words, and no division by nothing."""
    quiet = pumped_month(1)
    (day,) = quiet.days
    empty = replace(
        quiet,
        days=[replace(day, outcomes={}, refused={}, observed={}, cells={})],
        totals=totals([]),
        weekdays=[[0] * 24 for _ in range(7)],
        refused={},
        purposes=[],
        countries=[],
        callers={by: replace(found, shares=[]) for by, found in quiet.callers.items()},
        incidents=[],
        acts=[],
    )
    root = parsed(report_page(empty, Words("en")))
    assert "Nothing was sent and nothing was refused in this time." in texts(root, "p")
    assert "Nothing was refused." in texts(root, "p")
    assert "Nothing was sent." in texts(root, "p")
    assert all(len([*table.iter("tr")]) > 1 for table in root.iter("table"))


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (7, [0, 2, 4, 6, 8]),
        (5000, [0, 2000, 4000, 6000]),
        (1_000_000, [0, 500_000, 1_000_000]),
    ],
)
def test_scales_have_round_steps(most: float, steps: list[int]) -> None:
    """From 0 to the first step that reaches the highest bar."""
    assert scale(most) == steps
