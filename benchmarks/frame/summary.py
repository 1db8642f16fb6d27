"""What a whole run found, for people: the bars on the screen, tables for the README, a chart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

from benchmarks.frame.report import BAR_HEAD, RESULTS, Bar, machine, show, told

CHART = Path(__file__).parents[1] / "decisions.svg"

_OURS, _LIMIT, _OTHERS = "#0a7d6c", "#c9ced6", "#8793a3"


def summarize(questions: Sequence[str]) -> None:
    """Print every bar, write `results/summary.md`, and draw the chart after a full run."""
    found = {name: each for name in questions if (each := _result(name))}
    show("Bars", BAR_HEAD, [bar.cells() for each in found.values() for bar in _bars(each)])
    print(", ".join(f"{name} {what}" for name, what in machine().items()))
    text = "\n".join(_markdown(found))
    (RESULTS / "summary.md").write_text(f"{text}\n", encoding="utf-8")
    drawn = [found.get(name) for name in ("one_caller", "many_callers")]
    if all(each is not None and not each["quick"] for each in drawn):
        _draw(found)


def _result(question: str) -> dict[str, Any] | None:
    path = RESULTS / f"{question}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _bars(result: Mapping[str, Any]) -> list[Bar]:
    return [
        Bar(**{name: value for name, value in bar.items() if name != "met"})
        for bar in result["bars"]
    ]


def _markdown(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield _row(BAR_HEAD)
    yield _row(["---"] * len(BAR_HEAD))
    for result in found.values():
        yield from (_row(bar.cells()) for bar in _bars(result))
    for result in found.values():
        for table in result["tables"]:
            yield f"\n{table['title']}\n"
            yield _row(table["head"])
            yield _row(["---"] + ["---:"] * (len(table["head"]) - 1))
            yield from (_row([told(cell) for cell in row]) for row in table["rows"])
        yield from (f"\n{note}" for note in result["notes"])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _draw(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw decisions a second: what one caller gets, and what fifty tasks get."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "decisions"  # the same figures give the same file
    mpl.rcParams["svg.fonttype"] = "none"
    mpl.rcParams["font.family"] = "sans-serif"
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after its backend is chosen

    panels = [
        ("one caller", found["one_caller"]["tables"][0]["rows"]),
        ("50 tasks", found["many_callers"]["tables"][0]["rows"]),
    ]
    figure, axes = plt.subplots(
        2, 1, figsize=(9, 7), height_ratios=[len(rows) for _, rows in panels], layout="constrained"
    )
    for axis, (title, rows) in zip(axes, panels, strict=True):
        ordered = sorted(rows, key=lambda row: float(row[1]))
        names, rates = [row[0] for row in ordered], [float(row[1]) for row in ordered]
        bars = axis.barh(names, rates, color=[_color(name) for name in names], height=0.7)
        axis.bar_label(bars, [f"{rate:,.0f}" for rate in rates], padding=4)
        axis.set_title(f"Decisions a second, {title}", loc="left", fontweight="bold")
        axis.spines[["top", "right", "bottom"]].set_visible(False)
        axis.tick_params(axis="y", length=0)
        axis.set_xticks([])
        axis.margins(x=0.12)
    figure.savefig(CHART, metadata={"Date": None})


def _color(name: str) -> str:
    if name.startswith("smsctl"):
        return _OURS
    return _LIMIT if "redis" in name or "limit:" in name else _OTHERS
