"""The store of the guard: each method is one script call."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from smsctl.core.edges import Edges, edges
from smsctl.core.policy import Policy
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
from smsctl.core.rules import Track
from smsctl.core.tracks import request_tracks
from smsctl.store import replies
from smsctl.store.command import Argument
from smsctl.store.connection import Connection
from smsctl.store.layout import Keys, pack_policy, pack_tracks

Clock = Callable[[], float]
"""Seconds since the epoch."""


class Scripts:
    """Calls scripts under one prefix, policy and secret, with what all of them begin with."""

    def __init__(
        self,
        connection: Connection,
        *,
        policy: Policy,
        prefix: str,
        fingerprint: bytes,
        clock: Clock | None = None,
    ) -> None:
        """Without `clock` the server's own is used, as production must."""
        self.connection = connection
        self.policy = policy
        self.keys = Keys(prefix)
        self._fingerprint = fingerprint
        self._clock = clock

    def edges(self) -> Edges:
        """Return the calendar boundaries around now."""
        return edges((self._clock or time.time)(), self.policy.timezone)

    def date(self, server: int) -> str:
        """Return the day that it is now, from the seconds that the server answers to TIME."""
        now = self._clock() if self._clock is not None else server
        return datetime.fromtimestamp(now, UTC).astimezone(self.policy.timezone).date().isoformat()

    async def call(
        self,
        name: str,
        *arguments: Argument,
        phone: str = "-",
        purpose: str = "-",
        request: str = "-",
        tracks: Sequence[tuple[Track, str]] = (),
    ) -> Any:
        """Run one script and return its reply; a `-` stands for an absent subject."""
        around = self.edges()
        keys = self.keys.script(
            around.dates, phone=phone, purpose=purpose, request=request, tracked=tracks
        )
        now = "" if self._clock is None else round(self._clock() * 1000)
        counted = [track for track, _ in tracks]
        packed = pack_policy(self.policy, around, counted), pack_tracks(counted)
        return await self.connection.call(name, keys, [now, *packed, self._fingerprint, *arguments])


class RedisStore:
    """Keeps limits and codes on a Redis or Valkey server, 6.2 or later."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def look(
        self, request: Request, request_id: str | None
    ) -> Clear | Denied | Repeated | Taken:
        named = request_id is not None
        return replies.look(await self._ask("look", request, request_id or "", "", named=named))

    async def reserve(
        self, request: Request, code: NewCode
    ) -> Reserved | Denied | Repeated | Taken:
        return replies.reserve(
            await self._ask(
                "reserve",
                request,
                code.request_id,
                code.attempt,
                code.digest,
                code.challenge or b"",
                "1" if request.test else "",
                "1" if request.outage else "",
                named=code.named,
            )
        )

    async def settle(self, request: Request, code: NewCode, settlement: Settlement) -> State | None:
        return replies.settled(
            await self._call(
                "settle",
                request,
                code.request_id,
                code.attempt,
                settlement.state,
                "1" if settlement.throttled else "",
                settlement.message_id or "",
                settlement.vendor_request_id or "",
                settlement.vendor_code or "",
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

    async def _ask(
        self,
        name: str,
        request: Request,
        request_id: str,
        attempt: str,
        *arguments: Argument,
        named: bool,
    ) -> Any:
        """Call a script that begins as `parts/request.lua` says."""
        owner = f"{request.phone} {request.purpose}"
        asked = (request_id, attempt, "1" if named else "", owner)
        return await self._call(
            name, request, *asked, *arguments, request_id=request_id if named else "-"
        )

    async def _call(
        self, name: str, request: Request, *arguments: Argument, request_id: str = "-"
    ) -> Any:
        return await self._scripts.call(
            name,
            *arguments,
            phone=request.phone,
            purpose=request.purpose,
            request=request_id,
            tracks=request_tracks(self._scripts.policy, request),
        )
