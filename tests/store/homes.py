"""An embedded store for a test: its policy, what it counts, and its sudden end."""

from __future__ import annotations

import fcntl
import os
import signal
from contextlib import suppress
from dataclasses import replace

from smsctl.core.blocking import run_blocking
from smsctl.core.policy import Policy
from smsctl.core.ports import Reserved
from smsctl.store.embedded import EmbeddedServer
from tests.histories import everything, new_code, redis_store, request, rule

POLICY = replace(Policy(), rules=(rule("fuse", "all", 100_000, "day"),))


def kill(server: EmbeddedServer) -> int:
    """End the server as `kill -9` does; return its process id."""
    pid = server.status().pid
    assert pid is not None
    with server._residence.lock.open() as lock:
        os.kill(pid, signal.SIGKILL)
        fcntl.flock(lock, fcntl.LOCK_EX)  # free a moment before it is gone
    with suppress(ChildProcessError):  # another process's child
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    return pid


def fuse(server: EmbeddedServer) -> int:
    """Return what the fuse counts."""
    _, admin, connection = redis_store(server.target, POLICY, None)
    (level,) = run_blocking(admin.show(everything())).levels
    run_blocking(connection.close())
    return level.used


def reserve(server: EmbeddedServer, *numbers: int) -> None:
    """Make one reservation for each number."""
    store, _, connection = redis_store(server.target, POLICY, None)
    for number in numbers:
        assert isinstance(run_blocking(store.reserve(request(number), new_code(number))), Reserved)
    run_blocking(connection.close())
