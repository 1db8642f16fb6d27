"""The operators' overrides: one document, and its version apart, which every decision compares."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec

from smsctl.core.overrides import Override, Overrides
from smsctl.store import replies
from smsctl.store.calls import Scripts
from smsctl.store.format import BOOK_GENERATION, NEWEST

_LIFE = 400 * 86_400_000  # ms since the last override; as long as the audit log says who gave it
_VERSION = 8  # bytes
_GENERATION = bytes([BOOK_GENERATION])


class RedisOverrideBook:
    """Keeps the overrides on the server, beside the limits that they bend."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def read(self) -> tuple[Overrides, float]:
        text, time = await self._scripts.connection.read(
            [("GET", self._scripts.keys.overrides), ("TIME",)]
        )
        now = self._scripts.moment(replies.seconds(time))
        if text is None:
            return Overrides(), now
        generation, packed = text[_VERSION : _VERSION + 1], text[_VERSION + 1 :]
        if generation != _GENERATION:
            newer = _GENERATION < generation <= bytes([NEWEST])
            raise replies.newer() if newer else replies.unreadable()
        try:
            overrides = msgspec.msgpack.decode(packed, type=list[Override])
        except (msgspec.MsgspecError, UnicodeError, TypeError):
            raise replies.unreadable() from None
        return Overrides(text[:_VERSION], tuple(overrides)), now

    async def write(self, overrides: Sequence[Override], *, before: bytes) -> bool:
        # A version does not begin with a zero: that is how the scripts are told of none.
        version = bytes([1 + secrets.randbelow(255)]) + secrets.token_bytes(_VERSION - 1)
        keys = self._scripts.keys
        reply = await self._scripts.connection.call(
            "override",
            [keys.version, keys.overrides],
            [
                before,
                version,
                version + _GENERATION + msgspec.msgpack.encode(list(overrides)),
                _LIFE,
            ],
        )
        return replies.written(reply)
