"""What pyproject.toml promises, and the locks that hold development and CI to it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import smsctl

_ROOT = Path(__file__).parents[1]
_LOCKS = sorted((_ROOT / "locks").iterdir())
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))
_NEEDED = [
    *_PROJECT["project"]["dependencies"],
    *_PROJECT["project"]["optional-dependencies"]["embedded"],
]
_GROUPS = _PROJECT["dependency-groups"]


def locked(name: str) -> dict[str, list[str]]:
    """Return the versions that a lock has of each distribution: one, or one a Python."""
    versions: dict[str, list[str]] = {}
    for line in (_ROOT / "locks" / f"{name}.txt").read_text("utf-8").splitlines():
        if pinned := re.match(r"([a-z0-9-]+)==(\S+)", line):
            versions.setdefault(pinned[1], []).append(pinned[2])
    return versions


@pytest.mark.parametrize(
    ("lock", "needed"),
    [
        ("development", [*_NEEDED, *_GROUPS["dev"]]),
        ("artefact", _GROUPS["artefact"]),
        ("lowest", _NEEDED),
    ],
)
def test_a_lock_has_all_that_is_needed(lock: str, needed: list[str]) -> None:
    """A changed range takes `make lock`."""
    versions = locked(lock)
    for wanted in map(Requirement, needed):
        have = versions.get(canonicalize_name(wanted.name), [])
        assert any(wanted.specifier.contains(version) for version in have), wanted


def test_the_lowest_versions_are_the_floors() -> None:
    """A floor that no run has stood on is a guess: what has no patch level has .0 here."""
    versions = locked("lowest")
    for wanted in map(Requirement, _NEEDED):
        (floor,) = (part.version for part in wanted.specifier if part.operator == ">=")
        (lowest,) = versions[canonicalize_name(wanted.name)]
        assert lowest == floor or re.fullmatch(rf"{re.escape(floor)}(\.0)+", lowest), wanted


@pytest.mark.parametrize("lock", _LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_place(lock: Path) -> None:
    """No registry, no path: it installs from wherever pip is set up to ask; by hash alone."""
    written = lock.read_text("utf-8")
    assert not re.search(r"://|^[^#\n]*[ =]/|^ *-[^-]|--(?!hash=)", written, re.MULTILINE)
    pinned = len(re.findall(r"^[^ #\n]", written, re.MULTILINE))
    hashed = re.findall(r"^\S+==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}\b", written, re.MULTILINE)
    assert len(hashed) == pinned > 0


def test_the_distribution_is_not_the_indexs_smsctl() -> None:
    """That name is somebody else's; command and package keep it."""
    assert _PROJECT["project"]["name"] == "smsctl-guard"
    assert _PROJECT["project"]["scripts"] == {"smsctl": "smsctl.cli:main"}


def test_no_page_tells_to_install_a_stranger() -> None:
    """`pip install smsctl` would put somebody else's code beside the key."""
    installs = re.compile(
        r"\b(?:pip|pipx|uv)\b[^\n`]* (?:install|add|inject)\b[^\n`]* smsctl(?![-\w./])"
    )
    for page in (*_ROOT.glob("*.md"), *(_ROOT / "docs").glob("*.md")):
        assert not installs.search(page.read_text("utf-8")), page


def test_the_version_is_public() -> None:
    """Written once: the build reads it from the package."""
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", smsctl.__version__)
    assert _PROJECT["project"]["dynamic"] == ["version"]
