"""Redis's own tools, where they are on PATH: what a client in C makes of the same server."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Callable, Sequence

from benchmarks.frame.stage import Stage
from smsctl.store.command import Command, pack

CLI = shutil.which("valkey-cli") or shutil.which("redis-cli")
BENCHMARK = shutil.which("valkey-benchmark") or shutil.which("redis-benchmark")
MISSING = "no redis-cli or redis-benchmark on PATH (Debian: redis-tools): their rows are skipped"


def piped(where: Stage, commands: Sequence[Command]) -> Callable[[], Sequence[float]]:
    """Return what gives these to the server through `redis-cli --pipe`, as fast as it takes them.

    Nobody's time is taken.
    """
    packed = b"".join(pack([command]).packed for command in commands)

    def run() -> Sequence[float]:
        told = subprocess.run(
            [str(CLI), "-p", str(where.port), "--pipe"],
            input=packed,
            capture_output=True,
            check=True,
        )
        if b"errors: 0" not in told.stdout:
            raise RuntimeError(told.stdout.decode())
        return ()

    return run


def benchmarked(where: Stage, command: Sequence[str], count: int, *, depth: int) -> float:
    """Return the calls in a second that `redis-benchmark` reaches with 50 connections."""
    told = subprocess.run(
        [
            *(str(BENCHMARK), "-p", str(where.port), "-c", "50", "-P", str(depth)),
            *("-n", str(count), "--csv", *command),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return float(list(csv.reader(told.stdout.splitlines()))[-1][1])
