"""The report in a real browser: seen, closed to the outside, legible in every form."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from smsctl.cli.frame.words import Language, Words
from smsctl.cli.report.page import report_page
from tests.cli.reports import pumped_month

pytestmark = pytest.mark.browser
Theme = Literal["light", "dark"]

_TEXTS = """() => [...document.querySelectorAll('p,h1,h2,h3,dt,dd,small,th,td,li,summary,text')]
  .filter(each => each.textContent.trim() && each.getClientRects().length)
  .map(each => getComputedStyle(each)[each.tagName === 'text' ? 'fill' : 'color'])"""
_PAPER = "() => getComputedStyle(document.body).backgroundColor"
_LEAST = 4.5  # WCAG 2.2, success criterion 1.4.3


@dataclass
class Seen:
    """A page, and what happened while it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """On the console, and errors."""


@pytest.fixture(params=["en", "zh"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the sample's page in each language."""
    language: Language = request.param
    written = tmp_path / "report.html"
    written.write_text(report_page(pumped_month(), Words(language)), encoding="utf-8")
    return written


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Theme:
    """Return each theme."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=[380, 1280])
def seen(
    request: pytest.FixtureRequest, browser: Browser, file: Path, theme: Theme
) -> Iterator[Seen]:
    """Open the page on a phone and on a desk."""
    page = browser.new_page(
        viewport={"width": request.param, "height": 900}, color_scheme=theme, offline=True
    )
    seen = Seen(page)
    page.on("request", lambda asked: seen.requests.append(asked.url))
    page.on("console", lambda said: seen.said.append(said.text))
    page.on("pageerror", lambda said: seen.said.append(str(said)))
    page.goto(file.as_uri())
    yield seen
    page.close()


def test_it_is_seen_and_asks_nothing(seen: Seen, file: Path, theme: Theme) -> None:
    """Many colours on paper of the theme, nothing too wide; one request, and a silent console."""
    image = Image.open(io.BytesIO(seen.page.screenshot(full_page=True))).convert("RGB")
    colours = image.getcolors(maxcolors=image.width * image.height) or []
    most, paper = max(colours)
    assert len(colours) > 100
    assert most < image.width * image.height * 0.98
    assert (sum(paper) > 3 * 128) == (theme == "light")
    assert seen.requests == [file.as_uri()]
    assert seen.said == []
    size = seen.page.viewport_size
    assert size is not None
    assert seen.page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_every_text_stands_out_from_the_paper(seen: Seen) -> None:
    """By the ratio that WCAG asks for at level AA."""
    paper = _channels(seen.page.evaluate(_PAPER))
    texts = {_channels(told) for told in seen.page.evaluate(_TEXTS)}
    assert len(texts) > 3
    assert {text: _contrast(text, paper) for text in texts if _contrast(text, paper) < _LEAST} == {}


def test_one_drawing_of_each_chart_is_shown(seen: Seen) -> None:
    """The one for this width."""
    charts = seen.page.locator(".chart")
    assert charts.count() == 4
    for chart in charts.all():
        assert [drawing.is_visible() for drawing in chart.locator("svg").all()].count(True) == 1


def test_it_prints(browser: Browser, file: Path) -> None:
    """On A4, in a few pages."""
    page = browser.new_page()
    page.goto(file.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert printed.startswith(b"%PDF")
    assert 2 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page/") <= 6


def test_it_prints_on_white(browser: Browser, file: Path) -> None:
    """Whatever the screen of who prints it looks like."""
    page = browser.new_page(color_scheme="dark")
    page.goto(file.as_uri())
    dark = _channels(page.evaluate(_PAPER))
    page.emulate_media(media="print", color_scheme="dark")
    printed = _channels(page.evaluate(_PAPER))
    page.close()
    assert sum(dark) < 3 * 64 < 3 * 192 < sum(printed)


def _channels(told: str) -> tuple[int, int, int]:
    red, green, blue = (int(each) for each in told[told.index("(") + 1 : -1].split(",")[:3])
    return red, green, blue


def _contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the contrast ratio of two colours, as WCAG 2.2 defines it."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Sequence[int]) -> float:
    shares = [each / 255 for each in colour]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
