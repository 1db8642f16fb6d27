"""The operators' orders: one document, and its version apart, which every decision compares."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec

from smsctl.core.orders import Order, Orders
from smsctl.store import replies
from smsctl.store.calls import Scripts
from smsctl.store.format import BOOK_GENERATION, NEWEST

_LIFE = 400 * 86_400_000  # ms since the last order; as long as the audit log says who gave it
_VERSION = 8  # bytes
_GENERATION = bytes([BOOK_GENERATION])


class RedisOrderBook:
    """Keeps the orders on the server, beside the limits that they bend."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def read(self) -> tuple[Orders, float]:
        text, time = await self._scripts.connection.read(
            [("GET", self._scripts.keys.orders), ("TIME",)]
        )
        now = self._scripts.moment(replies.seconds(time))
        if text is None:
            return Orders(), now
        generation, packed = text[_VERSION : _VERSION + 1], text[_VERSION + 1 :]
        if generation != _GENERATION:
            raise replies.newer() if generation <= bytes([NEWEST]) else replies.unreadable()
        try:
            orders = msgspec.msgpack.decode(packed, type=list[Order])
        except (msgspec.MsgspecError, UnicodeError, TypeError):
            raise replies.unreadable() from None
        return Orders(text[:_VERSION], tuple(orders)), now

    async def write(self, orders: Sequence[Order], *, before: bytes) -> bool:
        # A version does not begin with a zero: that is how the scripts are told of none.
        version = bytes([1 + secrets.randbelow(255)]) + secrets.token_bytes(_VERSION - 1)
        keys = self._scripts.keys
        reply = await self._scripts.connection.call(
            "order",
            [keys.version, keys.orders],
            [before, version, version + _GENERATION + msgspec.msgpack.encode(list(orders)), _LIFE],
        )
        return replies.written(reply)
