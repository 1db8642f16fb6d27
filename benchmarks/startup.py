"""How long does a command take from the shell and back, beside three that people know?

Whole processes, one after the other in turn, on one core; CPU is user and system time of the
process alone. The store is the embedded one, whose server already runs on another core.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeAlias

from benchmarks.frame.report import Report, sized
from benchmarks.frame.turns import on

ROUNDS = sized(10, 1)
_BIN = Path(sys.executable).parent
_FLOOR = "python -c pass"
_HELLO = "python hello.py --help"
_THEIRS = {"aws --version": "awscli", "http --version": "httpie", "llm --version": "llm"}
"""By the command: its distribution."""
_OURS = (
    "smsctl --version",
    "smsctl --help",
    "smsctl explain F008",
    "smsctl limits show --json",
    "smsctl usage --json",
    "smsctl verify 13800138000 123456 --json",
)
_CORES = range(os.cpu_count() or 1)
_TYPER = """
import typer

app = typer.Typer()


@app.command()
def hello(name: str) -> None:
    print(name)


app()
"""

Spent: TypeAlias = dict[str, list[tuple[float, float]]]
"""Wall and CPU seconds of each command's runs."""


def main() -> None:
    """Measure, print and write down."""
    report = Report("startup")
    with TemporaryDirectory() as folder:
        Path(folder, "hello.py").write_text(_TYPER, encoding="ascii")
        environ = {
            "HOME": folder,
            "PATH": f"{_BIN}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "SMSCTL_STATE_DIR": folder,
            "SMSCTL_STORE__URL": "embedded",  # what reads a store needs a configuration
        }
        commands = [_FLOOR, _HELLO, *_THEIRS, *_OURS]
        with on(_CORES[0]):
            _run("smsctl usage", environ)  # starts the server
        try:
            with on(_CORES[-1]):
                spent = _in_turn(commands, environ)
        finally:
            _run("smsctl store stop", environ)
    wall = {command: median(wall for wall, _ in laps) for command, laps in spent.items()}
    cpu = {command: median(cpu for _, cpu in laps) for command, laps in spent.items()}
    report.table(
        f"From the shell and back, medians of {ROUNDS}",
        ["command", "ms", "ms CPU", "CPU, over python -c pass"],
        [[each, 1000 * wall[each], 1000 * cpu[each], cpu[each] / cpu[_FLOOR]] for each in commands],
    )
    known = min(cpu[command] for command in _THEIRS)
    for command in _OURS:
        report.bar(
            f"CPU of {command}, over the quickest of the three", cpu[command] / known, "≤", 1, "x"
        )
    for command, floor, bar in (("smsctl --help", _HELLO, 3), ("smsctl usage --json", _FLOOR, 20)):
        report.bar(f"CPU of {command}, over {floor}", _over(spent, command, floor), "≤", bar, "x")
    releases = ", ".join(f"{name} {version(name)}" for name in _THEIRS.values())
    report.note(f"The three are {releases}.")
    report.note("hello.py is one Typer command: the floor of a command line that has a help page.")
    report.close()


def _over(spent: Spent, command: str, floor: str) -> tuple[float, float, float]:
    """Return the CPU of one over the other's: median, least, largest of the rounds."""
    ratios = sorted(a / b for (_, a), (_, b) in zip(spent[command], spent[floor], strict=True))
    return median(ratios), ratios[0], ratios[-1]


def _in_turn(commands: list[str], environ: dict[str, str]) -> Spent:
    """Return the wall and CPU seconds of each command's runs, after one that does not count."""
    spent: Spent = {command: [] for command in commands}
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
        words,
        env=environ,
        cwd=environ["HOME"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        _, _, used = os.wait4(running.pid, 0)
        running.returncode = 0
    return time.perf_counter() - start, used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
