"""Whatever the file holds, it is a configuration or a ConfigError."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from smsctl.config import Config, document, example, load
from smsctl.core.errors import ConfigError

_TOP = st.sampled_from(
    ["gateway", "purposes", "captcha", "store", "code", "phone", "limits", "test_numbers"]
)
_KEYS = _TOP | st.sampled_from(
    ["timezone", "login", "only", "wrong", "name", "per", "max", "window", "url", "secret", "until"]
)
_SCALARS = st.sampled_from(["", "x", "60s", "day", "phone", "1", "CN", "${A}", "${A:-1}", "a: b"])
_TREES = st.recursive(
    _SCALARS | st.none() | st.integers() | st.booleans() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


def _load(folder: Path, written: bytes) -> Config | None:
    file = folder / "any.yaml"
    file.write_bytes(written)
    try:
        return load(file, environ={"A": "60s"})
    except ConfigError as fault:
        told = [str(problem) for problem in fault.problems]
    assert all(told)
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("any")


@given(written=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_any_bytes(folder: Path, written: bytes) -> None:
    """No traceback, whatever they are."""
    _load(folder, written)


@given(tree=_TREES)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_tree(folder: Path, tree: object) -> None:
    """Right keys in wrong places, wrong types everywhere."""
    _load(folder, yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "replace"))


@given(place=st.integers(0, 5000), junk=st.sampled_from(["", "\t", ":", "- ", "[", "}", "&a", "é"]))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_the_example_with_a_slip_of_the_hand(folder: Path, place: int, junk: str) -> None:
    """One thing too many, or a character less."""
    text = example()
    _load(folder, f"{text[:place]}{junk}{text[place + 1 :]}".encode())


def test_the_parser_in_python_reads_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every build of PyYAML has the one in C."""
    fast = _load(folder, example().encode())
    monkeypatch.setattr(document, "_Loader", yaml.SafeLoader)
    assert fast is not None
    assert _load(folder, example().encode()) == fast
    assert _load(folder, b"a: [") is None
    assert _load(folder, b"a: \x00") is None
