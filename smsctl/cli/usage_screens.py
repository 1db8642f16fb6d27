"""What `usage` looks like on a terminal: days as bars against the fuse, then what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from smsctl.cli.chart import bar
from smsctl.cli.fuses import Fuse, daily
from smsctl.cli.result import Block, Column, Grid, Heading, Line
from smsctl.cli.screen import Screen, Tone
from smsctl.cli.usage_documents import OUTCOMES, admitted, refused
from smsctl.cli.words import cells
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.ports import Day

_COLUMNS = (
    Column("Day"),
    Column("Sent", right=True),
    Column("Rejected", right=True),
    Column("Unknown", right=True),
    Column("Pending", right=True),
    Column("Verified", right=True),
    Column("Refused", right=True),
)
_GAP = 2
_SHORTEST, _LONGEST = 6, 50
_FULL, _FILLING = 0.95, 0.80  # of the fuse: where `--check` would warn unless told otherwise


@dataclass(frozen=True, slots=True)
class DayChart:
    """A row for each day: its bar, and its counts."""

    days: Sequence[Day]
    most: int | None
    """What a full bar is: the day's fuse; None where there is none, and the fullest day is."""

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the titles and the days."""
        # Rich's tables cost 25 ms: only who shows one pays.
        from smsctl.cli.grid import grid_lines  # noqa: PLC0415

        titles = [screen.say(each.title) for each in _COLUMNS]
        counts = [[each.date, *map(str, _counts(each))] for each in self.days]
        taken = sum(
            max(cells(row[column]) for row in [titles, *counts]) + _GAP
            for column in range(len(titles))
        )
        width = min(_LONGEST, max(_SHORTEST, screen.width - taken - _GAP))
        whole = self.most or max(map(admitted, self.days), default=0)
        bars = [bar(admitted(each), whole, width=width, blocks=screen.blocks) for each in self.days]
        yield from grid_lines(
            screen,
            titles=[
                (titles[0], False),
                (_scale(screen, self.most).ljust(width), False),
                *((title, True) for title in titles[1:]),
            ],
            rows=[[date, drawn, *rest] for (date, *rest), drawn in zip(counts, bars, strict=True)],
            tones=self._tones(),
        )

    def _tones(self) -> Mapping[int, Tone]:
        if not self.most:
            return {}
        shares = {number: admitted(each) / self.most for number, each in enumerate(self.days)}
        return {
            number: "bad" if share >= _FULL else "warn"
            for number, share in shares.items()
            if share >= _FILLING
        }


def usage_blocks(
    days: Sequence[Day], found: Sequence[Fuse], promise: Iterable[Phrase]
) -> Iterator[Block]:
    """Yield the chart, what is left of each fuse, who was refused, and the worst of a day."""
    scale = daily(found)
    yield DayChart(days, scale.rule.max if scale else None)
    yield Line("")
    if not found:
        yield Line("There is no fuse: nothing bounds the messages of a day.", mark="warn")
    for fuse in found:
        yield from _fuse(fuse)
    yield from _tally(Heading("Refused"), [each.refused for each in days])
    yield from _tally(
        Heading("Observed: would have been refused"), [each.observed for each in days]
    )
    yield from _passed(days)
    yield Heading("What the rules promise, whatever happens")
    for sentence in promise:
        yield Line(sentence, indent=_GAP)


def _fuse(fuse: Fuse) -> Iterator[Block]:
    tone: Tone = "plain"
    if fuse.reached(_FILLING * 100):
        tone = "bad" if fuse.reached(_FULL * 100) else "warn"
    yield Line(
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
        yield Line(phrase("at this pace it trips at {time}", time=at), mark="warn", indent=_GAP)
    elif fuse.rule.mode == "enforce":
        yield Line("it is full: nothing more is sent", mark="bad", indent=_GAP)


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
        (Column("By"), Column("Today", right=True), Column("All days", right=True)),
        [(name, today.get(name, 0), count) for name, count in total.most_common()],
    )


def _passed(days: Sequence[Day]) -> Iterator[Block]:
    """Yield what the counts above do not show, where there was any."""
    outage = sum(each.outcomes.get("outage", 0) for each in days)
    test = sum(each.outcomes.get("test", 0) for each in days)
    if outage or test:
        yield Line("")
    if outage:
        yield Line(
            phrase("{count} passed unchecked while the captcha vendor was down", count=outage),
            mark="warn",
        )
    if test:
        yield Line(phrase("{count} for test numbers, not sent", count=test))


def _counts(day: Day) -> tuple[int, ...]:
    return (*(day.outcomes.get(each, 0) for each in OUTCOMES), refused(day))


def _scale(screen: Screen, most: int | None) -> str:
    return screen.say(phrase("of {most}", most=f"{most:,}")) if most else ""
