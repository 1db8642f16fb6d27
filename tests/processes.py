"""What still runs because of a folder: a server's command line names the one that it lives in."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def processes_of(folder: Path) -> list[int]:
    """Return the processes whose command line names the folder; none where there is no /proc."""
    named = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.fsencode(folder) in (process / "cmdline").read_bytes():
                named.append(int(process.name))
    return named
