"""What `lint` found, as a JSON object and as rows for pipes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from smsctl.cli.frame.result import Cell
from smsctl.core.phrase import Phrase
from smsctl.vendors.aliyun_review import Finding

COLUMNS = ("kind", "purpose", "level", "id", "message", "source", "spans", "rewrite")

Say = Callable[[Phrase], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """One text with what was found in it."""

    kind: Literal["template", "sign"]
    purpose: str | None
    """Whose text it is; None where it was given on the command line, or is a signature."""
    text: str
    findings: Sequence[Finding]
    rewrite: str | None
    """The text after every rewrite; None where nothing can be rewritten."""
    message: str | None
    """As a phone shows it; None for a signature whose purpose has no text."""
    segments: int | None
    price: Decimal | None
    """CNY a message."""

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings are none."""
        return all(each.level != "error" for each in self.findings)


def document(linted: Linted, say: Say) -> dict[str, object]:
    """Return the JSON object of one text."""
    return {
        "ok": linted.ok,
        "kind": linted.kind,
        "purpose": linted.purpose,
        "text": linted.text,
        "findings": [
            {
                "id": each.id,
                "level": each.level,
                "message": say(each.message),
                "source": each.source,
                "spans": [list(span) for span in each.spans],
                "rewrite": each.rewrite,
            }
            for each in linted.findings
        ],
        "rewrite": linted.rewrite,
        "message": linted.message,
        "segments": linted.segments,
        "price": None if linted.price is None else float(linted.price),
    }


def rows(linted: Linted, say: Say) -> Iterator[Sequence[Cell]]:
    """Yield a row for each finding; spans as `0-1,4-5`, the end left out of each."""
    for each in linted.findings:
        spans = ",".join(f"{start}-{end}" for start, end in each.spans)
        yield (
            *(linted.kind, linted.purpose, each.level, each.id, say(each.message), each.source),
            *(spans, each.rewrite),
        )
