"""What `reconcile` says: its document, its lines of TSV, its table and what that means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Cell, Column, Grid, Line
from smsctl.cli.frame.screen import Tone
from smsctl.core.drift import Compared, Counted, DriftStatus
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.wiring.reconcile import Reconciled  # redis-py: 75 ms

COLUMNS = (
    "date",
    "verdict",
    "drift",
    "sent",
    "unsure",
    "most",
    "vendor",
    "abroad",
    "delivered",
    "failed",
    "waiting",
    "disputed",
)

_WORDS: Mapping[DriftStatus, Phrase] = {
    "ok": phrase("matches"),
    "more": phrase("more there"),
    "uncounted": phrase("none here"),
    "fewer": phrase("fewer there"),
    "disputed": phrase("told twice"),
    "unreadable": phrase("not told"),
}
_TONES: Mapping[DriftStatus, Tone] = {
    "ok": "plain",
    "more": "bad",
    "uncounted": "bad",
    "fewer": "warn",
    "disputed": "warn",
    "unreadable": "warn",
}

_MEANINGS: Mapping[DriftStatus, tuple[Phrase, Phrase]] = {
    "more": (
        phrase(
            "The vendor counted more than was sent here: somebody else sends with your key, "
            "another system shares the account, or the store lost counts."
        ),
        phrase(
            "look through the vendor's records for signatures, templates and numbers that are not "
            "yours; where there are any, disable the key at once; where there are none, was the "
            "store emptied or restored? smsctl config check looks at its persistence"
        ),
    ),
    "uncounted": (
        phrase(
            "Of days on which the vendor counted messages nothing was counted here: the store was "
            "emptied or restored, it was not in use yet, or somebody else sends with your key."
        ),
        phrase(
            "where smsctl was not in use yet, compare fewer days: --days N; where it was, look "
            "through the vendor's records for what is not yours, and at smsctl config check"
        ),
    ),
    "fewer": (
        phrase("The vendor counted fewer than was sent here: it does not know some of the sends."),
        phrase(
            "does another account's key send? A day's count may also come late: look again in some "
            "hours"
        ),
    ),
    "disputed": (
        phrase("The vendor told several counts of one day; the largest was compared."),
        phrase("look again later; if it stays so, ask the vendor"),
    ),
    "unreadable": (
        phrase("The vendor's answer has no readable count of some days."),
        phrase("look again later; if it stays so, ask the vendor"),
    ),
}


def reconcile_document(found: Reconciled, *, sign: str | None, percent: float) -> Mapping[str, Any]:
    """Return `smsctl.reconcile/1`; days ascend, as the vendor counts them: in China."""
    return {
        "ok": found.ok,
        "sign": sign,
        "threshold_percent": percent,
        "timezone": "Asia/Shanghai",
        "total": _counts(found.total),
        "days": [
            dict(zip(COLUMNS, reconcile_row(each, found), strict=True)) for each in found.days
        ],
    }


def reconcile_row(each: Compared, found: Reconciled) -> Sequence[Cell]:
    """Return the line of TSV of one day."""
    home = found.home.get(each.day) if each.day else None
    abroad = found.abroad.get(each.day) if each.day else None
    told = [count for count in (home, abroad) if count]
    states: list[Cell] = []
    for name in ("delivered", "failed", "waiting"):
        counts = [getattr(count, name) for count in told]
        states.append(None if each.there is None or None in counts else sum(counts))
    counted = _counts(each)
    return (
        each.day and each.day.isoformat(),
        *(counted[name] for name in COLUMNS[1:7]),
        abroad and abroad.total,
        *states,
        each.disputed,
    )


def reconcile_blocks(found: Reconciled) -> Iterator[Block]:
    """Yield the table and, for each way in which the counts do not match, what it means."""
    rows = [*found.days, found.total]
    yield Grid(
        (
            Column("Day"),
            Column("Here", right=True),
            Column("Vendor", right=True),
            Column("Drift", right=True),
            Column("Verdict"),
        ),
        [
            (
                each.day.isoformat() if each.day else phrase("all days"),
                _span(each.here),
                phrase("not known") if each.there is None else each.there,
                f"{each.drift:+d}" if each.drift else "0",
                _WORDS[each.verdict],
            )
            for each in rows
        ],
        tones={number: _TONES[each.verdict] for number, each in enumerate(rows)},
    )
    yield Line("")
    if found.unasked is not None:
        yield Folded(
            phrase("messages to other countries could not be counted: {why}", why=found.unasked),
            mark="warn",
        )
    if found.ok:
        yield Folded(phrase("What was sent here is what the vendor counted."), mark="ok")
    verdicts = {each.verdict for each in rows}
    if any(each.disputed for each in rows):
        verdicts.add("disputed")
    for verdict, (sentence, remedy) in _MEANINGS.items():
        if verdict in verdicts:
            yield Folded(sentence, mark="bad" if _TONES[verdict] == "bad" else "warn")
            yield Folded(remedy, tone="dim", indent=2)


def _counts(each: Compared) -> dict[str, Any]:
    return {
        "verdict": each.verdict,
        "drift": each.drift,
        "sent": each.here.sent,
        "unsure": each.here.unsure,
        "most": each.here.most,
        "vendor": each.there,
    }


def _span(here: Counted) -> str:
    return str(here.sent) if here.most == here.sent else f"{here.sent}-{here.most}"
