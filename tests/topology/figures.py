"""What tests measured, told at the end of the run; named in `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Measured: TypeAlias = Callable[[str, float], None]

_MARK = "figure: "


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Measured:
    """Return what notes a figure: `measured("s without a decision", 1.9)`."""

    def note(what: str, figure: float) -> None:
        record_property(_MARK + what, figure if isinstance(figure, int) else round(figure, 2))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each test that measured something."""
    reports = [
        report
        for report in terminalreporter.getreports("passed")
        if any(name.startswith(_MARK) for name, _ in report.user_properties)
    ]
    if reports:
        terminalreporter.section("measured")
    for report in sorted(reports, key=lambda each: each.nodeid):
        told = [
            f"{name.removeprefix(_MARK)} {figure}"
            for name, figure in report.user_properties
            if name.startswith(_MARK)
        ]
        test = report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
        terminalreporter.line(f"{test}: {', '.join(told)}")
