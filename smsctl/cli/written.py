"""Files that a command writes whole: their readers never see half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from smsctl.cli.frame.failures import UsageError
from smsctl.core.phrase import phrase


def write_whole(path: str, text: str, *, mode: int) -> None:
    """Put the text in place of the file at once: who reads it meanwhile reads all or the old one.

    A link stays one. Raises UsageError, also for what is there and is no file: a device, a pipe.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise UsageError(phrase("{path} is no file", path=path))
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as fault:
        raise _unwritable(path, fault) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            os.fchmod(file.fileno(), mode)
        Path(name).replace(target)
    except OSError as fault:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise _unwritable(path, fault) from None


def _unwritable(path: str, fault: OSError) -> UsageError:
    return UsageError(phrase("cannot write {path}: {why}", path=path, why=fault.strerror or "?"))
