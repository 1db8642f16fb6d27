"""The short form of the fault suite: each fault comes once, and nothing that is promised breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.load import Crew
from tests.faults.rows import ROWS
from tests.faults.trial import SHORT, Row, Special, run_row


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Return processes that press buttons, for all rows."""
    with Crew(2) as crew:
        yield crew


QUICK = [row for row in ROWS if not row.slow]


@pytest.mark.parametrize("row", QUICK, ids=lambda row: row.name.replace("±", "+-"))
def test_nothing_breaks(row: Row | Special, crew: Crew, binary: Path, tmp_path: Path) -> None:
    """All invariants, while and after the store is out of order."""
    report = run_row(row, SHORT, crew, binary, tmp_path)
    if report.skipped:
        pytest.skip(report.skipped)
    assert not report.broken, "\n".join(report.findings.sentences)
