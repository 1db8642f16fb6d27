"""What keeps a vendor's library from being imported is told, whatever it raises."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsctl.vendors.libraries import missing


@pytest.mark.parametrize(
    "text",
    [
        "import nowhere_to_be_found",
        "1 / 0",
        "def (",
        "raise SystemExit(0)",
        "raise BaseException('boom')",
        "class PanicException(BaseException): __module__ = 'pyo3_runtime'\nraise PanicException",
    ],
)
def test_no_import_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """A package may exit, or be a broken binary: it is our own fault, and certain."""
    (tmp_path / "broken_library.py").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    broken = missing(("broken_library",))
    assert broken is not None
    assert broken.how == "unmade"


def test_an_interruption_is_none_of_the_librarys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C during an import ends the command."""
    (tmp_path / "interrupted_library.py").write_text("raise KeyboardInterrupt", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        missing(("interrupted_library",))
