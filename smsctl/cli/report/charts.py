"""The four drawings of the report: bars by day, stacked bars, a line of percentages, a week's heat.

Each is drawn twice, for wide screens and paper and for narrow ones; the style shows one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from smsctl.cli.report.markup import el
from smsctl.cli.report.plot import Caption, Plot, scale

_WIDE, _NARROW = (920, 250), (348, 210)
_HEAT_LEFT, _HEAT_TOP = 44.0, 20.0
_SHADES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A line across a chart that bars shall not pass."""

    value: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One part of every bar."""

    name: str
    values: Sequence[int]
    paint: str
    """The class that colours it."""


def stacks(
    caption: Caption, labels: Sequence[str], parts: Sequence[Series], bound: Bound | None = None
) -> Element:
    """Return bars whose parts stand upon each other, the first at the bottom.

    The bound is on the scale where the bars reach a quarter of it; else it would flatten them.
    """
    heights = [sum(column) for column in zip(*(part.values for part in parts), strict=True)]
    highest = max(heights, default=0)
    shown = bound if bound and highest * 4 >= bound.value else None
    steps = scale(max(highest, shown.value if shown else 0))

    def draw(width: int, height: int) -> Element:
        plot = Plot(width, height, len(labels), steps[-1])
        return plot.drawn(
            caption,
            plot.grid(steps),
            _bars(plot, labels, parts),
            _bounding(plot, shown) if shown else None,
            plot.names(labels),
        )

    return _twice(draw)


def line(caption: Caption, labels: Sequence[str], values: Sequence[float | None]) -> Element:
    """Return a line of percentages, interrupted where there is none."""
    most = max((value for value in values if value is not None), default=0.0)
    steps = [0, 25, 50, 75, 100] if most <= 100 else scale(most)  # noqa: PLR2004

    def draw(width: int, height: int) -> Element:
        plot = Plot(width, height * 3 // 4, len(labels), steps[-1])
        return plot.drawn(
            caption,
            plot.grid(steps),
            (el("polyline", points=run, class_="line") for run in _runs(plot, values)),
            _points(plot, labels, values),
            plot.names(labels),
        )

    return _twice(draw)


def heat(caption: Caption, rows: Sequence[str], counts: Sequence[Sequence[int]]) -> Element:
    """Return a square for each weekday and hour, the darker the more."""
    most = max(map(max, counts))

    def draw(width: int, _: int) -> Element:
        side = (width - _HEAT_LEFT) / 24
        tall = min(max(side, 17.0), 26.0)
        plot = Plot(width, round(_HEAT_TOP + tall * len(rows) + 4), 24, 1)
        return plot.drawn(
            caption,
            (
                el("text", f"{hour:02}", x=_HEAT_LEFT + hour * side, y=13.0, class_="tick")
                for hour in range(0, 24, 3)
            ),
            _squares(rows, counts, most, side, tall),
        )

    return _twice(draw)


def _twice(draw: Callable[[int, int], Element]) -> Element:
    wide, narrow = draw(*_WIDE), draw(*_NARROW)
    wide.set("class", "wide")
    narrow.set("class", "narrow")
    return el("div", wide, narrow, class_="chart")


def _bars(plot: Plot, labels: Sequence[str], parts: Sequence[Series]) -> Iterator[Element]:
    gap = plot.band / 5
    for number, label in enumerate(labels):
        below = 0
        for part in parts:
            value = part.values[number]
            if not value:
                continue
            top, floor = plot.y(below + value), plot.y(below)
            yield el(
                "rect",
                el("title", f"{label}: {part.name} {value:,}"),
                x=plot.x(number) + gap / 2,
                y=top,
                width=plot.band - gap,
                height=max(floor - top, 0.5),
                class_=part.paint,
            )
            below += value


def _bounding(plot: Plot, bound: Bound) -> Iterator[Element]:
    y, end = plot.y(bound.value), float(plot.width - plot.right)
    yield el("line", x1=plot.left, x2=end, y1=y, y2=y, class_="bound")
    yield el("text", bound.text, x=end, y=y - 5, class_="bound-name end")


def _runs(plot: Plot, values: Sequence[float | None]) -> Iterator[str]:
    run: list[str] = []
    for number, value in enumerate([*values, None]):
        if value is not None:
            run.append(f"{plot.x(number) + plot.band / 2:.1f},{plot.y(value):.1f}")
        elif run:
            yield " ".join(run)
            run = []


def _points(plot: Plot, labels: Sequence[str], values: Sequence[float | None]) -> Iterator[Element]:
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        if value is not None:
            yield el(
                "circle",
                el("title", f"{label}: {value:.1f} %"),
                cx=plot.x(number) + plot.band / 2,
                cy=plot.y(value),
                r=min(3.5, plot.band / 3),
                class_="point",
            )


def _squares(
    rows: Sequence[str], counts: Sequence[Sequence[int]], most: int, side: float, tall: float
) -> Iterator[Element]:
    for number, (row, hours) in enumerate(zip(rows, counts, strict=True)):
        y = _HEAT_TOP + number * tall
        yield el("text", row, x=0.0, y=y + tall / 2 + 4, class_="tick")
        for hour, count in enumerate(hours):
            shade = -(-count * _SHADES // most) if most else 0
            yield el(
                "rect",
                el("title", f"{row} {hour:02}:00: {count:,}"),
                x=_HEAT_LEFT + hour * side + 1,
                y=y + 1,
                width=side - 2,
                height=tall - 2,
                rx=2,
                class_=f"heat h{shade}",
            )
