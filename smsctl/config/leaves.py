"""A leaf of the configuration: how one written value is read, and how it may be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias

from smsctl.config.environment import expand
from smsctl.core.phrase import NOTHING, Phrase

Node: TypeAlias = "str | list[Node] | dict[str, Node] | None"
"""A part of the file: every scalar is a text, None a value left blank."""

Reader: TypeAlias = Callable[[str], Any]
"""Returns the value that a text says, or raises Wrong."""

MOST_TOLD = 20
"""Problems of one kind in one place: beyond them it is some other program's file."""

HIDDEN = "********"


class Wrong(Exception):
    """A text that cannot be read. Never repeats the text: it may be a secret in the wrong place."""

    def __init__(self, message: Phrase, hint: Phrase = NOTHING) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint


def shown(text: str) -> str:
    """Return the text as it is: nothing of it is secret."""
    return text


def hidden(text: str) -> str:
    """Return that there is something, or nothing."""
    return HIDDEN if text else ""


def no_secret(_written: str) -> bool:
    """Say that the leaf never holds a secret."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One value that an operator may write."""

    read: Reader
    default: str | None
    """As it would be written; None where it must be written."""
    show: Callable[[str], str] = shown
    """Masks what is secret in a text."""
    secret: Callable[[str], bool] = no_secret
    """Whether a text, its references to the environment left out, holds a secret."""
    references: bool = True
    """Whether `${NAME}` is a reference to the environment; in a template it is the vendor's."""
    many: bool = False
    """Whether the file may have a list of it; its reader gets it with commas between."""
    partial: bool = False
    """Whether it is worth reading without a variable: a URL that lacks its password."""


def leaf(
    default: str,
    read: Reader,
    *,
    show: Callable[[str], str] = shown,
    secret: Callable[[str], bool] = no_secret,
    many: bool = False,
    partial: bool = False,
) -> Any:
    """Return a dataclass field that is this leaf; what hides something stays out of the repr."""
    made = Leaf(read=read, default=default, show=show, secret=secret, many=many, partial=partial)
    return field(
        default=read(expand(default, {}).text), metadata={"leaf": made}, repr=show is shown
    )


def section(kind: type) -> Any:
    """Return a dataclass field that is a whole section, by default with its defaults."""
    return field(default_factory=kind, metadata={"section": kind})


def leaves(kind: type) -> Mapping[str, Leaf]:
    """Return the leaves of a section by their keys."""
    return {each.name: each.metadata["leaf"] for each in fields(kind) if "leaf" in each.metadata}


def sections(kind: type) -> Mapping[str, type]:
    """Return the sections within a section by their keys."""
    return {
        each.name: each.metadata["section"] for each in fields(kind) if "section" in each.metadata
    }
