"""One thing that `config check` looked at, and what it found. Never holds a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smsctl.core.phrase import NOTHING, Phrase

Level = Literal["ok", "warn", "error"]


@dataclass(frozen=True, slots=True)
class Item:
    """A finding: an `error` must be mended before a backend relies on this configuration."""

    level: Level
    check: str
    """What was looked at: a key of the configuration, or `store.…` for the server itself."""
    message: Phrase
    hint: Phrase = NOTHING


def ok(check: str, message: Phrase) -> Item:
    """Return that nothing is wrong there."""
    return Item("ok", check, message)


def warn(check: str, message: Phrase, hint: Phrase) -> Item:
    """Return what works, and may not be what was meant."""
    return Item("warn", check, message, hint)


def error(check: str, message: Phrase, hint: Phrase = NOTHING) -> Item:
    """Return what does not work, or breaks a promise."""
    return Item("error", check, message, hint)
