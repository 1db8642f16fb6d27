"""Who has a core when several want it: whoever is measured first, and a filler last.

What the system does not know or does not allow is left undone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_SPIN = """
import os, sys
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
os.sched_setaffinity(0, {int(sys.argv[1])})
print(flush=True)
while True: pass
"""
_EAGER = -15  # of nice: for a server that is measured


def yield_to_others() -> None:
    """Let this process run only while nobody else wants its core."""
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(19)


@contextmanager
def first(server: int) -> Iterator[None]:
    """Let this process, and then the server, run before all others for the block."""
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, server, _EAGER)
        if hasattr(os, "SCHED_RR"):
            eager = os.SCHED_RR | os.SCHED_RESET_ON_FORK
            os.sched_setscheduler(0, eager, os.sched_param(1))
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, server, 0)
            if hasattr(os, "SCHED_RR"):
                os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


@contextmanager
def eager(server: int) -> Iterator[None]:
    """Let this thread, all that it starts meanwhile, and the server run before the others'.

    Not as strictly as `first`: who holds the interpreter's lock is as eager as who waits for it.
    """
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, server, _EAGER)
        os.setpriority(os.PRIO_PROCESS, 0, _EAGER)
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, 0)
            os.setpriority(os.PRIO_PROCESS, server, 0)


@contextmanager
def on(core: int) -> Iterator[None]:
    """Let this thread, and what it starts meanwhile, run on one core alone for the block."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def awake(core: int) -> Iterator[None]:
    """Keep this core from falling asleep: a quiet machine answers late, for it has to wake up."""
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
