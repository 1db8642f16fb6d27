"""Where processes see how far a load is, and that it is over: a few bytes of shared memory."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

_SLOT = struct.Struct("qq")  # answers, and how many of them were that the store is unavailable


class Board:
    """Two numbers for each process that plays, and one that ends the play."""

    def __init__(self, path: Path, players: int) -> None:
        """The first to open the file makes it; `players` is the same for all."""
        self._all = struct.Struct(f"{2 * players}q")
        size = _SLOT.size * (players + 1)
        with path.open("a+b") as file:
            file.truncate(size)
            self._memory = mmap.mmap(file.fileno(), size)

    @property
    def total(self) -> int:
        """How many answers were given, in all processes."""
        return sum(self._all.unpack_from(self._memory, _SLOT.size)[::2])

    @property
    def unavailable(self) -> int:
        """How many of them said that the store is unavailable."""
        return sum(self._all.unpack_from(self._memory, _SLOT.size)[1::2])

    @property
    def over(self) -> bool:
        return self._memory[0] != 0

    def end(self) -> None:
        """Let all players come to an end."""
        self._memory[0] = 1

    def note(self, player: int, answers: int, unavailable: int) -> None:
        """Say how many answers this player has had."""
        _SLOT.pack_into(self._memory, _SLOT.size * (player + 1), answers, unavailable)
