"""What a question found: tables to read, JSON to keep, and each bar with what was reached."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parents[1] / "results"
QUICK = os.environ.get("QUICK", "") not in {"", "0"}
FULL = os.environ.get("FULL", "") not in {"", "0"}


def sized(full: int, quick: int) -> int:
    """Return how many: fewer where `QUICK=1` asks for a first look."""
    return quick if QUICK else full


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure that was promised, and what was reached."""

    figure: str
    reached: float
    sense: Literal["≥", "≤", "="]
    bar: float
    least: float | None = None
    """Of the rounds; None where there was one."""
    largest: float | None = None
    unit: str = ""

    @property
    def met(self) -> bool:
        match self.sense:
            case "≥":
                return self.reached >= self.bar
            case "≤":
                return self.reached <= self.bar
            case "=":
                return self.reached == self.bar

    def cells(self) -> list[str]:
        """Return figure, bar, what was reached, the rounds, and whether that is enough."""
        spread = ""
        if self.least is not None and self.largest is not None:
            spread = f"{_told(self.least)} – {_told(self.largest)}"
        return [
            self.figure,
            f"{self.sense} {_told(self.bar)}{self.unit}",
            f"{_told(self.reached)}{self.unit}",
            spread,
            "yes" if self.met else "NO",
        ]


@dataclass(slots=True)
class Report:
    """The answer to one question."""

    question: str
    """The file's name."""
    tables: list[dict[str, Any]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Add a table and print it; numbers stand to the right."""
        self.tables.append({"title": title, "head": list(head), "rows": [list(r) for r in rows]})
        show(title, head, rows)

    def bar(
        self,
        figure: str,
        reached: float | tuple[float, float, float],
        sense: Literal["≥", "≤", "="],
        bar: float,
        unit: str = "",
    ) -> None:
        """Add a bar; `reached` may come with the least and largest of the rounds."""
        middle, least, largest = reached if isinstance(reached, tuple) else (reached, None, None)
        self.bars.append(Bar(figure, middle, sense, bar, least, largest, unit))

    def note(self, sentence: str) -> None:
        """Add what the reader has to know beside the figures, and print it."""
        self.notes.append(sentence)
        Console().print(f"[dim]{sentence}[/dim]")

    def close(self) -> None:
        """Print the bars and write everything to `results/`."""
        if self.bars:
            show("Bars", BAR_HEAD, [bar.cells() for bar in self.bars])
        RESULTS.mkdir(exist_ok=True)
        found = {
            "question": self.question,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "quick": QUICK,
            "tables": self.tables,
            "bars": [asdict(bar) | {"met": bar.met} for bar in self.bars],
            "notes": self.notes,
        }
        text = json.dumps(found, indent=1, ensure_ascii=False)
        (RESULTS / f"{self.question}.json").write_text(f"{text}\n", encoding="utf-8")


BAR_HEAD = ("figure", "bar", "reached", "rounds", "met")


def machine() -> dict[str, str]:
    """Return what the figures depend on."""
    return {
        "cpu": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.platform(aliased=True, terse=True),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def told(cell: object) -> str:
    """Return a cell as it is shown: three digits of a number."""
    return _told(cell) if isinstance(cell, int | float) else str(cell)


def _told(number: float) -> str:
    if math.isnan(number):
        return "–"
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table."""
    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(head):
        numbers = place and all(isinstance(row[place], int | float) for row in rows)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(
            *[_told(cell) if isinstance(cell, int | float) else str(cell) for cell in row]
        )
    console = Console()
    console.print(f"[bold]{title}[/bold]", highlight=False)
    console.print(table)
    console.print()
