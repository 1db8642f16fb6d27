"""Days as bars against the fuse, with their counts beside: as wide as the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from smsctl.cli.commands.usage.documents import OUTCOMES, admitted, refused
from smsctl.cli.frame.chart import bar
from smsctl.cli.frame.result import Column
from smsctl.cli.frame.screen import Screen, Tone
from smsctl.cli.frame.words import cells
from smsctl.core.admin import Day
from smsctl.core.phrase import phrase

_DAY = Column("Day")
_COUNTS = (
    Column("Sent"),
    Column("Rejected"),
    Column("Unknown"),
    Column("Pending"),
    Column("Verified"),
    Column("Refused"),
)
_GAP = 2
_SHORTEST, _LONGEST = 6, 50  # columns of a bar
_YEAR = len("2026-")
_FULL, _FILLING = 0.95, 0.80  # of the fuse: where `--check` warns unless told otherwise

_Shown = tuple[str, Sequence[str]]
"""A column's title and its values."""


@dataclass(frozen=True, slots=True)
class DayChart:
    """A row for each day: its bar, and its counts."""

    days: Sequence[Day]
    most: int | None
    """What a full bar is: the day's fuse; None where there is none, and the fullest day is."""

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the titles and the days."""
        # Rich's tables cost 25 ms: only who shows one pays.
        from smsctl.cli.frame.grid import grid_lines  # noqa: PLC0415

        (day, dates), *counts = self._columns(screen)
        width = min(_LONGEST, max(_SHORTEST, _room(screen, [(day, dates), *counts])))
        whole = self.most or max(map(admitted, self.days), default=0)
        bars = [bar(admitted(each), whole, width=width, blocks=screen.blocks) for each in self.days]
        scale = screen.say(phrase("of {most}", most=f"{self.most:,}")) if self.most else ""
        yield from grid_lines(
            screen,
            titles=[
                (day, False),
                (scale.ljust(width), False),
                *((each, True) for each, _ in counts),
            ],
            rows=[*zip(dates, bars, *(values for _, values in counts), strict=True)],
            tones=self._tones(),
        )

    def _columns(self, screen: Screen) -> list[_Shown]:
        """Return what is shown. Where room is short, the year goes, if that is enough."""
        dates = [each.date for each in self.days]
        named = [screen.say(each.title) for each in _COUNTS]
        values = zip(*map(_counts, self.days), strict=True)
        counts: list[_Shown] = [*zip(named, values, strict=True)]
        shown = [(screen.say(_DAY.title), dates), *counts]
        if _room(screen, shown) >= _SHORTEST:
            return shown
        without = [(shown[0][0], [each[_YEAR:] for each in dates]), *counts]
        return without if _room(screen, without) >= _SHORTEST else shown

    def _tones(self) -> Mapping[int, Tone]:
        if not self.most:
            return {}
        shares = {number: admitted(each) / self.most for number, each in enumerate(self.days)}
        return {
            number: "bad" if share >= _FULL else "warn"
            for number, share in shares.items()
            if share >= _FILLING
        }


def _room(screen: Screen, shown: Sequence[_Shown]) -> int:
    """Return the columns that are left for the bars."""
    taken = (max(map(cells, [title, *values])) for title, values in shown)
    return screen.width - sum(taken) - len(shown) * _GAP


def _counts(day: Day) -> Sequence[str]:
    return [
        str(count) for count in (*(day.outcomes.get(each, 0) for each in OUTCOMES), refused(day))
    ]
