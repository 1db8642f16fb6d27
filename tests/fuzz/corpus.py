"""Inputs that are kept: what once broke something, and what is worth a look each time.

A file is one input as `repr` writes it; its folder is the surface's name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("corpus")


def kept(surface: str) -> Iterator[tuple[str, Any]]:
    """Yield the name and the input of every file that is kept for a surface."""
    for file in sorted(FOLDER.joinpath(surface).glob("*.txt")):
        yield file.stem, ast.literal_eval(file.read_text(encoding="ascii"))


def keep(surface: str, name: str, drawn: Any) -> Path:
    """Keep an input, and return its file."""
    file = FOLDER / surface / f"{name}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{drawn!a}\n", encoding="ascii")
    return file
