"""Writes the first configuration file: whole or not at all, and readable by its owner alone."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from smsctl.config.places import searched
from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import phrase


def starter_path(named: Path | None, environ: Mapping[str, str]) -> Path:
    """Return where the file is written: where it will be looked for first."""
    if named is not None:
        return named
    override = environ.get("SMSCTL_CONFIG")
    return Path(override) if override else searched(environ)[0]


def refuse_folder(path: Path) -> None:
    """Raise ConfigError where a directory stands: nothing is asked that cannot be done."""
    if path.is_dir():
        raise _unwritable(path, os.strerror(errno.EISDIR))


def write_starter(path: Path, text: str, *, replace: bool) -> bool:
    """Write the file with mode 0600; its new directories get 0700.

    Returns False, having written nothing, where there is a file and `replace` does not say that it
    may go. Raises ConfigError where it cannot be written.
    """
    try:
        refuse_folder(path)
        for folder in reversed([each for each in path.parents if not each.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
        # Under another name first: a full disk leaves no half of a file, and no race overwrites.
        made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            _create(made, text.encode())
            return _put(made, path, replace=replace)
        finally:
            made.unlink(missing_ok=True)
    except (OSError, ValueError) as fault:
        raise _unwritable(path, getattr(fault, "strerror", None) or "not a path") from None


def _unwritable(path: Path, reason: str) -> ConfigError:
    shown = str(path).encode("utf-8", "backslashreplace").decode()
    return ConfigError(Problem(shown, phrase("cannot be written: {reason}", reason=reason)))


def _create(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _put(made: Path, path: Path, *, replace: bool) -> bool:
    if replace:
        made.replace(path)
        return True
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return False
    return True
