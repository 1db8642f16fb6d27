"""A checkout whose `make demo` has installed the wheel, and readers of each page."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.page import ROOT
from tests.pages.reader import Reader, reading

_STAMPS = (".made", ".installed")
"""What the Makefile leaves behind when it has installed, in its order."""


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout with the built wheel in its `.venv`.

    What the wheel depends on is this environment's; nothing comes from an index.
    """
    folder = tmp_path_factory.mktemp("checkout")
    for entry in ROOT.iterdir():
        if not entry.name.startswith("."):
            (folder / entry.name).symlink_to(entry)
    environment = folder / ".venv"
    built = folder / ".dist"
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built))
    _run(sys.executable, "-m", "venv", "--without-pip", str(environment))
    (wheel,) = built.glob("*.whl")
    _run(
        *(sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python")),
        *("--disable-pip-version-check", "install", "--quiet", "--no-index", "--no-deps"),
        str(wheel),
    )
    (packages,) = environment.glob("lib/python*/site-packages")
    homes = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "dependencies.pth").write_text("\n".join(homes), "utf-8")
    for stamp in _STAMPS:
        (environment / stamp).touch()
    return folder


def _run(*words: str) -> None:
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)


@pytest.fixture
def newcomer(checkout: Path) -> Iterator[Reader]:
    """Yield a reader in the checkout, who has installed nothing yet."""
    with reading(os.defpath, checkout) as reader:
        yield reader


@pytest.fixture
def operator(checkout: Path) -> Iterator[Reader]:
    """Yield a reader at home, with `smsctl` on the PATH."""
    with reading(f"{checkout / '.venv' / 'bin'}:{os.defpath}") as reader:
        yield reader
