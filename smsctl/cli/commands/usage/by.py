"""`usage --by`: who and what the sends, verifications and refusals of some days come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Cell, Column, Grid, Line, Result
from smsctl.cli.frame.screen import Tone
from smsctl.cli.shares import LOW, joined, percent, remarks, share_document
from smsctl.core.blocking import run_blocking
from smsctl.core.breakdown import By, ByCell, Share, by_cells, overall, worst
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms

_COLUMNS = ("name", "sent", "verified", "conversion", "refused", "refused_error", "phones", "mark")
_SINGLE: Mapping[By, Column] = {
    "hour": Column("Hour"),
    "rule": Column("Rule"),
    "purpose": Column("Purpose"),
    "country": Column("Country"),
    "prefix": Column("Prefix"),
    "ip": Column("Address"),
}
_REST = (
    Column("Sent", right=True),
    Column("Verified", right=True),
    Column("Conversion", right=True),
    Column("Refused", right=True),
)


def usage_by(parts: Parts, by: By, *, days: int, top: int) -> Result:
    """Return the breakdown; `days` are the last, today included."""
    shares, error, total = _shares(parts, by, days)
    average = overall(shares)
    chosen = _ordered(shares, by, top)
    marks = [remarks(share, by, average) for share in chosen]
    return Result(
        schema="usage_by",
        document={
            "by": by,
            "days": days,
            "conversion": average,
            "refused_error": error,
            "refused_total": total,
            "rows": [
                share_document(share, by, low=LOW in mark)
                for share, mark in zip(chosen, marks, strict=True)
            ],
        },
        columns=_COLUMNS,
        rows=[
            _row(share, [str(each) for each in mark])
            for share, mark in zip(chosen, marks, strict=True)
        ],
        blocks=[
            *_table(by, chosen, marks),
            *_notes(
                chosen,
                average,
                error=error,
                count=len(shares),
                low=any(LOW in mark for mark in marks),
            ),
        ],
    )


def _shares(parts: Parts, by: By, days: int) -> tuple[list[Share], int | None, int | None]:
    """Return the shares, and of refusals by caller the error and how many were counted."""
    counted = run_blocking(parts.admin.usage(days))
    if by not in {"prefix", "ip"}:
        return by_cells(counted, cast("ByCell", by)), None, None
    from smsctl.wiring.callers import callers_of  # noqa: PLC0415 - with the parts

    found = callers_of(parts, counted)[by]
    return [*found.shares], found.error, found.total


def _ordered(shares: Sequence[Share], by: By, top: int) -> list[Share]:
    if by == "hour":
        return sorted(shares, key=lambda share: share.name)
    return worst(shares, top)


def _row(share: Share, marks: Sequence[str]) -> Sequence[Cell]:
    counts = (share.sent, share.verified, percent(share), share.refused, share.refused_error)
    return (share.name, *counts, share.phones, ", ".join(marks))


def _table(by: By, shares: Sequence[Share], marks: Sequence[Sequence[Phrase]]) -> Iterator[Block]:
    if not shares:
        yield Line(phrase("Nothing was sent or refused on these days."))
        return
    callers = by in {"prefix", "ip"}
    columns = [_SINGLE[by], *_REST]
    columns += [Column("Phones", right=True)] if callers else []
    rows: list[Sequence[Cell]] = []
    tones: dict[int, Tone] = {}
    for number, (share, mark) in enumerate(zip(shares, marks, strict=True)):
        cells: list[Cell] = [share.name, share.sent, share.verified]
        reached = percent(share)
        cells += ["-" if reached is None else f"{reached:g} %", share.refused]
        cells += [share.phones] if callers else []
        cells.append(joined(mark))
        rows.append(cells)
        if LOW in mark:
            tones[number] = "bad"
    yield Grid([*columns, Column("Note")], rows, tones)


def _notes(
    shares: Sequence[Share], average: float | None, *, error: int | None, count: int, low: bool
) -> Iterator[Block]:
    yield Line("")
    if average is not None:
        yield Folded(phrase("Conversion over all: {percent} %", percent=f"{average:g}"))
    if count > len(shares):
        yield Folded(phrase("Shown: {shown} of {count}", shown=len(shares), count=count))
    if error:
        yield Folded(
            phrase("Refusals are counted within a bound: each may be {error} more", error=error)
        )
    if low:
        yield Folded(
            phrase(
                "Low conversion: of 10 sends or more far fewer were verified than over all, "
                "and not by chance"
            ),
            mark="warn",
        )
