"""The store of the guard: each method is one script call."""

from __future__ import annotations

from smsctl.core.ports import (
    Clear,
    Denied,
    Guess,
    NewCode,
    Repeated,
    Request,
    Reserved,
    Settlement,
    State,
    Taken,
    Verdict,
)
from smsctl.store import replies
from smsctl.store.calls import NOBODY, Scripts
from smsctl.store.layout import pack_code

_TEST, _OUTAGE = "1", "2"
_MOST = 255  # bytes; the vendors' identifiers have 36 or so


class RedisStore:
    """Keeps limits and codes on a Redis or Valkey server, 6.2 or later."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def look(
        self, request: Request, request_id: str | None
    ) -> Clear | Denied | Repeated | Taken:
        owner = _owner(request) if request_id is not None else ""
        asked = request_id or NOBODY
        return replies.look(
            await self._scripts.ask("look", request, pack_code(asked, ""), owner, request_id=asked)
        )

    async def reserve(
        self, request: Request, code: NewCode
    ) -> Reserved | Denied | Repeated | Taken:
        return replies.reserve(
            await self._scripts.ask(
                "reserve",
                request,
                pack_code(code.request_id, code.attempt, code.digest, code.challenge or b""),
                _owner(request) if code.named else "",
                _TEST if request.test else _OUTAGE if request.outage else "",
                request_id=code.request_id if code.named else NOBODY,
            )
        )

    async def settle(self, request: Request, code: NewCode, settlement: Settlement) -> State | None:
        return replies.settled(
            await self._scripts.ask(
                "settle",
                request,
                pack_code(code.request_id, code.attempt),
                settlement.state,
                "1" if settlement.throttled else "",
                _kept(settlement.message_id),
                _kept(settlement.vendor_request_id),
                _kept(settlement.vendor_code),
            )
        )

    async def verify(self, guess: Guess) -> Verdict:
        return replies.verdict(
            await self._scripts.call(
                "verify",
                guess.digest,
                guess.challenge or b"",
                phone=guess.phone,
                purpose=guess.purpose,
            )
        )

    async def tally(self, reason: str) -> None:
        replies.done(await self._scripts.call("refuse", reason))


def _kept(text: str | None) -> bytes:
    """Return what is kept of a vendor's words: as much as a byte can count."""
    return (text or "").encode("utf-8", "replace")[:_MOST]


def _owner(request: Request) -> str:
    return f"{request.phone} {request.purpose}"
