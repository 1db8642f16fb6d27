"""`usage --by`: who and what the sends, verifications and refusals of some days come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Cell, Column, Grid, Line, Result
from smsctl.cli.frame.screen import Tone
from smsctl.core.blocking import run_blocking
from smsctl.core.breakdown import By, Share, by_callers, by_cells, converts_badly, worst
from smsctl.core.carriers import KINDS, NETWORKS, carrier_of
from smsctl.core.history import Offenders
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms

_COLUMNS = ("name", "sent", "verified", "conversion", "refused", "refused_error", "phones", "mark")
_SINGLE: Mapping[By, Column] = {
    "hour": Column("Hour"),
    "rule": Column("Rule"),
    "purpose": Column("Purpose"),
    "country": Column("Country"),
    "segment": Column("Segment"),
    "ip": Column("Address"),
}
_REST = (
    Column("Sent", right=True),
    Column("Verified", right=True),
    Column("Conversion", right=True),
    Column("Refused", right=True),
)
_LOW = phrase("low conversion")


def usage_by(parts: Parts, by: By, *, days: int, top: int) -> Result:
    """Return the breakdown; `days` are the last, today included."""
    shares, error, total = _shares(parts, by, days)
    overall = _overall(shares)
    chosen = _ordered(shares, by, top)
    marks = [_mark(share, by, overall) for share in chosen]
    return Result(
        schema="usage_by",
        document={
            "by": by,
            "days": days,
            "conversion": overall,
            "refused_error": error,
            "refused_total": total,
            "rows": [
                _document(share, by, low=_LOW in mark)
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
                overall,
                error=error,
                count=len(shares),
                low=any(_LOW in mark for mark in marks),
            ),
        ],
    )


def _shares(parts: Parts, by: By, days: int) -> tuple[list[Share], int | None, int | None]:
    """Return the shares, and of refusals by caller the error and how many were counted."""
    if by not in {"segment", "ip"}:
        told: Any = by
        return by_cells(run_blocking(parts.admin.usage(days)), told), None, None
    from smsctl.wiring.why import events_since  # noqa: PLC0415 - with the parts

    _, now = run_blocking(parts.orders.read())
    dates = [day.date for day in run_blocking(parts.admin.usage(days))]
    first = datetime.fromisoformat(dates[0]).replace(tzinfo=parts.policy.timezone)
    events = events_since(parts, since=first.timestamp(), now=now)
    who: Any = by
    found: list[Offenders] = [run_blocking(parts.history.offenders(date))[who] for date in dates]
    error, total = (sum(getattr(each, name) for each in found) for name in ("error", "total"))
    return by_callers(events, found, who), error, total


def _overall(shares: Sequence[Share]) -> float | None:
    sent = sum(share.sent for share in shares)
    verified = sum(share.verified for share in shares)
    return round(verified * 100 / sent, 1) if sent else None


def _ordered(shares: Sequence[Share], by: By, top: int) -> list[Share]:
    if by == "hour":
        return sorted(shares, key=lambda share: share.name)
    return worst(shares, top)


def _mark(share: Share, by: By, overall: float | None) -> list[Phrase]:
    marks = [_LOW] if converts_badly(share, overall) else []
    carrier = carrier_of(share.name) if by == "segment" else None
    if carrier is not None:
        if carrier.conspicuous:
            marks.append(KINDS[carrier.kind])
        if carrier.network is not None:
            marks.append(NETWORKS[carrier.network])
    return marks


def _document(share: Share, by: By, *, low: bool) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        by: share.name,
        "sent": share.sent,
        "verified": share.verified,
        "conversion": _percent(share),
        "refused": share.refused,
        "low_conversion": low,
    }
    if by in {"segment", "ip"}:
        told["phones"] = share.phones
    if by == "segment":
        carrier = carrier_of(share.name)
        told["network"] = carrier and carrier.network
        told["kind"] = carrier and carrier.kind
    return told


def _percent(share: Share) -> float | None:
    return None if share.conversion is None else round(share.conversion, 1)


def _row(share: Share, marks: Sequence[str]) -> Sequence[Cell]:
    counts = (share.sent, share.verified, _percent(share), share.refused, share.refused_error)
    return (share.name, *counts, share.phones, ", ".join(marks))


def _table(by: By, shares: Sequence[Share], marks: Sequence[Sequence[Phrase]]) -> Iterator[Block]:
    if not shares:
        yield Line(phrase("Nothing was sent or refused on these days."))
        return
    callers = by in {"segment", "ip"}
    columns = [_SINGLE[by], *_REST]
    columns += [Column("Phones", right=True)] if callers else []
    rows: list[Sequence[Cell]] = []
    tones: dict[int, Tone] = {}
    for number, (share, mark) in enumerate(zip(shares, marks, strict=True)):
        cells: list[Cell] = [share.name, share.sent, share.verified]
        percent = _percent(share)
        cells += ["-" if percent is None else f"{percent:g} %", share.refused]
        cells += [share.phones] if callers else []
        cells.append(_joined(mark))
        rows.append(cells)
        if _LOW in mark:
            tones[number] = "bad"
    yield Grid([*columns, Column("Note")], rows, tones)


def _notes(
    shares: Sequence[Share], overall: float | None, *, error: int | None, count: int, low: bool
) -> Iterator[Block]:
    yield Line("")
    if overall is not None:
        yield Folded(phrase("Conversion over all: {percent} %", percent=f"{overall:g}"))
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


def _joined(marks: Sequence[Phrase]) -> Phrase | str:
    if len(marks) < 2:  # noqa: PLR2004 - two or more are joined
        return marks[0] if marks else ""
    first, second, *rest = marks
    joined = phrase("{first}, {second}", first=first, second=second)
    return _joined([joined, *rest]) if rest else joined
