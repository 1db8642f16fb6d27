"""Processes that press buttons while something is done to the store.

    with crew.playing(folder, url, …) as load:
        load.wait(200)        # until 200 more answers were given, whatever they are
        …

Afterwards `read_history(load.files)` has all of it. The processes are started once and play many
loads.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec

from smsctl.core.policy import Policy
from tests.faults.board import Board
from tests.faults.worker import Job, history_file
from tests.faults.world import noon_zone, world

ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0  # s for answers that must come


@dataclass(frozen=True)
class Load:
    """One play, while it lasts."""

    folder: Path
    board: Board
    policy: Policy
    files: Sequence[Path]
    """What the players write, and one more for who started them."""

    def wait(self, answers: int, *, unavailable: int = 0) -> None:
        """Return when so many more answers were given, and so many of them bad."""
        board = self.board
        wanted, missed = board.total + answers, board.unavailable + unavailable
        deadline = time.monotonic() + _PATIENCE
        while board.total < wanted or board.unavailable < missed:
            assert time.monotonic() < deadline, f"{board.total} of {wanted} answers"
            time.sleep(0.001)


class Crew:
    """Processes that wait for a play."""

    def __init__(self, size: int) -> None:
        command = [sys.executable, "-m", "tests.faults.worker"]
        pipe = subprocess.PIPE
        self._players = [
            subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
            for _ in range(size)
        ]
        for player in self._players:
            assert _line(player) == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for player in self._players:
            player.kill()
            player.communicate()

    @contextmanager
    def playing(
        self,
        folder: Path,
        url: str,
        *,
        fuse: int,
        width: int,
        life: int = 40,
        timeout: float = 0.25,
        zone: str | None = None,
        cancel: bool = False,
        shared: bool = True,
        program: str = "",
        strict: bool = False,
    ) -> Iterator[Load]:
        """Let all play until the block ends: threads with a whole guard first, then tasks."""
        zone = zone or noon_zone()
        size = len(self._players)
        board = Board(folder / "board", size)
        files = [history_file(folder, number) for number in (*range(size), "starter")]
        for number, player in enumerate(self._players):
            threads = number % 2 == 0 and not cancel
            job = Job(
                url=url,
                timeout=timeout,
                face="threads" if threads else "tasks",
                width=width if threads else 3 * width,
                whole=number % 3 == 0,
                life=life,
                fuse=fuse,
                zone=zone,
                folder=str(folder),
                player=number,
                players=size,
                cancel=cancel,
                shared=shared,
                program=program,
                strict=strict,
            )
            _tell(player, job)
        try:
            yield Load(folder, board, world(fuse=fuse, zone=zone), files)
        finally:
            board.end()
            told = [_line(player) for player in self._players]
        assert set(told) == {"done"}, told


def _tell(player: subprocess.Popen[str], job: Any) -> None:
    assert player.stdin is not None
    player.stdin.write(msgspec.json.encode(job).decode() + "\n")
    player.stdin.flush()


def _line(player: subprocess.Popen[str]) -> str:
    assert player.stdout is not None
    return player.stdout.readline().strip()
