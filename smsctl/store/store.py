"""The store of the guard: each method is one script call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from smsctl.core.alerts import OUTAGE_EDGE, flood_edge, gateway_edge
from smsctl.core.ports import (
    Clear,
    Guess,
    LimitExceeded,
    NewCode,
    Outdated,
    Repeated,
    Request,
    Reserved,
    Settlement,
    State,
    Taken,
    VerifyResult,
)
from smsctl.store import replies
from smsctl.store.calls import NOBODY, Scripts
from smsctl.store.layout import BLAMES, pack_code, pack_who

_TEST, _OUTAGE = "1", "2"

Answer = TypeVar("Answer")


def _nobody() -> None:
    """Tell nobody."""


_MOST = 255  # bytes; the vendors' identifiers have 36 or so


class RedisStore:
    """Keeps limits and codes on a Redis or Valkey server, 6.2 or later."""

    def __init__(self, scripts: Scripts, *, alarm: Callable[[], object] = _nobody) -> None:
        """`alarm` is called when a decision has raised an alert; it returns at once."""
        self._scripts = scripts
        self._alarm = alarm

    async def look(
        self, request: Request, request_id: str | None
    ) -> Clear | LimitExceeded | Repeated | Taken | Outdated:
        owner = _owner(request) if request_id is not None else ""
        asked = request_id or NOBODY
        return replies.look(
            await self._scripts.ask(
                "look", request, pack_who(request), pack_code(asked, ""), owner, request_id=asked
            )
        )

    async def reserve(
        self, request: Request, code: NewCode
    ) -> Reserved | LimitExceeded | Repeated | Taken | Outdated:
        answer, raised = replies.reserve(
            await self._scripts.ask(
                "reserve",
                request,
                pack_who(request),
                pack_code(code.request_id, code.attempt, code.digest, code.challenge or b""),
                _owner(request) if code.named else "",
                _TEST if request.test else _OUTAGE if request.outage else "",
                OUTAGE_EDGE if request.outage else "",
                request_id=code.request_id if code.named else NOBODY,
            )
        )
        return self._told(answer, raised=raised)

    async def settle(self, request: Request, code: NewCode, settlement: Settlement) -> State | None:
        code_told = settlement.vendor_code
        alarming = code_told is not None and code_told in self._scripts.policy.alarming
        state, raised = replies.settled(
            await self._scripts.ask(
                "settle",
                request,
                pack_code(code.request_id, code.attempt),
                settlement.state,
                BLAMES.index(settlement.blame),
                _kept(settlement.message_id),
                _kept(settlement.vendor_request_id),
                _kept(code_told),
                gateway_edge(code_told or "") if alarming else "",
                flood_edge(code_told or "rejected"),
            )
        )
        return self._told(state, raised=raised)

    async def verify(self, guess: Guess) -> VerifyResult:
        return replies.verdict(
            await self._scripts.call(
                "verify",
                pack_who(guess),
                guess.digest,
                guess.challenge or b"",
                phone=guess.phone,
                purpose=guess.purpose,
                country=guess.country,
            )
        )

    async def turn_away(
        self, request: Request, reason: str, *, retry_after: float = 0.0, outage: bool = False
    ) -> Outdated | None:
        answer, raised = replies.turned_away(
            await self._scripts.ask(
                "refuse",
                request,
                pack_who(request),
                reason,
                round(retry_after * 1000),
                OUTAGE_EDGE if outage else "",
            )
        )
        return self._told(answer, raised=raised)

    def _told(self, answer: Answer, *, raised: bool) -> Answer:
        if raised:
            self._alarm()
        return answer


def _kept(text: str | None) -> bytes:
    """Return what is kept of a vendor's words: as much as a byte can count."""
    return (text or "").encode("utf-8", "replace")[:_MOST]


def _owner(request: Request) -> str:
    return f"{request.phone} {request.purpose}"
