"""A page's output beside the real one: alike but for what no two runs have in common."""

from __future__ import annotations

import re

_VOLATILE = re.compile(
    r"(?P<id>\b[0-9a-f]{32}\b)"
    r"|(?P<date>\b\d{4}-\d\d-\d\d\b)"
    r"|(?P<time>\b\d\d:\d\d:\d\d\b)"
    r"|(?P<code>(?<!\d)\d{6}(?!\d))"
    r"|(?P<wait>\b\d+ (?:s|min)\b)"
)
_ELLIPSIS = "…\n"


def alike(shown: str, real: str) -> dict[str, str] | None:
    """Return the real one for each volatile value of a page; None where the outputs differ.

    A line `…` stands for any number of lines.
    """
    values: list[str] = []
    matched = re.fullmatch("".join(_pattern(line, values) for line in _lines(shown)), real)
    return dict(zip(values, matched.groups(), strict=True)) if matched else None


def _lines(shown: str) -> list[str]:
    return shown.splitlines(keepends=True)


def _pattern(line: str, values: list[str]) -> str:
    if line == _ELLIPSIS:
        return r"(?:.*\n)*?"
    pattern, end = "", 0
    for found in _VOLATILE.finditer(line):
        kind = str(found.lastgroup)
        values.append(found[0])
        pattern += re.escape(line[end : found.start()]) + f"({_KINDS[kind]})"
        end = found.end()
    return pattern + re.escape(line[end:])


_KINDS = {
    "id": "[0-9a-f]{32}",
    "date": r"\d{4}-\d\d-\d\d",
    "time": r"\d\d:\d\d:\d\d",
    "code": r"\d{6}",
    "wait": r"\d+ (?:s|min)",
}
