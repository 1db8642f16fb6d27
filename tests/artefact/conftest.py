"""The wheel as it would be published, and an environment with nothing else in it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Reader:
    """Somebody who installed the wheel: a home, an environment, and no checkout."""

    home: Path
    bin: Path

    def __call__(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment; nothing of this process's is on PATH."""
        program, *rest = words
        return subprocess.run(
            [self.bin / program, *rest],
            cwd=self.home,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def environ(self) -> dict[str, str]:
        """The variables: a clean home, and how pip was set up here."""
        pips = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        return {**pips, "HOME": str(self.home), "PATH": str(self.bin), "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    _python("-m", "hatchling", "build", "--target", "sdist", "--directory", str(folder))
    (source,) = folder.iterdir()
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
    _python("-m", "pip", "wheel", *options, str(source))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def reader(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Return somebody who has the wheel, without the embedded store's server."""
    home = tmp_path_factory.mktemp("home")
    venv.create(home / "venv", with_pip=True)
    reader = Reader(home, home / "venv" / "bin")
    installed = reader("python", "-m", "pip", "install", "--quiet", wheel)
    assert installed.returncode == 0, installed.stderr
    return reader


def _python(*words: str) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True)
