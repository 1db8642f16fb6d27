"""What `limits show` and `limits reset` look like on a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smsctl.cli.commands.limits.subjects import Row, Subjects
from smsctl.cli.frame.result import Block, Cell, Column, Grid, Heading, Line
from smsctl.cli.frame.screen import Tone
from smsctl.cli.frame.words import Span
from smsctl.core.admin import LiveCode, Standing
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.policy import CodePolicy

_UNKNOWN = "-"

_LEVELS = (
    Column("Rule"),
    Column("Per"),
    Column("Window"),
    Column("Used", right=True),
    Column("Max", right=True),
    Column("Left", right=True),
    Column("Next send in"),
)
_CODES = (Column("Purpose"), Column("Expires in"), Column("Tries left", right=True))
_CLEARED = (Column("Rule"), Column("Per"), Column("Used", right=True))


def standing_blocks(
    subjects: Subjects, rows: Sequence[Row], standing: Standing, code: CodePolicy
) -> Iterator[Block]:
    """Yield the rules, and for a phone its live codes and wrong tries."""
    named = [str(each) for each in (subjects.phone, subjects.ip, subjects.purpose) if each]
    if named:
        yield Heading(phrase("Limits of {subjects}", subjects=", ".join(named)), first=True)
    else:
        yield Heading("Limits", first=True)
    tones: dict[int, Tone] = {
        number: _tone(row) for number, row in enumerate(rows) if _tone(row) != "plain"
    }
    yield Grid(_LEVELS, [_level(row) for row in rows], tones)
    if subjects.phone is None:
        return
    yield from code_blocks(standing.codes)
    yield Line("")
    locked = standing.wrong >= code.wrong_max
    yield Line(
        phrase("Wrong tries: {used} of {most}", used=standing.wrong, most=code.wrong_max),
        mark="warn" if locked else "none",
        tone="warn" if locked else "plain",
    )


def cleared_blocks(
    rows: Sequence[Row], codes: Sequence[LiveCode] | None, wrong: int | None
) -> Iterator[Block]:
    """Yield what a reset clears; None for codes and wrong tries that it leaves alone."""
    yield Grid(_CLEARED, [(row.rule.name, row.rule.per, row.used) for row in rows])
    if codes is not None:
        yield from code_blocks(codes)
    if wrong is not None:
        yield Line("")
        yield Line(phrase("Wrong tries: {used}", used=wrong))


def code_blocks(codes: Sequence[LiveCode]) -> Iterator[Block]:
    """Yield the live codes of a phone: how long, and how many tries; never the code."""
    yield Heading("Live codes")
    if codes:
        yield Grid(
            _CODES, [(each.purpose, _wait(each.expires_in), each.tries_left) for each in codes]
        )
    else:
        yield Line("none", tone="dim")


def _level(row: Row) -> Sequence[Cell]:
    rule = row.rule
    observed = rule.mode == "observe"
    told = (
        (_UNKNOWN, rule.max, _UNKNOWN, _UNKNOWN)
        if row.used is None
        else (row.used, rule.max, row.remaining, _next(row.retry_after or 0.0))
    )
    return (
        phrase("{rule} (observes only)", rule=rule.name) if observed else rule.name,
        f"{rule.per} {row.subject}" if row.subject else rule.per,
        rule.window.text,
        *told,
    )


def _tone(row: Row) -> Tone:
    if row.used is None:
        return "dim"
    return "warn" if row.remaining == 0 else "plain"


def _next(wait: float) -> Phrase:
    return _wait(wait) if wait > 0 else phrase("now")


def _wait(seconds: float) -> Phrase:
    return phrase("{wait}", wait=Span(seconds))
