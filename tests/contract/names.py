"""What things are called: the suite speaks the new names, and here is what is still the old one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

RENAMES: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("renames.toml").read_text("utf-8")
)


def today(kind: str, name: str) -> str:
    """Return what the program calls `name` today: the old name until the rename is done."""
    old = (old for old, to in RENAMES[kind].items() if to["new"] == name and not to["done"])
    return next(old, name)
