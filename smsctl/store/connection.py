"""One question to the server, one answer: over redis-py, blocking or not.

Nothing is asked twice on its own account: redis-py's retries are off, and only NOSCRIPT, which says
that nothing was executed, is followed by a second command.
"""

from __future__ import annotations

import weakref
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeAlias

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from smsctl.core.errors import StoreUnavailable
from smsctl.store.faults import unavailable
from smsctl.store.scripts import Script, script
from smsctl.store.target import Target

Argument: TypeAlias = str | bytes | int
Command: TypeAlias = Sequence[Argument]
Revive: TypeAlias = Callable[[], None]


class Connection(Protocol):
    """What the store needs of a server. Both raise StoreUnavailable."""

    place: str
    """Where the server is, for people."""

    async def call(self, name: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run one script and return its reply."""

    async def read(self, commands: Sequence[Command]) -> list[Any]:
        """Run several reading commands in one round trip and return their replies."""

    async def close(self) -> None:
        """Give the connections back."""


class BlockingConnection:
    """A connection for threads: never suspends. Survives a fork; redis-py's pool sees to that."""

    def __init__(self, target: Target, *, revive: Revive | None = None) -> None:
        """`revive` is called where the server cannot be reached: it may start it."""
        self.place = target.place
        self._revive = revive
        pool = redis.BlockingConnectionPool(
            retry=Retry(NoBackoff(), 0), **target.pool_options(redis)
        )
        self._client = redis.Redis.from_pool(pool)

    async def call(self, name: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        wanted = script(name)
        try:
            try:
                return self._client.execute_command(*_evalsha(wanted, keys, arguments))
            except NoScriptError:
                return self._client.execute_command(*_eval(wanted, keys, arguments))
        except (RedisError, OSError, UnicodeError) as fault:
            told = unavailable(fault, self.place)
        raise self._revived(told)

    async def read(self, commands: Sequence[Command]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        try:
            return pipeline.execute()
        except (RedisError, OSError, UnicodeError) as fault:
            told = unavailable(fault, self.place)
        raise self._revived(told)

    async def close(self) -> None:
        self._client.close()

    def _revived(self, told: StoreUnavailable) -> StoreUnavailable:
        if told.reply_lost and self._revive is not None:
            self._revive()
        return told


class AsyncConnection:
    """A connection for event loops. Each loop has its own pool: redis-py's cannot be shared."""

    def __init__(self, target: Target, *, revive: Revive | None = None) -> None:
        """`revive` is called where the server cannot be reached: it may start it."""
        self.place = target.place
        self._revive = revive
        self._target = target
        self._clients: weakref.WeakKeyDictionary[AbstractEventLoop, redis.asyncio.Redis] = (
            weakref.WeakKeyDictionary()
        )

    async def call(self, name: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        wanted, client = script(name), self._client()
        try:
            try:
                return await client.execute_command(*_evalsha(wanted, keys, arguments))
            except NoScriptError:
                return await client.execute_command(*_eval(wanted, keys, arguments))
        except (RedisError, OSError, UnicodeError) as fault:
            told = unavailable(fault, self.place)
        raise await self._revived(told)

    async def read(self, commands: Sequence[Command]) -> list[Any]:
        pipeline = self._client().pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        try:
            return await pipeline.execute()
        except (RedisError, OSError, UnicodeError) as fault:
            told = unavailable(fault, self.place)
        raise await self._revived(told)

    async def close(self) -> None:
        client = self._clients.pop(get_running_loop(), None)
        if client is not None:
            with suppress(RedisError, OSError):
                await client.aclose()

    def _client(self) -> redis.asyncio.Redis:
        loop = get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            # A pool refers to its loop, so the weak key alone never goes.
            for ended in [each for each in self._clients if each.is_closed()]:
                del self._clients[ended]
            pool = redis.asyncio.BlockingConnectionPool(
                retry=AsyncRetry(NoBackoff(), 0), **self._target.pool_options(redis.asyncio)
            )
            client = self._clients[loop] = redis.asyncio.Redis.from_pool(pool)
        return client

    async def _revived(self, told: StoreUnavailable) -> StoreUnavailable:
        if told.reply_lost and self._revive is not None:
            # A start takes 40 ms, and up to ten seconds: the loop has other work.
            await get_running_loop().run_in_executor(None, self._revive)
        return told


def _evalsha(
    wanted: Script, keys: Sequence[str], arguments: Sequence[Argument]
) -> tuple[Argument, ...]:
    return ("EVALSHA", wanted.sha, len(keys), *keys, *arguments)


def _eval(
    wanted: Script, keys: Sequence[str], arguments: Sequence[Argument]
) -> tuple[Argument, ...]:
    return ("EVAL", wanted.text, len(keys), *keys, *arguments)
