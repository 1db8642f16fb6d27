"""Inputs out of random numbers: one maker of inputs serves every driver.

A driver hands in a `Random`: Hypothesis one whose choices it shrinks, a coverage-guided fuzzer one
that reads its bytes, the long run a seeded one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Self

CHARACTERS = (
    "0123456789+-() \t\r\n\x00\x1b%{}[]$&*!|>'\"\\/:;,.@#~`^_=?<"
    "aAzZeE\u200b\u202e\ufeff\u0660\u0967\uff10\uff11\uff18\uff0b\u3000\u4e00\u00b9\u2460"
    "\ufdfa\u0301\ud800\udfff\uffff\U0001d7d8\U0010ffff"
)
"""What breaks readers: signs of every syntax, digits that are none, invisible, halves, joined."""

NUMBERS = (
    *(0, 1, -1, 2, 3, 4, 5, 60, 127, 255, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, -(2**63)),
    *(10**18, 10**30, -(10**18)),
)

_TIMES = (2, 13, 38, 39, 40, 44, 63, 64, 65, 300, 5000, 70_000)


class Bytes(Random):
    """Chances that are read off bytes, and always the first one when they are used up."""

    def __new__(cls, _read: bytes) -> Self:
        return super().__new__(cls)

    def __init__(self, read: bytes) -> None:
        super().__init__()
        self._read = read
        self._at = 0

    def seed(self, a: object = None, version: int = 2) -> None:
        """Need none."""

    def getrandbits(self, k: int, /) -> int:
        size = (k + 7) // 8
        taken = self._read[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "little") & ((1 << k) - 1)

    def random(self) -> float:
        return self.getrandbits(16) / 65536


def likely(chance: Random, odds: int) -> bool:
    """Say yes once in `odds`."""
    return chance.randrange(odds) == 0


def text(chance: Random, seeds: Sequence[str], *, most: int = 70_000) -> str:
    """Return a seed, a seed with slips in it, something else, or very much of something."""
    match chance.randrange(8):
        case 0 | 1:
            return chance.choice(seeds)
        case 2:
            return "".join(chance.choice(CHARACTERS) for _ in range(chance.randrange(12)))
        case 3:
            piece = chance.choice([*seeds, *CHARACTERS])
            times = chance.choice([each for each in _TIMES if each <= most])
            end = chance.choice(["", "!", "x", " "])
            return f"{piece * times}"[:most] + end
        case _:
            return slipped(chance, chance.choice(seeds))


def slipped(chance: Random, written: str) -> str:
    """Return the text with one to four slips in it."""
    for _ in range(1 + chance.randrange(4)):
        at = chance.randrange(len(written) + 1)
        sign = chance.choice(CHARACTERS)
        match chance.randrange(5):
            case 0:
                written = written[:at] + sign + written[at:]
            case 1:
                written = written[:at] + written[at + 1 :]
            case 2:
                written = written[:at] + sign + written[at + 1 :]
            case 3:
                written = written[:at] + written[at : at + 4] * 2 + written[at + 4 :]
            case _:
                written = written[at:] + written[:at]
    return written


def foreign(chance: Random) -> Any:
    """Return what is no text at all, as a JSON body may have it in a text's place."""
    made: Sequence[Callable[[], Any]] = (
        lambda: None,
        lambda: True,
        lambda: chance.choice(NUMBERS),
        lambda: 13712345678.0,
        lambda: ["13712345678"],
        lambda: {"phone": "13712345678"},
        lambda: b"13712345678",
        list,
        dict,
    )
    return chance.choice(made)()


def tree(chance: Random, keys: Sequence[str], leaves: Sequence[Any], depth: int = 4) -> Any:
    """Return a tree as JSON has them: mappings of these keys, lists, these leaves and others."""
    match chance.randrange(9 if depth else 4):
        case 0 | 1:
            return chance.choice(leaves)
        case 2:
            return chance.choice([None, True, False, 0.5, -0.0, float("inf"), "", *NUMBERS])
        case 3:
            return text(chance, [each for each in leaves if isinstance(each, str)], most=300)
        case 4 | 5:
            return [tree(chance, keys, leaves, depth - 1) for _ in range(chance.randrange(4))]
        case _:
            return {
                chance.choice(keys): tree(chance, keys, leaves, depth - 1)
                for _ in range(chance.randrange(5))
            }


def nested(chance: Random, opening: str, closing: str) -> str:
    """Return a text that is nested deeply, closed or not."""
    depth = chance.choice([3, 9, 300, 900, 990, 1100, 5000])
    return opening * depth + closing * (depth if likely(chance, 2) else 0)
