"""What this process has in memory."""

from __future__ import annotations

from pathlib import Path


def resident() -> float:
    """Return the MB that this process has in memory."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (kib,) = [int(line.split()[1]) for line in lines if line.startswith("VmRSS")]
    return kib * 1024 / 1e6
