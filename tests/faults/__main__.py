"""The fault suite in full: `python -m tests.faults [words of rows…]`.

Prints the table, leaves it in build/reliability.md, and ends with 1 where a promise was broken.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from pathlib import Path

from smsctl.store.binary import find_server
from tests.faults.checker import Findings
from tests.faults.load import ROOT, Crew
from tests.faults.rows import ROWS
from tests.faults.table import markdown
from tests.faults.trial import FULL, Report, Row, Special, run_row

_PROCESSES = 3
_WANTED = 1_000_000  # decisions in all


def main(words: list[str]) -> int:
    """Run the rows that have one of these words in their names; without words, all."""
    logging.getLogger("smsctl").addHandler(logging.NullHandler())
    rows = [row for row in ROWS if not words or any(word in row.name for word in words)]
    reports: list[Report] = []
    binary = find_server(os.environ)
    began = time.monotonic()
    with Crew(_PROCESSES) as crew, tempfile.TemporaryDirectory(prefix="f-") as folder:
        for number, row in enumerate(rows):
            place = Path(folder, str(number))
            place.mkdir()
            start = time.monotonic()
            reports.append(_run(row, crew, binary, place))
            _tell(reports[-1], time.monotonic() - start)
    table = markdown(reports)
    written = ROOT / "build" / "reliability.md"
    written.parent.mkdir(exist_ok=True)
    written.write_text(table, "utf-8")
    sys.stdout.write(f"\n{table}\n{time.monotonic() - began:.0f} s; the table is in {written}\n")
    for report in reports:
        for sentence in report.findings.sentences if report.broken else ():
            sys.stderr.write(f"{report.name}: {sentence}\n")
    decisions = sum(report.decisions for report in reports if report.promised)
    if not words and decisions < _WANTED:
        sys.stderr.write(f"only {decisions:,} decisions, not {_WANTED:,}\n")
        return 1
    return int(any(report.broken for report in reports))


def _run(row: Row | Special, crew: Crew, binary: Path, folder: Path) -> Report:
    try:
        return run_row(row, FULL, crew, binary, folder)
    except AssertionError as failed:
        findings = Findings()
        findings.add("unforeseen", 1, f"the row did not come to its end: {failed}")
        return Report(name=row.name, findings=findings)


def _tell(report: Report, seconds: float) -> None:
    """Say at once what a row came to, so that a long run is not silent."""
    found = ", ".join(f"{count} {column}" for column, count in report.findings.counts.items())
    told = report.skipped or f"{report.decisions:,} decisions, {found or 'nothing broken'}"
    sys.stderr.write(f"{report.name}: {told}, {seconds:.1f} s\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
