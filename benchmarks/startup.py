"""How long does a command take from the shell and back, beside three that people know?

Whole processes, one after the other in turn; CPU is user and system time of the process alone. The
store is a server that already runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import stage

ROUNDS = sized(25, 3)
_BIN = Path(sys.executable).parent
_FLOOR = "python -c pass"
_THEIRS = ("aws --version", "http --version", "llm --version")
_OURS = (
    "smsctl --version",
    "smsctl --help",
    "smsctl explain F008",
    "smsctl limits show --json",
    "smsctl usage --json",
    "smsctl verify 13800138000 123456 --json",
)
_CONFIG = """
store: {{url: "{url}"}}
code: {{secret: "${{SMSCTL_SECRET}}"}}
"""


def main() -> None:
    """Measure, print and write down."""
    report = Report("startup")
    with stage() as where, TemporaryDirectory() as folder:
        config = Path(folder, "config.yaml")
        config.write_text(_CONFIG.format(url=where.url), encoding="utf-8")
        environ = {
            "HOME": folder,
            "PATH": f"{_BIN}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "SMSCTL_CONFIG": str(config),
            "SMSCTL_SECRET": "a secret for benchmarks only",
        }
        commands = [_FLOOR, *_THEIRS, *_OURS]
        spent = _in_turn(commands, environ)
    floor = median(wall for wall, _ in spent[_FLOOR])
    rows: list[list[object]] = []
    for command in commands:
        walls, cpus = zip(*spent[command], strict=True)
        rows.append([command, 1000 * median(walls), 1000 * median(cpus), median(walls) / floor])
    report.table(
        f"From the shell and back, medians of {ROUNDS}",
        ["command", "ms", "ms CPU", "over python -c pass"],
        rows,
    )
    known = min(median(cpu for _, cpu in spent[command]) for command in _THEIRS)
    for command in _OURS:
        cpu = median(cpu for _, cpu in spent[command])
        report.bar(f"CPU of {command}, over the quickest of the three", cpu / known, "≤", 1, "x")
    report.close()


def _in_turn(commands: list[str], environ: dict[str, str]) -> dict[str, list[tuple[float, float]]]:
    """Return the wall and CPU seconds of each command's runs, after one that does not count."""
    spent: dict[str, list[tuple[float, float]]] = {command: [] for command in commands}
    for turn in range(ROUNDS + 1):
        for command in commands:
            lap = _run(command, environ)
            if turn:
                spent[command].append(lap)
    return spent


def _run(command: str, environ: dict[str, str]) -> tuple[float, float]:
    words = [str(_BIN / command.split(maxsplit=1)[0]), *command.split()[1:]]
    start = time.perf_counter()
    with subprocess.Popen(
        words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        _, _, used = os.wait4(running.pid, 0)
        running.returncode = 0
    return time.perf_counter() - start, used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
