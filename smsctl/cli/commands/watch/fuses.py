"""Fuses burning down: how much of each is used, as a bar, and when the rest is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from smsctl.cli.commands.watch.reader import Burn
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
    """Each fuse on one line where there is room, else on two; then what becomes of it."""

    burns: Sequence[Burn]
    now: float
    """Unix seconds."""

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield their figures, their bars and, where it is known, when they trip."""
        names = [screen.literal(each.fuse.rule.name) for each in self.burns]
        figures = [screen.legible(screen.say(_figures(each))) for each in self.burns]
        name, figure = (max(map(cells, told), default=0) for told in (names, figures))
        room = screen.width - name - figure - len(" [] ")
        for burn, head, told in zip(self.burns, names, figures, strict=True):
            tone = _tone(burn)
            if room >= _SHORTEST:
                yield f"{padded(head, name)} {_bar(burn, screen, room)} {screen.paint(told, tone)}"
            else:
                whole = phrase("{rule}: {figures}", rule=burn.fuse.rule.name, figures=told)
                yield from Folded(whole, tone=tone).lines(screen)
                yield _bar(burn, screen, screen.width - len("[]"))
            for future in self._future(burn):
                yield from Folded(future, mark="warn", tone=tone, indent=2).lines(screen)

    def _future(self, burn: Burn) -> Iterator[Phrase]:
        fuse = burn.fuse
        if not fuse.remaining:
            if fuse.rule.mode == "enforce":
                yield phrase("it is full: nothing more is sent")
        elif burn.spent_at:
            time = self._clock(burn.spent_at)
            yield phrase("at the pace of the last 5 minutes it trips at {time}", time=time)
        elif fuse.trips_at:
            time = self._clock(fuse.trips_at)
            yield phrase("at the pace of its whole window it trips at {time}", time=time)

    def _clock(self, at: datetime) -> str:
        """Return a time of today without the date."""
        today = moment(self.now, at.tzinfo).date()  # type: ignore[arg-type]
        return f"{at:%H:%M}" if at.date() == today else f"{at:%Y-%m-%d %H:%M}"


def _figures(burn: Burn) -> Phrase:
    fuse = burn.fuse
    used = phrase(
        "{used} of {most} ({percent} %)",
        used=f"{fuse.used:,}",
        most=f"{fuse.rule.max:,}",
        percent=f"{fuse.percent:g}",
    )
    return phrase("{used}, raised", used=used) if burn.raised else used


def _bar(burn: Burn, screen: Screen, width: int) -> str:
    drawn = bar(burn.fuse.used, burn.fuse.rule.max, width=width, blocks=screen.blocks)
    return f"[{screen.paint(padded(drawn, width), _tone(burn))}]"


def _tone(burn: Burn) -> Tone:
    if not burn.fuse.reached(_FILLING):
        return "plain"
    return "bad" if burn.fuse.reached(_FULL) else "warn"
