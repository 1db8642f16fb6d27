"""A server whose clock is stepped and whose disk is full: a small library preloaded into it.

Built by the machine's C compiler; where there is none, rows that need it are skipped.
"""

from __future__ import annotations

import mmap
import shlex
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.faults.trial import Trial
from tests.faults.world import noon_zone

_WILL = struct.Struct("qqq")
_NEAR = 60.0  # s before midnight


def missing() -> str:
    """Say why the library can't be built here; empty where it can."""
    if sys.platform != "linux":
        return "the clock and the disk are shimmed on Linux alone"
    return "" if shutil.which("cc") else "no C compiler (cc) to build the shim"


class Will:
    """What the preloaded library obeys, for as long as the file exists."""

    def __init__(self, folder: Path) -> None:
        path = folder / "will"
        if not path.exists():
            path.write_bytes(_WILL.pack(0, 0, 0))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _WILL.size)

    def set(self, *, ahead: float = 0.0, full: bool = False, busy: bool = False) -> None:
        """Let the clock be so many seconds ahead, files take no more, and no sync end."""
        _WILL.pack_into(self._memory, 0, round(ahead * 1e6), int(full), int(busy))


def shimmed(binary: Path, folder: Path) -> Path:
    """Return a program that runs the server under the library."""
    library, program = folder / "shim.so", folder / "server"
    source = Path(__file__).with_name("shim.c")
    command = f"cc -shared -fPIC -O1 -o {library} {source}"
    subprocess.run(shlex.split(command), check=True, timeout=60)
    Will(folder)
    words = ["env", f"LD_PRELOAD={library}", f"SHIM_WILL={folder / 'will'}", str(binary)]
    program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', "utf-8")
    program.chmod(0o755)
    return program


def before_midnight(binary: Path, folder: Path) -> Path:
    """As `shimmed`, by a clock that says a minute to midnight."""
    program = shimmed(binary, folder)
    Will(folder).set(ahead=_to_midnight() - _NEAR)
    return program


def stepped(seconds: float) -> Callable[[Trial], AbstractContextManager[None]]:
    """Return the fault of a clock that is put forward, then back as far, then right."""

    @contextmanager
    def steps(trial: Trial) -> Iterator[None]:
        will = Will(trial.folder)
        will.set(ahead=seconds)
        forward = _ahead(trial)
        trial.load.wait(trial.scale.inside)
        will.set(ahead=-seconds)
        trial.proof += forward - _ahead(trial) > 2 * seconds - 5
        yield
        will.set()

    return steps


@contextmanager
def to_and_fro(trial: Trial) -> Iterator[None]:
    """The clock goes past midnight, and back to the day before."""
    will = Will(trial.folder)
    will.set(ahead=_to_midnight() + _NEAR)
    with trial.server.client as client:
        zone = ZoneInfo(noon_zone())
        day = datetime.fromtimestamp(client.time()[0], zone).date()
    trial.proof += day > datetime.now(zone).date()
    yield
    will.set(ahead=_to_midnight() - _NEAR)


@contextmanager
def full_disk(trial: Trial) -> Iterator[None]:
    """Nothing more can be written to the server's disk."""
    will = Will(trial.folder)
    will.set(full=True)
    yield
    will.set()


@contextmanager
def killed_unsynced(trial: Trial) -> Iterator[None]:
    """Killed while its disk is busy with the last sync, and writes wait in its memory."""
    will = Will(trial.folder)
    will.set(busy=True)
    with trial.server.client as client:
        while not client.info("persistence")["aof_buffer_length"]:
            trial.load.wait(1)
    trial.load.wait(trial.scale.before)
    trial.server.kill()
    will.set()
    yield
    trial.server.start()
    trial.server.await_answer()
    trial.note = (
        "while its disk is busy with the last sync, the server keeps writes in memory for up to "
        "two seconds, and a kill forgets them; appendfsync always forgets nothing"
    )


def _ahead(trial: Trial) -> float:
    with trial.server.client as client:
        return float(client.time()[0]) - datetime.now().timestamp()  # noqa: DTZ005 - a difference


def _to_midnight() -> float:
    now = datetime.now(ZoneInfo(noon_zone()))
    tomorrow = now.date() + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=now.tzinfo)
    return (midnight - now).total_seconds()
