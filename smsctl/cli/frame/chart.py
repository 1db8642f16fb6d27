"""Bars in text: a part of a whole, drawn to an eighth of a column.

Pure. Whether the terminal can show blocks is the caller's to know.
"""

from __future__ import annotations

_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_FULL = "█"
_PLAIN = "#"


def bar(part: float, whole: float, *, width: int, blocks: bool) -> str:
    """Return a bar of at most `width` columns for `part` of `whole`.

    What is more than nothing shows at least a trace, and only the whole fills every column: neither
    a first send nor a last free one is rounded away. Without `blocks` the bar is ASCII.
    """
    steps = 8 if blocks else 1
    most = width * steps
    if part <= 0 or whole <= 0 or most <= 0:
        return ""
    drawn = most if part >= whole else min(most - 1, max(1, int(part * most / whole)))
    drawn = max(1, drawn)
    if not blocks:
        return _PLAIN * drawn
    full, rest = divmod(drawn, steps)
    return _FULL * full + _EIGHTHS[rest]
