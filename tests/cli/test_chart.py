"""Bars: what is drawn for a part of a whole."""

from __future__ import annotations

import pytest

from smsctl.cli.frame.chart import bar


@pytest.mark.parametrize(
    ("part", "blocks", "plain"),
    [
        (0, "", ""),
        (1, "▏", "#"),
        (250, "██▌", "##"),
        (500, "█████", "#####"),
        (999, "█████████▉", "#########"),
        (1000, "██████████", "##########"),
        (1200, "██████████", "##########"),
    ],
)
def test_a_bar_is_exact_to_an_eighth_and_never_lies_at_the_ends(
    part: int, blocks: str, plain: str
) -> None:
    """One send shows, and one that is left shows too; only a full fuse fills every column."""
    assert bar(part, 1000, width=10, blocks=True) == blocks
    assert bar(part, 1000, width=10, blocks=False) == plain


@pytest.mark.parametrize(("part", "whole", "width"), [(5, 0, 10), (5, 10, 0), (-1, 10, 10)])
def test_what_cannot_be_drawn_is_nothing(part: int, whole: int, width: int) -> None:
    """A fuse of nothing or a terminal without room is an empty bar, not an error."""
    assert not bar(part, whole, width=width, blocks=True)


def test_one_column_is_enough_for_a_trace() -> None:
    """The narrowest bar still tells something from nothing."""
    assert bar(1, 1000, width=1, blocks=False) == "#"
    assert bar(1, 1000, width=1, blocks=True) == "▏"
