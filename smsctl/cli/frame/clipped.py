"""Text cut at a width in columns, for screens that are drawn anew before anybody misses the rest.

Elsewhere nothing is cut: `grid.py` and `folded.py` fold.
"""

from __future__ import annotations

from smsctl.cli.frame.words import cells

_CUT = "~"  # in every encoding, and one column in every one


def clip(text: str, width: int) -> str:
    """Return the text, or as much as fits with a mark where it was cut."""
    if cells(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        used += cells(char)
        if used > width - 1:
            break
        kept += char
    return f"{kept}{_CUT}" if width > 0 else ""


def padded(text: str, width: int) -> str:
    """Return the text with as many spaces behind it as it takes to be so many columns wide."""
    return text + " " * (width - cells(text))
