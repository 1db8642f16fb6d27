"""A state directory for each test, and the embedded server in it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsctl.store.embedded import EmbeddedServer


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Return a state directory; the server that runs in it ends with the test."""
    yield tmp_path / "state"
    server = EmbeddedServer(tmp_path / "state", os.environ)
    server.stop()
    # Stop goes by the lock; a test that fails may be about just that.
    if (pid := server.status().pid) is not None:
        os.kill(pid, signal.SIGKILL)
    if (folder := Path(server.target.path).parent) != tmp_path / "state":
        shutil.rmtree(folder, ignore_errors=True)  # a long path has its socket in /tmp


@pytest.fixture
def embedded(home: Path) -> Iterator[EmbeddedServer]:
    """Return the embedded server of `home`, not started."""
    server = EmbeddedServer(home, os.environ)
    yield server
    server.stop()
