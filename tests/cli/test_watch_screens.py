"""The frames of `watch`, line by line: at three sizes, in both languages, on poor terminals."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from smsctl.cli.commands.watch.reader import Reader, Snapshot
from smsctl.cli.commands.watch.screens import frame_lines
from smsctl.cli.frame.clipped import clip, padded
from smsctl.cli.frame.screen import Screen
from smsctl.cli.frame.terminal import Color, Terminal
from smsctl.cli.frame.words import Language, Words, cells
from smsctl.core.blocking import run_blocking
from smsctl.core.policy import Policy
from smsctl.core.rules import Rule, Window
from tests.cli.watching import TODAY, Told, busy, denied, pause, used
from tests.core.happenings import NOON, admitted, settled, turned_away

FRAMES = Path(__file__).parent / "watch_frames"
SIZES = [(40, 24), (80, 24), (120, 40)]


def screen(
    columns: int, language: Language = "en", *, color: Color = "never", encoding: str = "utf-8"
) -> Screen:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    terminal = Terminal(io.StringIO(), stream, stream, {"COLUMNS": str(columns)})
    return Screen(terminal, stream, Words(language), color)


def seen(told: Told) -> Snapshot:
    return run_blocking(Reader(told.sources(), Policy()).look())


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("columns", "height"), SIZES)
def test_a_frame_looks_as_it_was_drawn_once(columns: int, height: int, language: Language) -> None:
    """A busy hour, whole: what changes here is seen by whoever reviews it."""
    lines = frame_lines(screen(columns, language), seen(busy()), height)
    drawn = "".join(f"{line}\n" for line in lines)
    assert drawn == (FRAMES / f"{columns}x{height}-{language}.txt").read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk"])
@pytest.mark.parametrize(("columns", "height"), [(20, 10), *SIZES])
def test_a_frame_fits_its_terminal(
    columns: int, height: int, language: Language, encoding: str
) -> None:
    """No line is wider and none is too many, whatever the terminal can show."""
    language = "en" if encoding == "ascii" else language
    on = screen(columns, language, encoding=encoding)
    snapshot = seen(busy())
    for shown in (snapshot, replace(snapshot, silent_since=NOON, now=NOON + 5)):
        lines = [on.legible(line) for line in frame_lines(on, shown, height)]
        assert len(lines) <= height
        if columns >= 40:
            assert max(map(cells, lines)) <= columns


def test_colours_change_no_character() -> None:
    """Painted and plain are the same words."""
    snapshot = seen(busy())
    painted = "\n".join(frame_lines(screen(80, color="always"), snapshot, 40))
    for tone in ("0", "1", "2", "31", "32", "33"):
        assert f"\x1b[{tone}m" in painted
        painted = painted.replace(f"\x1b[{tone}m", "")
    assert painted == "\n".join(frame_lines(screen(80), snapshot, 40))


def test_a_quiet_store_says_so() -> None:
    """Nothing sent, nobody refused, no order, no alert: words for it, no empty table."""
    assert frame_lines(screen(80), seen(Told(levels=[used("fuse", 0)])), 24)[2:] == [
        "fuse [                                                        ] 0 of 5,000 (0 %)",
        "",
        "A minute     Last  Mean of 5",
        "Sends           0        0.0",
        "Refusals        0        0.0",
        "Verified        0        0.0",
        "Wrong codes     0        0.0",
        "",
        "Refused in the last 5 minutes: nobody",
        "Verified of the codes sent in the last hour: none was sent",
        "The gateway was not asked in the last 5 minutes",
        "",
        "Newest",
        "nothing yet",
    ]


def test_a_silent_store_is_told_at_the_top() -> None:
    """Since when, in the configured zone; the clock goes on."""
    silent = replace(seen(busy()), silent_since=NOON, now=NOON + 5)
    lines = frame_lines(screen(80), silent, 24)
    assert lines[0].startswith("smsctl watch  2026-11-23 12:00:05 ")
    assert lines[1] == "✗ the store does not answer since 12:00:00"


def test_a_full_fuse_and_a_missing_one_are_told() -> None:
    """The worst that can be said of a fuse."""
    full = frame_lines(screen(80), seen(Told(levels=[used("fuse", 5000)])), 24)
    assert "  ! it is full: nothing more is sent" in full
    none = frame_lines(screen(80), seen(Told()), 24)
    assert "! There is no fuse: nothing bounds the messages of a day." in none


def test_fuses_stand_below_each_other() -> None:
    """Bars of one length: a glance tells which is fuller."""
    month = Rule(name="monthly", per="all", max=10_000, window=Window.read("month"))
    policy = Policy(rules=(*Policy().rules, month))
    told = Told(levels=[used("fuse", 50), used("monthly", 5000)])
    snapshot = run_blocking(Reader(told.sources(), policy).look())
    assert frame_lines(screen(61), snapshot, 24)[2:4] == [
        "fuse    [▎                           ] 50 of 5,000 (1 %)",
        "monthly [██████████████              ] 5,000 of 10,000 (50 %)",
    ]


def test_the_present_pace_is_told_before_the_windows() -> None:
    """Thirty in five minutes, 100 left: a quarter of an hour and a bit."""
    events = [admitted(NOON - 60, f"r{number}") for number in range(30)]
    told = Told(events_of={TODAY: [*events]}, levels=[used("fuse", 4900)])
    lines = frame_lines(screen(80), seen(told), 24)
    assert "  ! at the pace of the last 5 minutes it trips at 12:16" in lines


def test_overrides_that_do_not_fit_are_counted() -> None:
    """Three are listed where there is room, none where there is little."""
    overrides = [pause(), *(denied(f"+8617{digit}") for digit in range(9))]
    snapshot = seen(Told(overrides=overrides, levels=[used("fuse", 1)]))
    assert "! more overrides in force: 7" in frame_lines(screen(80), snapshot, 40)
    assert "! overrides in force: 10" in frame_lines(screen(80), snapshot, 16)


def test_refusals_that_nobody_remembers_are_not_hidden() -> None:
    """Where a flood was there before the first look, the count is a lower bound."""
    told = Told(turned_away=[turned_away(NOON - 1, NOON, 7)], complete_since=NOON - 1)
    lines = frame_lines(screen(80), seen(told), 24)
    assert "Refused in the last 5 minutes, at least: phone-minute 7" in lines


def test_markup_and_controls_from_outside_are_text() -> None:
    """A vendor's code and an operator's reason cannot steer the terminal."""
    evil = "\x1b[2J[red]\n"
    told = Told(
        events_of={TODAY: [admitted(NOON, "a"), settled(NOON, "a", "rejected", vendor_code=evil)]},
        turned_away=[turned_away(NOON, NOON, 1, rule=evil)],
        overrides=[pause(reason=evil)],
    )
    drawn = "".join(frame_lines(screen(120), seen(told), 40))
    assert drawn.count(r"\x1b[2J[red]\n") == 4
    assert "\x1b" not in drawn


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("refused", 7, "refused"),
        ("refused", 6, "refus~"),
        ("已拦截", 6, "已拦截"),
        ("已拦截", 5, "已拦~"),
        ("已拦截", 4, "已~"),
        ("已", 1, "~"),
        ("a", 0, ""),
    ],
)
def test_a_cut_counts_columns(text: str, width: int, cut: str) -> None:
    """No half of a Chinese character, and a mark where something is missing."""
    assert clip(text, width) == cut


def test_padding_counts_columns() -> None:
    """Two for a Chinese character."""
    assert padded("已a", 5) == "已a  "
