"""What `config check` looks like on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Line, Mark
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.wiring.check.item import Item  # behind it, redis-py: 75 ms

_MARKS: dict[str, Mark] = {"ok": "ok", "warn": "warn", "error": "bad"}
_INDENT = 4


def check_blocks(items: Sequence[Item]) -> Iterator[Block]:
    """Yield the items in groups, and how many errors and warnings there are."""
    for _, group in groupby(items, key=_part):
        for item in group:
            yield Folded(item.message, mark=_MARKS[item.level], name=item.check)
            if item.hint:
                yield Folded(item.hint, tone="accent", indent=_INDENT)
        yield Line("")
    levels = [item.level for item in items]
    yield tally(levels.count("error"), levels.count("warn"))


def item_documents(
    items: Sequence[Item], say: Callable[[Phrase], str]
) -> list[dict[str, str | None]]:
    """Return the items as JSON has them."""
    return [
        {
            "level": item.level,
            "check": item.check,
            "message": say(item.message),
            "hint": say(item.hint) or None,
        }
        for item in items
    ]


def tally(errors: int, warnings: int) -> Block:
    """Return the line that says how many errors and warnings there are."""
    if errors and warnings:
        both = phrase("{errors}, {warnings}", errors=_errors(errors), warnings=_warnings(warnings))
        return Line(both, mark="bad")
    if errors:
        return Line(_errors(errors), mark="bad")
    if warnings:
        return Line(_warnings(warnings), mark="warn")
    return Line("nothing is wrong", mark="ok")


def _part(item: Item) -> str:
    """Return what an item is about: the store, a promise, the vendors, or what was written."""
    part = item.check.partition(".")[0]
    return part if part in {"store", "promise", "online"} else ""


def _errors(count: int) -> Phrase:
    return phrase("1 error") if count == 1 else phrase("{count} errors", count=count)


def _warnings(count: int) -> Phrase:
    return phrase("1 warning") if count == 1 else phrase("{count} warnings", count=count)
