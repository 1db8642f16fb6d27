"""One fuse burning down: how much of it is used, as a bar, and when the rest is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from smsctl.cli.commands.watch_reader import Burn
from smsctl.cli.frame.chart import bar
from smsctl.cli.frame.clipped import padded
from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.screen import Screen, Tone
from smsctl.cli.frame.words import cells
from smsctl.core.pace import moment
from smsctl.core.phrase import Phrase, phrase

_FULL, _FILLING = 95.0, 80.0  # percent of a fuse: where `usage --check` warns unless told otherwise
_SHORTEST = 12  # columns of a bar that stands beside its figures


@dataclass(frozen=True, slots=True)
class BurnDown:
    """A fuse on one line where there is room, else on two; then what becomes of it."""

    burn: Burn
    now: float
    """Unix seconds."""

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield its figures, its bar and, where it is known, when it trips."""
        fuse = self.burn.fuse
        tone: Tone = "plain"
        if fuse.reached(_FILLING):
            tone = "bad" if fuse.reached(_FULL) else "warn"
        name = screen.literal(fuse.rule.name)
        figures = screen.legible(screen.say(self._figures()))
        room = screen.width - cells(name) - cells(figures) - len(" [] ")
        if room >= _SHORTEST:
            yield f"{name} {self._bar(screen, room, tone)} {screen.paint(figures, tone)}"
        else:
            whole = phrase("{rule}: {figures}", rule=fuse.rule.name, figures=self._figures())
            yield from Folded(whole, tone=tone).lines(screen)
            yield self._bar(screen, screen.width - len("[]"), tone)
        for told in self._future():
            yield from Folded(told, mark="warn", tone=tone, indent=2).lines(screen)

    def _bar(self, screen: Screen, width: int, tone: Tone) -> str:
        fuse = self.burn.fuse
        drawn = bar(fuse.used, fuse.rule.max, width=width, blocks=screen.blocks)
        return f"[{screen.paint(padded(drawn, width), tone)}]"

    def _figures(self) -> Phrase:
        fuse = self.burn.fuse
        used = phrase(
            "{used} of {most} ({percent} %)",
            used=f"{fuse.used:,}",
            most=f"{fuse.rule.max:,}",
            percent=f"{fuse.percent:g}",
        )
        return phrase("{used}, raised", used=used) if self.burn.raised else used

    def _future(self) -> Iterator[Phrase]:
        fuse = self.burn.fuse
        if not fuse.remaining:
            if fuse.rule.mode == "enforce":
                yield phrase("it is full: nothing more is sent")
        elif self.burn.spent_at:
            time = self._clock(self.burn.spent_at)
            yield phrase("at the pace of the last 5 minutes it trips at {time}", time=time)
        elif fuse.trips_at:
            yield phrase(
                "at the pace of its whole window it trips at {time}",
                time=self._clock(fuse.trips_at),
            )

    def _clock(self, at: datetime) -> str:
        """Return a time of today without the date."""
        today = moment(self.now, at.tzinfo).date()  # type: ignore[arg-type]
        return f"{at:%H:%M}" if at.date() == today else f"{at:%Y-%m-%d %H:%M}"
