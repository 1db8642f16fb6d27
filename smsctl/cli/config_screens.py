"""What `config check` looks like on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from smsctl.cli.help import wrap
from smsctl.cli.result import Block, Line, Mark
from smsctl.cli.screen import Screen
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.wiring.check.item import Item  # behind it, redis-py: 75 ms

_MARKS: dict[str, Mark] = {"ok": "ok", "warn": "warn", "error": "bad"}
_INDENT = 2
_NARROW = 24  # columns of text; below it a terminal is no place to read


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Items about one part of the configuration, folded to the terminal's width."""

    items: Sequence[Item]

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield each item, and below it what to do about it."""
        for item in self.items:
            yield from self._item(screen, item)

    def _item(self, screen: Screen, item: Item) -> Iterator[str]:
        width = max(_NARROW, screen.width - 2 * _INDENT)
        head = screen.literal(item.check)
        mark = screen.mark(_MARKS[item.level])
        first, *rest = wrap(f"{head}: {screen.say(item.message)}", width)
        name, told = first[: len(head)], first[len(head) :]
        yield f"{mark}{screen.paint(name, 'strong')}{told}"
        yield from (f"{' ' * 2 * _INDENT}{line}" for line in rest)
        for line in wrap(screen.say(item.hint), width) if item.hint else ():
            yield f"{' ' * 2 * _INDENT}{screen.paint(line, 'accent')}"


def check_blocks(items: Sequence[Item]) -> Iterator[Block]:
    """Yield the items in groups, and how many errors and warnings there are."""
    for _, group in groupby(items, key=_part):
        yield ItemGroup([*group])
        yield Line("")
    yield _total(items)


def _part(item: Item) -> str:
    """Return what an item is about: the store, a promise, or what was written."""
    part = item.check.partition(".")[0]
    return part if part in {"store", "promise"} else ""


def _total(items: Sequence[Item]) -> Block:
    errors = sum(item.level == "error" for item in items)
    warnings = sum(item.level == "warn" for item in items)
    if errors and warnings:
        both = phrase("{errors}, {warnings}", errors=_errors(errors), warnings=_warnings(warnings))
        return Line(both, mark="bad")
    if errors:
        return Line(_errors(errors), mark="bad")
    if warnings:
        return Line(_warnings(warnings), mark="warn")
    return Line("nothing is wrong", mark="ok")


def _errors(count: int) -> Phrase:
    return phrase("1 error") if count == 1 else phrase("{count} errors", count=count)


def _warnings(count: int) -> Phrase:
    return phrase("1 warning") if count == 1 else phrase("{count} warnings", count=count)
