"""Keeps a core from falling asleep: a quiet machine answers late, for it has to wake up first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SPIN = """
import os, sys
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
os.sched_setaffinity(0, {int(sys.argv[1])})
print(flush=True)
while True: pass
"""


@contextmanager
def awake(core: int) -> Iterator[None]:
    """Keep this core busy for the block with what gives way to everything else, where it can."""
    if not hasattr(os, "SCHED_IDLE"):
        yield
        return
    command = [sys.executable, "-S", "-c", _SPIN, str(core)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as spinning:
        if spinning.stdout:
            spinning.stdout.readline()
        try:
            yield
        finally:
            spinning.kill()
