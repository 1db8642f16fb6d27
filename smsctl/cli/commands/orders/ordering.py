"""Giving and taking back orders: written down as an operator's act, then put into the book.

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
from smsctl.core.orders import Order, OrderKind
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
"""Orders in one book."""

_TRIES = 5
_TITLES = (
    Column("Id"),
    Column("Order"),
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
        raise UsageError("an order needs a --reason", hint=phrase("say why, for who comes after"))
    return reason


def server_time(parts: Parts) -> float:
    """Return what the store's clock says, in Unix seconds."""
    return run_blocking(parts.orders.read())[1]


def new_order(parts: Parts, *, reason: str, until: float, **more: Any) -> Order:
    """Return an order of this operator, given now."""
    kept = act("", reason=reason, zone=parts.policy.timezone).reason
    return Order(
        id=secrets.token_hex(4),
        since=server_time(parts),
        until=until,
        reason=kept,
        author=author(),
        **more,
    )


def in_force(parts: Parts, *kinds: OrderKind) -> Sequence[Order]:
    """Return the orders of these kinds, else all, that have not ended. Raises StoreUnavailable."""
    book, now = run_blocking(parts.orders.read())
    return [each for each in book.orders if each.until > now and (not kinds or each.kind in kinds)]


def give(parts: Parts, order: Order, *, what: str, touches: Sequence[str]) -> None:
    """Put an order into force, once it is written down with its end.

    Raises StoreUnavailable; UsageError where the book is full.
    """
    zone = parts.policy.timezone

    def add(orders: Sequence[Order]) -> Sequence[Order]:
        if len(orders) >= MOST:
            raise UsageError(phrase("there are {most} orders already", most=MOST))
        return [*orders, order]

    add(in_force(parts))
    what = f"{what} --until {datetime.fromtimestamp(order.until, zone):%Y-%m-%dT%H:%M}"
    record = act(what, reason=order.reason, zone=zone, touches=touches)
    run_blocking(parts.admin.record(record))
    _change(parts, add)


def take_back(
    parts: Parts, chosen: Callable[[Order], bool], *, what: str, reason: str
) -> Sequence[Order]:
    """End the chosen orders, once that is written down; return them."""
    gone = [order for order in in_force(parts) if chosen(order)]
    if gone:
        touches = sorted({each for order in gone for each in touched(order)})
        record = act(what, reason=reason, zone=parts.policy.timezone, touches=touches)
        run_blocking(parts.admin.record(record))
        _change(parts, lambda kept: [order for order in kept if not chosen(order)])
    return gone


def touched(order: Order) -> tuple[str, ...]:
    """Return whom an order is about, as the audit log keeps it."""
    if order.target is not None:
        kind, value = order.target.kind, order.target.value
        return (value if kind == "phone" else f"{kind}:{value}",)
    if order.purpose or order.country:
        purpose = [f"purpose:{order.purpose}"] if order.purpose else []
        return (*purpose, *([f"country:{order.country}"] if order.country else []))
    return ("all",)


def _change(parts: Parts, alter: Callable[[Sequence[Order]], Sequence[Order]]) -> None:
    for _ in range(_TRIES):
        book, now = run_blocking(parts.orders.read())
        standing = [order for order in book.orders if order.until > now]
        if run_blocking(parts.orders.write(alter(standing), before=book.version)):
            return
    raise StoreUnavailable(
        "the operators' orders changed again and again while they were read",
        hint=phrase("try again"),
    )


# What is shown of orders


def orders_result(
    orders: Sequence[Order], zone: ZoneInfo, *, done: Phrase | None = None, empty: Phrase
) -> Result:
    """Return orders as a document, as rows and as a table."""
    blocks: list[Block] = [Line(done, mark="ok")] if done else []
    rows = [_row(order, zone) for order in orders]
    if orders:
        blocks.append(Grid(_TITLES, [_shown(order, zone) for order in orders]))
    elif not done:
        blocks.append(Line(empty))
    return Result(
        schema="orders",
        document={"orders": [document(order, zone) for order in orders]},
        columns=COLUMNS,
        rows=rows,
        blocks=blocks,
    )


def document(order: Order, zone: ZoneInfo) -> Mapping[str, Any]:
    """Return an order as documents tell it; a phone is masked."""
    return {
        "id": order.id,
        "kind": order.kind,
        "purpose": order.purpose,
        "country": order.country,
        "rule": order.rule,
        "max": order.max if order.kind == "raise" else None,
        "target": order.target.shown if order.target else None,
        "since": _time(order.since, zone),
        "until": _time(order.until, zone),
        "reason": order.reason,
        "author": order.author,
    }


def about(order: Order) -> str:
    """Return whom or what an order is about, in words of the command line."""
    if order.target is not None:
        return order.target.shown
    if order.rule is not None:
        return f"{order.rule} {order.max}"
    return " ".join(filter(None, [order.purpose, order.country])) or "all"


def _row(order: Order, zone: ZoneInfo) -> Sequence[Cell]:
    times = (_time(order.since, zone), _time(order.until, zone))
    return (order.id, order.kind, about(order), *times, order.reason, order.author)


def _shown(order: Order, zone: ZoneInfo) -> Sequence[Cell]:
    """Return what people see: few enough columns for 80, and the end to the minute."""
    end = f"{datetime.fromtimestamp(order.until, zone):%Y-%m-%d %H:%M}"
    return (order.id, _KINDS[order.kind], about(order), end, order.reason, order.author)


def _time(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
