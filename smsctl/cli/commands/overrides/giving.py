"""Giving and taking back overrides: written down as an operator's act, then put into the book.

Two operators may write at once: whoever comes second reads the book anew and tries again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from smsctl.cli.commands.acts import act, author
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Block, Cell, Column, Grid, Line, Result
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import StoreUnavailable
from smsctl.core.overrides import Override, OverrideKind
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms

COLUMNS = ("id", "kind", "what", "since", "until", "reason", "author")

Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="Why, for the audit record; required."),
]
Lasting = Annotated[
    str | None,
    typer.Option("--for", metavar="TIME", help="How long, like 30m, 2h or 7d; this or --until."),
]
LastingAWhile = Annotated[
    str | None, typer.Option("--for", metavar="TIME", help="How long, like 30m, 2h or 7d; 30d.")
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="WHEN", help="Or until midnight, 18:30, or a date and time."),
]

MOST = 10_000
"""Overrides in one book."""

_TRIES = 5
_TITLES = (
    Column("Id"),
    Column("Override"),
    Column("Of"),
    Column("Until"),
    Column("Reason"),
    Column("By"),
)
_KINDS: Mapping[str, Phrase] = {
    "pause": phrase("pause"),
    "raise": phrase("raised fuse"),
    "deny": phrase("denied"),
    "allow": phrase("allowed"),
}


def read_reason(reason: str | None) -> str:
    """Return the reason. Raises UsageError where there is none: it is for the audit record."""
    if reason is None or not reason.strip():
        raise UsageError(
            "an override needs a --reason", hint=phrase("say why, for who comes after")
        )
    return reason


def server_time(parts: Parts) -> float:
    """Return what the store's clock says, in Unix seconds."""
    return run_blocking(parts.overrides.read())[1]


def new_override(parts: Parts, *, reason: str, until: float, **more: Any) -> Override:
    """Return an override of this operator, given now."""
    kept = act("", reason=reason, zone=parts.policy.timezone).reason
    return Override(
        id=secrets.token_hex(4),
        since=server_time(parts),
        until=until,
        reason=kept,
        author=author(),
        **more,
    )


def in_force(parts: Parts, *kinds: OverrideKind) -> Sequence[Override]:
    """Return the overrides in force, of these kinds or of all. Raises StoreUnavailable."""
    book, now = run_blocking(parts.overrides.read())
    return [
        each for each in book.overrides if each.until > now and (not kinds or each.kind in kinds)
    ]


def give(parts: Parts, override: Override, *, what: str, touches: Sequence[str]) -> None:
    """Put an override into force, once it is written down with its end.

    Raises StoreUnavailable; UsageError where the book is full.
    """
    zone = parts.policy.timezone

    def add(overrides: Sequence[Override]) -> Sequence[Override]:
        if len(overrides) >= MOST:
            raise UsageError(phrase("there are {most} overrides already", most=MOST))
        return [*overrides, override]

    add(in_force(parts))
    what = f"{what} --until {datetime.fromtimestamp(override.until, zone):%Y-%m-%dT%H:%M}"
    record = act(what, reason=override.reason, zone=zone, touches=touches)
    run_blocking(parts.admin.record(record))
    _change(parts, add)


def take_back(
    parts: Parts, chosen: Callable[[Override], bool], *, what: str, reason: str
) -> Sequence[Override]:
    """End the chosen overrides, once that is written down; return them."""
    gone = [override for override in in_force(parts) if chosen(override)]
    if gone:
        touches = sorted({each for override in gone for each in touched(override)})
        record = act(what, reason=reason, zone=parts.policy.timezone, touches=touches)
        run_blocking(parts.admin.record(record))
        _change(parts, lambda kept: [override for override in kept if not chosen(override)])
    return gone


def touched(override: Override) -> tuple[str, ...]:
    """Return whom an override is about, as the audit log keeps it."""
    if override.target is not None:
        kind, value = override.target.kind, override.target.value
        return (value if kind == "phone" else f"{kind}:{value}",)
    if override.purpose or override.country:
        purpose = [f"purpose:{override.purpose}"] if override.purpose else []
        return (*purpose, *([f"country:{override.country}"] if override.country else []))
    return ("all",)


def _change(parts: Parts, alter: Callable[[Sequence[Override]], Sequence[Override]]) -> None:
    for _ in range(_TRIES):
        book, now = run_blocking(parts.overrides.read())
        standing = [override for override in book.overrides if override.until > now]
        if run_blocking(parts.overrides.write(alter(standing), before=book.version)):
            return
    raise StoreUnavailable(
        "the operators' overrides changed again and again while they were read",
        hint=phrase("try again"),
    )


# What is shown of overrides


def overrides_result(
    overrides: Sequence[Override], zone: ZoneInfo, *, done: Phrase | None = None, empty: Phrase
) -> Result:
    """Return overrides as a document, as rows and as a table."""
    blocks: list[Block] = [Line(done, mark="ok")] if done else []
    rows = [_row(override, zone) for override in overrides]
    if overrides:
        blocks.append(Grid(_TITLES, [_shown(override, zone) for override in overrides]))
    elif not done:
        blocks.append(Line(empty))
    return Result(
        schema="overrides",
        document={"overrides": [document(override, zone) for override in overrides]},
        columns=COLUMNS,
        rows=rows,
        blocks=blocks,
    )


def document(override: Override, zone: ZoneInfo) -> Mapping[str, Any]:
    """Return an override as documents tell it; a phone is masked."""
    return {
        "id": override.id,
        "kind": override.kind,
        "purpose": override.purpose,
        "country": override.country,
        "rule": override.rule,
        "max": override.max if override.kind == "raise" else None,
        "target": override.target.shown if override.target else None,
        "since": _time(override.since, zone),
        "until": _time(override.until, zone),
        "reason": override.reason,
        "author": override.author,
    }


def about(override: Override) -> str:
    """Return whom or what an override is about, in words of the command line."""
    if override.target is not None:
        return override.target.shown
    if override.rule is not None:
        return f"{override.rule} {override.max}"
    return " ".join(filter(None, [override.purpose, override.country])) or "all"


def _row(override: Override, zone: ZoneInfo) -> Sequence[Cell]:
    times = (_time(override.since, zone), _time(override.until, zone))
    return (override.id, override.kind, about(override), *times, override.reason, override.author)


def _shown(override: Override, zone: ZoneInfo) -> Sequence[Cell]:
    """Return what people see: few enough columns for 80, and the end to the minute."""
    end = f"{datetime.fromtimestamp(override.until, zone):%Y-%m-%d %H:%M}"
    return (
        override.id,
        _KINDS[override.kind],
        about(override),
        end,
        override.reason,
        override.author,
    )


def _time(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
