"""The report's sections, each a heading, what it shows, and a sentence on how to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from smsctl.cli.frame.words import Words
from smsctl.cli.report.charts import Bound, Series, heat, line, stacks
from smsctl.cli.report.markup import Content, el
from smsctl.cli.report.plot import Caption
from smsctl.cli.report.tables import (
    MOST,
    acts_table,
    days_table,
    folded,
    incidents_table,
    rules_table,
    shares_table,
)
from smsctl.core.admin import Day
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.summary import totals

if TYPE_CHECKING:
    from smsctl.wiring.report import Report  # redis-py: 75 ms

_PAINTS = 5  # rules with a colour of their own; the others share one
_WEEK = (
    phrase("Mon"),
    phrase("Tue"),
    phrase("Wed"),
    phrase("Thu"),
    phrase("Fri"),
    phrase("Sat"),
    phrase("Sun"),
)
_FIGURES = phrase("The figures as a table")
_NONE = phrase("None was sent to or refused.")


def sends(words: Words, report: Report) -> Element:
    """Return the days against the fuse, and conversion below them."""
    each = [totals([day]) for day in report.days]
    parts = [
        Series(name=words.say("sent"), values=[day.sent for day in each], paint="sent"),
        Series(name=words.say("perhaps sent"), values=[day.unsure for day in each], paint="unsure"),
    ]
    bound = None
    if report.fuse is not None:
        text = words.say(phrase("fuse {count}", count=f"{report.fuse:,}"))
        bound = Bound(value=report.fuse, text=text)
    labels = _labels(report)
    sent = Caption("sends", words.say("Sends a day"), words.say(_fullest(report)))
    verified = Caption("conversion", words.say("Conversion"), words.say("Percent of each day."))
    return _section(
        words,
        phrase("Sends a day"),
        stacks(sent, labels, parts, bound),
        _legend([part for part in parts if any(part.values)]),
        _note(words, _fullest(report)),
        el("h3", words.say("Conversion")),
        line(verified, labels, [day.conversion for day in each]),
        _note(words, phrase("Verified codes, as percent of what was sent; today is not over yet.")),
        folded(words, _FIGURES, days_table(words, report)),
    )


def refusals(words: Words, report: Report) -> Element:
    """Return the refusals by day and by whom."""
    title = phrase("Refused before the gateway")
    if not report.refused:
        return _section(words, title, _note(words, phrase("Nothing was refused.")))
    named = [*islice(report.refused, _PAINTS)]
    parts = [
        Series(
            name=name,
            values=[day.refused.get(name, 0) for day in report.days],
            paint=f"rule{number}",
        )
        for number, name in enumerate(named)
    ]
    if len(report.refused) > len(named):
        rest = [
            sum(day.refused.values()) - sum(day.refused.get(name, 0) for name in named)
            for day in report.days
        ]
        parts.append(Series(name=words.say("others"), values=rest, paint="rule5"))
    caption = Caption("refused", words.say(title), words.say("Refusals of each day by rule."))
    return _section(
        words,
        title,
        stacks(caption, _labels(report), parts),
        _legend(parts),
        rules_table(words, report.refused.items()),
        _observed(words, report),
    )


def hours(words: Words, report: Report) -> Element:
    """Return at which hours of the week codes are sent."""
    title = phrase("When codes are sent")
    names = [words.say(day) for day in _WEEK]
    caption = Caption("hours", words.say(title), words.say("Sends by weekday and hour."))
    return _section(
        words,
        title,
        heat(caption, names, report.weekdays),
        _note(
            words,
            phrase("The stronger the colour, the more; hours of {zone}.", zone=report.zone.key),
        ),
    )


def shares(words: Words, report: Report) -> Element:
    """Return where codes go: purposes and countries."""
    average = report.totals.conversion
    nothing = _note(words, _NONE)
    return _section(
        words,
        phrase("What for, and where to"),
        shares_table(words, "purpose", report.purposes, average) if report.purposes else nothing,
        shares_table(words, "country", report.countries, average) if report.countries else None,
    )


def worst(words: Words, report: Report) -> Element:
    """Return the worst number prefixes and addresses."""
    content: list[Content] = [
        _note(
            words,
            phrase(
                "The last {days} days; most refused and unverified first. Each was refused at "
                "least so often.",
                days=report.caller_days,
            ),
        )
    ]
    titles = {"prefix": phrase("Number prefixes"), "ip": phrase("Client addresses")}
    for by, found in report.callers.items():
        content.append(el("h3", words.say(titles[by])))
        if not found.shares:
            content.append(_note(words, _NONE))
            continue
        content.append(shares_table(words, by, found.shares, found.conversion))
        if found.error:
            bound = phrase("at most {error} refusals more each", error=f"{found.error:,}")
            content.append(_note(words, bound))
    return _section(words, phrase("The worst prefixes and addresses"), content)


def events(words: Words, report: Report) -> Iterator[Element]:
    """Yield what went wrong, and what operators did."""
    nothing = phrase("Nothing went wrong that an alert is raised for.")
    yield _section(
        words,
        phrase("Incidents"),
        incidents_table(words, report) if report.incidents else _note(words, nothing),
        _cut(words, len(report.incidents)),
        _note(words, phrase("Alerts are remembered for 40 days.")),
    )
    nobody = phrase("No operator did anything in this time.")
    yield _section(
        words,
        phrase("What operators did"),
        acts_table(words, report) if report.acts else _note(words, nobody),
        _cut(words, len(report.acts)),
    )


def _cut(words: Words, count: int) -> Content:
    """Return the sentence on what a table leaves out; None where it has all."""
    if count <= MOST:
        return None
    return _note(words, phrase("The newest {most} of {count}.", most=f"{MOST}", count=f"{count:,}"))


def _observed(words: Words, report: Report) -> Content:
    if not report.observed:
        return None
    return [
        el("h3", words.say("Observed: would have been refused")),
        rules_table(words, report.observed.items()),
    ]


def _fullest(report: Report) -> Phrase:
    """Return the day on which most was sent, and how much of the fuse that was."""
    fullest = max(report.days, key=_tried)
    most, day = _tried(fullest), fullest.date
    if not most:
        return phrase("Nothing was sent.")
    if report.fuse is None:
        return phrase(
            "Most were sent on {day}: {count}. There is no fuse of a day.",
            day=day,
            count=f"{most:,}",
        )
    return phrase(
        "Most were sent on {day}: {count}, {percent} of today's fuse of {fuse}.",
        day=day,
        count=f"{most:,}",
        percent=f"{most * 100 / report.fuse:.1f} %",
        fuse=f"{report.fuse:,}",
    )


def _tried(day: Day) -> int:
    found = totals([day])
    return found.sent + found.unsure


def _labels(report: Report) -> Sequence[str]:
    return [f"{date.fromisoformat(day.date):%m-%d}" for day in report.days]


def _section(words: Words, title: Phrase, *content: Content) -> Element:
    return el("section", el("h2", words.say(title)), content)


def _note(words: Words, said: Phrase) -> Element:
    return el("p", words.say(said), class_="note")


def _legend(parts: Sequence[Series]) -> Element:
    return el(
        "ul",
        (
            el("li", el("i", class_=part.paint), part.name, el("b", f"{sum(part.values):,}"))
            for part in parts
        ),
        class_="legend",
    )
