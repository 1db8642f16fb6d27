"""Where the file is looked for, and what is found there. Knows nothing of what it says."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import NOTHING, Phrase, phrase

SYSTEM_FILE = Path("/etc/smsctl/config.yaml")
MAX_BYTES = 262_144
"""A few hundred times a real file: what is larger was not written by an operator."""

ENVIRONMENT_FILE = Path("/etc/smsctl/environment")
"""Where `docs/deploy.md` keeps the variables of a service."""

_WRITE = phrase("write one: smsctl config init")


@dataclass(frozen=True, slots=True)
class Found:
    """A configuration file as it lies there."""

    path: Path
    written: bytes = field(repr=False)
    open_to_others: bool
    """Its group or everybody may read it."""


def find(path: Path | str | None, environ: Mapping[str, str]) -> Found | None:
    """Return the first file of the search order, or None where there is none.

    A file that was named must be there; each one that is there must be readable. Else raises
    ConfigError.
    """
    named = path or environ.get("SMSCTL_CONFIG")
    if named:
        found = _read(Path(named))
        if found is None:
            raise _fault(
                Path(named), phrase("no such file"), phrase("write it: smsctl config init")
            )
        return found
    return next((found for place in searched(environ) if (found := _read(place))), None)


def searched(environ: Mapping[str, str]) -> list[Path]:
    """Return the places that are looked at where no file is named."""
    home, base = environ.get("HOME"), environ.get("XDG_CONFIG_HOME")
    places = [SYSTEM_FILE]
    if base and Path(base).is_absolute():  # the XDG specification: a relative one is ignored
        places.insert(0, Path(base, "smsctl", "config.yaml"))
    elif home:
        places.insert(0, Path(home, ".config", "smsctl", "config.yaml"))
    return places


def load_line() -> str:
    """Return what somebody types to have the service's variables in a shell."""
    return f"set -a; . {ENVIRONMENT_FILE}; set +a"


def sourcing() -> Phrase:
    """Return how to load the service's variables, if this host has their file; else nothing."""
    if not os.path.exists(ENVIRONMENT_FILE):  # noqa: PTH110 - False also where nobody may look
        return NOTHING
    if os.access(ENVIRONMENT_FILE, os.R_OK):
        return phrase("load the service's variables: {line}", line=load_line())
    return phrase("as a user who may read {file}: {line}", file=ENVIRONMENT_FILE, line=load_line())


def _read(path: Path) -> Found | None:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            written = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            raise _fault(path, phrase("a link to a file that is not there")) from None
        return None
    except IsADirectoryError:
        raise _fault(path, phrase("a directory, not a file")) from None
    except PermissionError:
        raise _fault(path, phrase("not readable by this user"), phrase("check its mode")) from None
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "not a path"
        raise _fault(path, phrase("cannot be read: {reason}", reason=reason)) from None
    if len(written) > MAX_BYTES:
        raise _fault(path, phrase("larger than {limit} bytes", limit=MAX_BYTES))
    others = stat.S_ISREG(mode) and bool(mode & (stat.S_IRGRP | stat.S_IROTH))
    return Found(path, written, others)


def _fault(path: Path, message: Phrase, hint: Phrase = NOTHING) -> ConfigError:
    # A path may hold bytes that no terminal prints.
    shown = str(path).encode("utf-8", "backslashreplace").decode()
    return ConfigError(Problem(shown, message, hint))
