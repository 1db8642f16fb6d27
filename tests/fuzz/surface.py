"""What a driver knows of a surface: how its inputs are made, and how one is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Surface:
    """One place where something from outside comes in."""

    name: str
    draw: Callable[[Random], Any]
    """Makes an input, which `repr` writes and `ast.literal_eval` reads again."""
    check: Callable[[Any], None]
    """Puts it in. Raises Breach where a property does not hold."""
    raw: Callable[[bytes], Any] | None = None
    """Makes an input of a coverage-guided fuzzer's bytes; where it does not, `draw` does."""
    seeds: tuple[bytes, ...] = (b"\x00",)
    """What such a fuzzer begins with."""
