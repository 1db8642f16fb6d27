"""One server, asked by the tasks of one event loop: many callers, few writes.

What is asked in one turn of the loop, or while all connections are busy, shares their writes. A
connection belongs to one such batch at a time, and its replies are read by the batch's own task,
in order: a caller who is cancelled leaves a gap that nobody else steps into.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeAlias, cast

import redis.asyncio
from redis.asyncio.connection import DefaultParser
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import InvalidResponse, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from smsctl.store.command import UNREACHABLE, UNREADABLE, Ask, UnsentError, confirmation, confirmed
from smsctl.store.target import Target

_CONNECTIONS = 4  # each carries a batch; more of them make batches smaller
_BATCH = 256  # asks; a reply for the first should not wait for the thousandth
_SHARE = 32  # asks worth a connection: while the server answers these, the loop serves others
_WAITING = 10_000  # asks; a caller beyond them is told at once

_Waiting: TypeAlias = tuple[Ask, float, "asyncio.Future[list[Any]]"]


class _Wire(NamedTuple):
    """A connection, and what reads from it."""

    connection: Any
    parser: Any


class AsyncLine:
    """A few connections of one loop, shared by all its callers."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._loop = asyncio.get_running_loop()
        self._idle: list[_Wire] = []
        self._closing: asyncio.Task[None] | None = None
        self._waiting: deque[_Waiting] = deque()
        self._carriers: set[asyncio.Task[None]] = set()
        self._called = False

    def exchange(self, asked: Ask, until: float) -> asyncio.Future[list[Any]]:
        """Return what will be the replies, errors among them as values.

        `until` is of the monotonic clock. Raises UnsentError, and what redis-py raises where an
        answer stays away.
        """
        if len(self._waiting) >= _WAITING:
            raise UnsentError(redis.ConnectionError("No connection available."))
        answer: asyncio.Future[list[Any]] = self._loop.create_future()
        self._waiting.append((asked, until, answer))
        if not self._called and len(self._carriers) < _CONNECTIONS:
            self._called = True
            self._loop.call_soon(self._dispatch)
        return answer

    async def close(self) -> None:
        """Give the connections back; who still waits is cancelled."""
        for carrier in self._carriers:
            carrier.cancel()
        for _, _, answer in self._waiting:
            answer.cancel()
        await asyncio.gather(*self._carriers, return_exceptions=True)
        await self._close_idle(nowait=False)

    def retire(self) -> None:
        """Close what is idle; what is in use is closed after its batch. For the line's own loop."""
        if self._closing is None:
            self._closing = self._loop.create_task(self._close_idle())

    def _dispatch(self) -> None:
        self._called = False
        free = _CONNECTIONS - len(self._carriers)
        for _ in range(min(free, -(-len(self._waiting) // _SHARE))):
            self._carriers.add(self._loop.create_task(self._carry()))

    async def _carry(self) -> None:
        try:
            while batch := self._next():
                await self._answer(batch)
        finally:
            # In the same step in which nobody was found waiting: who comes next starts another.
            self._carriers.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _answer(self, batch: Sequence[_Waiting]) -> None:
        try:
            await self._deliver(batch)
        except Exception as fault:  # noqa: BLE001 - every caller is told, and the carrier goes on
            for _, _, answer in batch:
                if not answer.done():
                    answer.set_exception(fault)
        finally:
            for _, _, answer in batch:
                answer.cancel()

    def _next(self) -> list[_Waiting]:
        """Return those who wait; a caller who left before his turn is not asked for."""
        batch: list[_Waiting] = []
        most = min(_BATCH, max(_SHARE, -(-len(self._waiting) // _CONNECTIONS)))
        while self._waiting and len(batch) < most:
            each = self._waiting.popleft()
            if not each[2].done():
                batch.append(each)
        return batch

    async def _deliver(self, batch: Sequence[_Waiting]) -> None:
        until = min(each[1] for each in batch)
        left = until - time.monotonic()
        if left <= 0:
            raise UnsentError(RedisTimeoutError())
        try:
            async with asyncio.timeout(left):
                wire = await self._lend()
                try:
                    await self._converse(wire, batch, left)
                except BaseException:
                    await wire.connection.disconnect(nowait=True)
                    raise
                self._idle.append(wire)
                if self._closing is not None:
                    await self._close_idle()
        except TimeoutError:
            raise RedisTimeoutError from None

    async def _lend(self) -> _Wire:
        while self._idle:
            wire = self._idle.pop()
            if await _at_rest(wire.connection):
                return wire
            await wire.connection.disconnect(nowait=True)
        try:
            return await self._connect()
        except UNREACHABLE as fault:
            raise UnsentError(fault) from None

    async def _connect(self) -> _Wire:
        parser = DefaultParser(socket_read_size=1 << 16)
        retry = Retry(NoBackoff(), 0)
        connection = self._target.connection(redis.asyncio, parser=parser, retry=retry)
        connection.socket_timeout = None  # a batch has its own
        try:
            await connection.connect()
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        return _Wire(connection, parser)

    async def _close_idle(self, *, nowait: bool = True) -> None:
        while self._idle:
            with suppress(RedisError, OSError):
                await self._idle.pop().connection.disconnect(nowait=nowait)

    async def _converse(self, wire: _Wire, batch: Sequence[_Waiting], left: float) -> None:
        asks = [asked for asked, _, _ in batch]
        tail = confirmation(asks, left / 2)
        sent = [*asks, tail] if tail else asks
        await wire.connection.send_packed_command(b"".join([each.packed for each in sent]))
        # The batch has a timeout, and gives the connection up: no answer needs its own of both.
        read = wire.parser.read_response
        try:
            if tail is None:
                for asked, _, answer in batch:
                    told = [await read() for _ in range(asked.count)]
                    if not answer.done():
                        answer.set_result(told)
                return
            replies = [[await read() for _ in range(each.count)] for each in sent]
        except UNREADABLE:
            raise InvalidResponse from None
        for (asked, _, answer), told in zip(batch, replies, strict=False):
            if not answer.done():
                answer.set_result(confirmed(asked, told, replies[-1]))


async def _at_rest(connection: Any) -> bool:
    """Say whether it is open, and nothing came that was not asked for."""
    look = getattr(connection, "can_read", None) or connection.can_read_destructive  # before 8.0
    try:
        return not await look()
    except (RedisError, OSError):
        return False
