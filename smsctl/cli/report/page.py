"""The page: its head, the figures at a glance, and the sections in their order.

It asks nothing of anybody: a policy of its own forbids every request and all but this one style.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from smsctl import __version__
from smsctl.cli.frame.words import Words
from smsctl.cli.report import sections, told
from smsctl.cli.report.markup import el, page
from smsctl.core.phrase import phrase

if TYPE_CHECKING:
    from smsctl.wiring.report import Report  # redis-py: 75 ms

_TAGS = {"en": "en", "zh": "zh-CN"}


def report_page(report: Report, words: Words) -> str:
    """Return the page in the language of `words`, as HTML."""
    title = words.say(phrase("SMS one-time codes: {first} to {last}", **_span(report)))
    style = (files(__package__) / "page.css").read_text("utf-8")
    return page(
        el(
            "html",
            el(
                "head",
                el("meta", charset="utf-8"),
                el("meta", http_equiv="Content-Security-Policy", content=_policy(style)),
                el("meta", name="viewport", content="width=device-width, initial-scale=1"),
                el("meta", name="referrer", content="no-referrer"),
                el("meta", name="robots", content="noindex"),
                el("meta", name="color-scheme", content="light dark"),
                el("meta", name="generator", content=f"smsctl {__version__}"),
                el("title", title),
                _style(style),
            ),
            el("body", el("main", _header(words, report), _body(words, report))),
            lang=_TAGS[words.language],
        )
    )


def _policy(style: str) -> str:
    """Return the policy that the browser holds the page to: no request, no script, this style."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _style(style: str) -> Element:
    made = el("style")
    made.text = style  # as it is: its digest is in the policy
    return made


def _span(report: Report) -> dict[str, str]:
    return {"first": report.days[0].date, "last": report.days[-1].date}


def _header(words: Words, report: Report) -> Element:
    span = phrase(
        "{first} to {last} · {days} days · {zone}",
        **_span(report),
        days=len(report.days),
        zone=report.zone.key,
    )
    return el(
        "header",
        el("p", words.say(span), class_="span"),
        el("h1", words.say("SMS one-time codes")),
        el("p", words.say(told.headline(report)), class_="lead"),
        el("dl", (_card(words, card) for card in told.figures(report)), class_="cards"),
    )


def _card(words: Words, card: told.Figure) -> Element:
    below = el("small", words.say(card.note)) if card.note else None
    return el("div", el("dt", words.say(card.name)), el("dd", card.count, below))


def _body(words: Words, report: Report) -> Iterator[Element]:
    yield sections.sends(words, report)
    yield sections.refusals(words, report)
    yield sections.hours(words, report)
    yield sections.shares(words, report)
    yield sections.worst(words, report)
    yield from sections.events(words, report)
    yield _footer(words, report)


def _footer(words: Words, report: Report) -> Element:
    money = report.spent
    notes = [phrase("Cost: mainland messages, at the configured price of a segment.")]
    if not money.texts_known:
        notes.append(phrase("A message whose text is not known is taken for one segment."))
    if money.abroad:
        abroad = f"{money.abroad:,}"
        notes.append(phrase("Not in the cost: {count} messages to other countries.", count=abroad))
    if report.totals.test:
        test = f"{report.totals.test:,}"
        notes.append(phrase("Not in any figure: {count} codes of test numbers.", count=test))
    if report.totals.outage:
        passed = f"{report.totals.outage:,}"
        notes.append(phrase("Sent without a captcha's verdict: {count}.", count=passed))
    at = f"{report.at:%Y-%m-%d %H:%M:%S %z}"
    notes.append(phrase("Written by smsctl {version} at {at}.", version=__version__, at=at))
    return el("footer", (el("p", words.say(each)) for each in notes))
