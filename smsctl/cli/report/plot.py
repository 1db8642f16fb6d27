"""Where things lie in a chart: bands along the days, heights on a scale of round steps. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from smsctl.cli.report.markup import Content, el

_STEPS = (1, 2, 5, 10)
_LABEL = 46.0  # px that a date takes


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart is called, and for who cannot see it, what it shows."""

    key: str
    """Its name within the page: one word."""
    name: str
    told: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart's paper, in px; every chart is drawn for wide and for narrow screens."""

    width: int
    height: int
    count: int
    """Bands along the bottom."""
    top: int
    """What the highest line of the scale stands for."""

    left = 46.0
    right = 10.0
    above = 14.0
    below = 26.0

    @property
    def band(self) -> float:
        return (self.width - self.left - self.right) / self.count

    @property
    def floor(self) -> float:
        return self.height - self.below

    def x(self, number: int) -> float:
        """Return where a band begins."""
        return self.left + number * self.band

    def y(self, value: float) -> float:
        """Return how far from the top a value lies."""
        return self.floor - value / self.top * (self.floor - self.above)

    def grid(self, steps: Sequence[int]) -> Iterator[Element]:
        """Yield the scale's lines with their figures."""
        for value in steps:
            y = self.y(value)
            end = float(self.width - self.right)
            yield el("line", x1=self.left, x2=end, y1=y, y2=y, class_="grid")
            yield el("text", _short(value), x=self.left - 6, y=y + 4, class_="tick end")

    def names(self, labels: Sequence[str]) -> Iterator[Element]:
        """Yield as many of the bands' names as there is room for, counted from the last."""
        every = max(1, math.ceil(_LABEL / self.band))
        for number in range(len(labels) - 1, -1, -every):
            middle = min(self.x(number) + self.band / 2, self.width - 18.0)
            yield el("text", labels[number], x=middle, y=self.height - 8.0, class_="tick middle")

    def drawn(self, caption: Caption, *content: Content) -> Element:
        """Return the drawing."""
        label, said = (f"{caption.key}-{self.width}-{each}" for each in ("title", "desc"))
        return el(
            "svg",
            el("title", caption.name, id=label),
            el("desc", caption.told, id=said),
            content,
            viewBox=f"0 0 {self.width} {self.height}",
            role="img",
            aria_labelledby=f"{label} {said}",
        )


def scale(most: float) -> list[int]:
    """Return the round steps of a scale from 0 that reaches `most`, at most six."""
    rough = max(1.0, most / 4)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(each * power) for each in _STEPS if each * power >= rough)
    return list(range(0, step * math.ceil(max(most, 1) / step) + 1, step))


def _short(value: int) -> str:
    """Return a figure beside a scale: `1.5k` for 1500."""
    for size, mark in ((1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")):
        if value >= 10 * size or (value >= size and value * 10 % size == 0):
            return f"{value / size:g}{mark}"
    return str(value)
