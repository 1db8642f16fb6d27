"""What a store may reply, through the pure decoders of replies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from smsctl.core.ports import VerifyResult
from smsctl.store import replies
from tests.fuzz.chance import NUMBERS, likely
from tests.fuzz.oracle import Breach, tried
from tests.fuzz.surface import Surface

_LEVEL = [1, b"phone-minute", 1, 41_000]
LAWFUL: Mapping[str, Sequence[Any]] = {
    "look": [[3], [4], [0, b"fuse", 2, 60_000]],
    "reserve": [[1, 300_000, 60_000], [0, b"phone-minute", 1, 57_200], [4]],
    "settled": [[1, b"sent"], [1, b"rejected"], [0]],
    "verdict": [[1], [2, 2], [3], [4], [5, 1000]],
    "standing": [[1, 0, _LEVEL, [281_000, 3]], [1, 3, [], []]],
    "done": [[1]],
}
_REPEATED = [2, b"sent", 281_000, 57_000, b"m", b"r", b""]
_ODD: Sequence[Any] = (
    *(True, False, None, 1.0, float("nan"), float("inf"), "text", b"", b"sent", b"\xff\xfe", b"1"),
    *([], [1], [[]], {}, {b"a": 1}, b"x" * 5000, b"\xe5\x8d\x8a\xe5", *NUMBERS),
)
_DECODE: Mapping[str, Callable[[Any], object]] = {
    "look": replies.look,
    "reserve": replies.reserve,
    "settled": replies.settled,
    "verdict": replies.verdict,
    "standing": lambda reply: replies.standing(reply, subjects=["someone"], purpose="login"),
    "done": replies.done,
}


def surface() -> Surface:
    """Return the decoders."""
    return Surface("redis-replies", _draw, _check)


def _draw(chance: Random) -> tuple[str, Any]:
    name = chance.choice(tuple(_DECODE))
    return name, reply(chance, name)


def reply(chance: Random, name: str) -> Any:
    """Return a reply to the script of this decoder: lawful, with slips, of another, of nobody."""
    lawful = [*LAWFUL[name], [-1, 1_795_406_400_000], [-2]]
    if name in {"look", "reserve"}:
        lawful.append(_REPEATED)
    match chance.randrange(8):
        case 0:
            return chance.choice(lawful)
        case 1:
            return chance.choice(_ODD)
        case 2:
            return [chance.choice(_ODD) for _ in range(chance.randrange(8))]
        case _:
            return _spoilt(chance, chance.choice(lawful))


def _spoilt(chance: Random, lawful: Any) -> Any:
    spoilt = list(lawful)
    for _ in range(1 + chance.randrange(2)):
        at = chance.randrange(len(spoilt) + 1)
        inner = [each for each in spoilt if isinstance(each, list)]
        if inner and likely(chance, 2):
            place = spoilt.index(chance.choice(inner))
            spoilt[place] = _spoilt(chance, spoilt[place])
        elif at == len(spoilt):
            spoilt.append(chance.choice(_ODD))
        elif likely(chance, 4):
            del spoilt[at]
        else:
            spoilt[at] = chance.choice(_ODD)
    return spoilt


def _check(drawn: tuple[str, Any]) -> None:
    name, told = drawn
    given = tried(lambda: _DECODE[name](told))
    if not isinstance(given, Exception) and not _ours(told):
        raise Breach("wrong", f"{name} read what no script of ours can have written")
    match given:
        case VerifyResult(result="verified") if told != [1]:
            raise Breach("wrong", "verified without the store's word")
        case _:
            pass


def _ours(told: Any) -> bool:
    """Say whether it is made of what a Lua script can answer: integers, bytes, lists."""
    if type(told) is list:
        return all(_ours(each) for each in told)
    return type(told) in {int, bytes}
