"""What `usage` looks like on a terminal: days as bars against the fuse, then what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from smsctl.cli.commands.fuses import Fuse, daily
from smsctl.cli.commands.usage.chart import DayChart
from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Column, Grid, Heading, Line
from smsctl.cli.frame.screen import Tone
from smsctl.cli.own_codes import REASONS
from smsctl.core.admin import Day
from smsctl.core.phrase import Phrase, phrase

_INDENT = 2
_FULL, _FILLING = 95.0, 80.0  # percent of a fuse: where `--check` warns unless told otherwise


def usage_blocks(
    days: Sequence[Day], found: Sequence[Fuse], promise: Iterable[Phrase]
) -> Iterator[Block]:
    """Yield the chart, what is left of each fuse, who was refused, and the worst of a day."""
    scale = daily(found)
    yield DayChart(days, scale.rule.max if scale else None)
    yield Line("")
    if not found:
        yield Folded(phrase("There is no fuse: nothing bounds the messages of a day."), mark="warn")
    for fuse in found:
        yield from _fuse(fuse)
    yield from _tally(Heading("Refused"), [each.refused for each in days])
    yield from _tally(
        Heading("Observed: would have been refused"), [each.observed for each in days]
    )
    yield from _passed(days)
    yield Heading("What the rules promise, whatever happens")
    for sentence in promise:
        yield Folded(sentence, indent=_INDENT)


def _fuse(fuse: Fuse) -> Iterator[Block]:
    tone: Tone = "plain"
    if fuse.reached(_FILLING):
        tone = "bad" if fuse.reached(_FULL) else "warn"
    yield Folded(
        phrase(
            "{rule}: {used} of {most} used ({percent} %), {left} left {span}",
            rule=fuse.rule.name,
            used=f"{fuse.used:,}",
            most=f"{fuse.rule.max:,}",
            percent=f"{fuse.percent:g}",
            left=f"{fuse.remaining:,}",
            span=_span(fuse),
        ),
        tone=tone,
    )
    if fuse.trips_at is None:
        return
    if fuse.remaining:
        at = fuse.trips_at.strftime("%Y-%m-%d %H:%M")
        yield Line(phrase("at this pace it trips at {time}", time=at), mark="warn", indent=_INDENT)
    elif fuse.rule.mode == "enforce":
        yield Line("it is full: nothing more is sent", mark="bad", indent=_INDENT)


def _span(fuse: Fuse) -> Phrase:
    match fuse.rule.window.unit:
        case "day":
            return phrase("today")
        case "month":
            return phrase("this month")
        case "rolling":
            return phrase("in {window}", window=fuse.rule.window.text)


def _tally(title: Heading, days: Sequence[Mapping[str, int]]) -> Iterator[Block]:
    """Yield how often each rule or reason refused: today, and on all days shown."""
    total: Counter[str] = Counter()
    for day in days:
        total.update(day)
    if not total:
        return
    today = days[-1]
    yield title
    yield Grid(
        (Column("Rule or reason"), Column("Today", right=True), Column("All days", right=True)),
        [(_named(name), today.get(name, 0), count) for name, count in total.most_common()],
    )


def _named(name: str) -> Phrase | str:
    """Return the rule's name as the operator wrote it, and a reason of ours with its meaning."""
    meaning = REASONS.get(name)
    return phrase("{code}: {meaning}", code=name, meaning=meaning) if meaning else name


def _passed(days: Sequence[Day]) -> Iterator[Block]:
    """Yield what the counts above do not show, where there was any."""
    outage = sum(each.outcomes.get("outage", 0) for each in days)
    test = sum(each.outcomes.get("test", 0) for each in days)
    if outage or test:
        yield Line("")
    if outage:
        yield Folded(
            phrase("{count} passed unchecked while the captcha vendor was down", count=outage),
            mark="warn",
        )
    if test:
        yield Line(phrase("{count} for test numbers, not sent", count=test))
