"""How one guard obeys the operators' overrides: by its own copy, renewed when the store says so.

A judgement that is no longer the store's is turned away by it, and nothing was done; then the book
is read and the request judged again. While no overrides change this costs no round trip.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

from smsctl.core.answers import Refused
from smsctl.core.decision import Tick
from smsctl.core.errors import StoreUnavailable
from smsctl.core.outcomes import SendContext
from smsctl.core.overrides import NO_OVERRIDES, OverrideBook, OverrideEffect, Overrides
from smsctl.core.phrase import phrase
from smsctl.core.ports import Outdated, Request, Store

_ROUNDS = 5  # how often overrides are read for one request before it is given up

Answer = TypeVar("Answer")
Rest = ParamSpec("Rest")


class OverrideEnforcer:
    """The overrides as one guard knows them."""

    def __init__(self, store: Store, book: OverrideBook | None, tick: Tick) -> None:
        self._store = store
        self._book = book
        self._tick = tick
        self._overrides = Overrides()
        self._ahead = 0.0  # how far the store's clock is ahead of `tick`, once overrides were read

    def effect(self, context: SendContext, name: str) -> OverrideEffect:
        """Return what the overrides, as they are known here, mean for a request."""
        if not self._overrides.version:
            return NO_OVERRIDES
        return self._overrides.effect(
            phone=context.phone,
            name=name,
            address=context.address,
            purpose=context.purpose,
            now=self._now(),
        )

    def _now(self) -> float:
        """Return what time the store has, by what it said last."""
        return self._tick() + self._ahead

    async def admitted(self, context: SendContext, request: Request) -> Request | Refused:
        """Return the request, as it was judged by the overrides in force, where none stops it."""
        for _ in range(_ROUNDS):
            effect = request.effect
            if effect.refused is None:
                return request
            wait = None if effect.ends is None else max(0.0, effect.ends - self._now())
            outdated = await self._store.turn_away(request, effect.refused, retry_after=wait or 0.0)
            if outdated is None:
                return context.refused(effect.refused, retry_after=wait)
            request = await self._judged_anew(context, request)
        raise _restless()

    async def current(
        self,
        context: SendContext,
        request: Request,
        ask: Callable[Concatenate[Request, Rest], Awaitable[Answer | Outdated]],
        *rest: Rest.args,
        **more: Rest.kwargs,
    ) -> tuple[Request, Answer | Refused]:
        """Ask the store by the overrides in force; a refusal if one stops the request."""
        for _ in range(_ROUNDS):
            answer = await ask(request, *rest, **more)
            if not isinstance(answer, Outdated):
                return request, answer
            request = await self._judged_anew(context, request)
            admitted = request if request.test else await self.admitted(context, request)
            if not isinstance(admitted, Request):
                return request, admitted
            request = admitted
        raise _restless()

    async def _judged_anew(self, context: SendContext, request: Request) -> Request:
        if self._book is None:
            raise _restless()
        self._overrides, server = await self._book.read()
        self._ahead = server - self._tick()
        return replace(request, effect=self.effect(context, request.phone))


def _restless() -> StoreUnavailable:
    return StoreUnavailable(
        "the operators' overrides changed again and again while they were read",
        hint=phrase("try again"),
    )
