"""The table of the fault suite, for a terminal and for the README."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tests.faults.checker import Column
from tests.faults.trial import Report

_COUNTS: dict[Column, str] = {
    "overshoot": "over",
    "forgotten": "forgotten",
    "consumed": "consumed by refusals",
    "guesses": "extra guesses",
    "successes": "double successes",
    "eternal": "keys without expiry",
    "second": "second SMS",
    "unforeseen": "other",
}
_HEAD = ["fault", "decisions", "unknown", *_COUNTS.values(), "recovery"]


def markdown(reports: Sequence[Report]) -> str:
    """Return the table, with the sums of what is promised, and what has to be said below it."""
    rows = [_row(report) for report in reports if not report.skipped]
    kept = [report for report in reports if report.promised and not report.skipped]
    rows.append(_sums(kept))
    lines = [_line(_HEAD), _line(["---"] + ["---:"] * (len(_HEAD) - 1)), *map(_line, rows)]
    notes = [f"- {report.name}: {report.note}" for report in reports if report.note]
    notes += [f"- {report.name}: skipped, {report.skipped}" for report in reports if report.skipped]
    return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def _row(report: Report) -> list[str]:
    name = report.name if report.promised else f"{report.name} (not promised)"
    counts = [f"{report.findings.counts[column]:,}" for column in _COUNTS]
    seconds = report.recovery
    known = seconds is not None and math.isfinite(seconds)
    recovery = f"{seconds * 1000:,.0f} ms" if known and seconds is not None else "–"
    return [name, f"{report.decisions:,}", f"{report.unknown:,}", *counts, recovery]


def _sums(reports: Sequence[Report]) -> list[str]:
    decisions = sum(report.decisions for report in reports)
    unknown = sum(report.unknown for report in reports)
    counts = [sum(r.findings.counts[column] for r in reports) for column in _COUNTS]
    return ["**all that is promised**", *(f"{n:,}" for n in (decisions, unknown, *counts)), ""]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
