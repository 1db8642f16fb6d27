"""The suite stands outside: it imports nothing of smsctl but what a backend may."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.conftest import COLLECTED, HERE, PENDING
from tests.contract.names import RENAMES
from tests.contract.program import SCRIPTS


def imported(path: Path) -> Iterator[str]:
    """Yield the name of every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they lead"
            yield str(node.module)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_suite_imports_nothing_of_the_program() -> None:
    """No file of the suite imports smsctl, or a helper of the other tests, which do."""
    modules = {module for path in HERE.glob("*.py") for module in imported(path)}
    ours = {m for m in modules if m.split(".")[0] in {"smsctl", "tests"}}
    assert [module for module in ours if not module.startswith("tests.contract")] == []


def test_scripts_import_what_a_backend_may() -> None:
    """A script imports `smsctl` and `smsctl.testing` of the program, and nothing of the tests."""
    modules = {module for path in SCRIPTS.glob("*.py") for module in imported(path)}
    ours = {m for m in modules if m.split(".")[0] in {"smsctl", "tests"}}
    assert ours == {"smsctl", "smsctl.testing"}


def test_pending_names_tests(request: pytest.FixtureRequest) -> None:
    """Each line of pending.toml names a test, as far as this run has collected its file."""
    collected = request.config.stash[COLLECTED]
    files = {file for file, _ in collected}
    lines = {(file, name) for file, tests in PENDING.items() if file in files for name in tests}
    assert lines - collected == set()


def test_pending_says_why() -> None:
    """Each test that is pending says in one line what is missing, or what differs."""
    reasons = [reason for tests in PENDING.values() for reason in tests.values()]
    assert all(reason.startswith(("not built: ", "differs: ")) for reason in reasons)


def test_renames_are_whole() -> None:
    """Each rename has a new name, and says whether it is done."""
    entries = [entry for names in RENAMES.values() for entry in names.values()]
    assert all(entry.keys() == {"new", "done"} for entry in entries)
