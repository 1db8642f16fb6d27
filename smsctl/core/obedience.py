"""How one guard obeys the operators' orders: by its own copy, renewed when the store says so.

A judgement that is no longer the store's is turned away by it, and nothing was done; then the book
is read and the request judged again. While no orders change this costs no round trip.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

from smsctl.core.answers import Refused
from smsctl.core.decision import Tick
from smsctl.core.errors import StoreUnavailable
from smsctl.core.orders import UNRULED, OrderBook, Orders, Ruling
from smsctl.core.outcomes import Errand
from smsctl.core.phrase import phrase
from smsctl.core.ports import Outdated, Request, Store

_RULINGS = 5  # how often orders are read for one request before it is given up

Answer = TypeVar("Answer")
Rest = ParamSpec("Rest")


class Obedience:
    """The orders as one guard knows them."""

    def __init__(self, store: Store, book: OrderBook | None, tick: Tick) -> None:
        self._store = store
        self._book = book
        self._tick = tick
        self._orders = Orders()
        self._ahead = 0.0  # how far the store's clock is ahead of `tick`, once orders were read

    def ruling(self, errand: Errand, name: str) -> Ruling:
        """Return what the orders, as they are known here, mean for a request."""
        if not self._orders.version:
            return UNRULED
        return self._orders.ruling(
            phone=errand.phone,
            name=name,
            address=errand.address,
            purpose=errand.purpose,
            now=self._now(),
        )

    def _now(self) -> float:
        """Return what time the store has, by what it said last."""
        return self._tick() + self._ahead

    async def admitted(self, errand: Errand, request: Request) -> Request | Refused:
        """Return the request, as it was judged by the orders in force, where none stops it."""
        for _ in range(_RULINGS):
            ruling = request.ruling
            if ruling.refused is None:
                return request
            wait = None if ruling.ends is None else max(0.0, ruling.ends - self._now())
            outdated = await self._store.turn_away(request, ruling.refused, retry_after=wait or 0.0)
            if outdated is None:
                return errand.refused(ruling.refused, retry_after=wait)
            request = await self._judged_anew(errand, request)
        raise _restless()

    async def current(
        self,
        errand: Errand,
        request: Request,
        ask: Callable[Concatenate[Request, Rest], Awaitable[Answer | Outdated]],
        *rest: Rest.args,
        **more: Rest.kwargs,
    ) -> tuple[Request, Answer | Refused]:
        """Ask the store by the orders in force; a refusal where one of them stops the request."""
        for _ in range(_RULINGS):
            answer = await ask(request, *rest, **more)
            if not isinstance(answer, Outdated):
                return request, answer
            request = await self._judged_anew(errand, request)
            admitted = request if request.test else await self.admitted(errand, request)
            if not isinstance(admitted, Request):
                return request, admitted
            request = admitted
        raise _restless()

    async def _judged_anew(self, errand: Errand, request: Request) -> Request:
        if self._book is None:
            raise _restless()
        self._orders, server = await self._book.read()
        self._ahead = server - self._tick()
        return replace(request, ruling=self.ruling(errand, request.phone))


def _restless() -> StoreUnavailable:
    return StoreUnavailable(
        "the operators' orders changed again and again while they were read",
        hint=phrase("try again"),
    )
