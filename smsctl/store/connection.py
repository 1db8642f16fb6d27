"""One question to the store, one answer: over redis-py, blocking or not."""

from __future__ import annotations

import asyncio
import os
import weakref
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from smsctl.core.blocking import run_blocking
from smsctl.store.async_line import AsyncLine
from smsctl.store.blocking_line import BlockingLine
from smsctl.store.command import Argument, Ask, Command
from smsctl.store.primary import PrimaryConnection, Revive
from smsctl.store.target import Site, Target


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


class BlockingConnection(PrimaryConnection):
    """A connection for threads: never suspends."""

    def __init__(self, site: Site, *, strict: bool = False, revive: Revive | None = None) -> None:
        super().__init__(site, strict=strict, revive=revive)
        self._lines: dict[Target, BlockingLine] = {}
        self._owner = os.getpid()

    async def close(self) -> None:
        self._breaker.close()
        for line in self._lines.values():
            line.close()

    async def _exchange(self, target: Target, asked: Ask, until: float) -> list[Any]:
        if self._owner != os.getpid():
            self._lines, self._owner = {}, os.getpid()  # a fork's connections are its parent's
        line = self._lines.get(target) or self._lines.setdefault(target, BlockingLine(target))
        return line.exchange(asked, until)

    async def _apart(self, call: Callable[[], None]) -> None:
        call()

    def _probe(self) -> None:
        run_blocking(BlockingConnection(self._site).probe())


class AsyncConnection(PrimaryConnection):
    """A connection for event loops. Each loop has its own: redis-py's cannot be shared."""

    def __init__(self, site: Site, *, strict: bool = False, revive: Revive | None = None) -> None:
        super().__init__(site, strict=strict, revive=revive)
        self._loops: weakref.WeakKeyDictionary[AbstractEventLoop, dict[Target, AsyncLine]] = (
            weakref.WeakKeyDictionary()
        )

    async def close(self) -> None:
        self._breaker.close()
        for line in self._loops.pop(asyncio.get_running_loop(), {}).values():
            await line.close()

    def _exchange(self, target: Target, asked: Ask, until: float) -> Awaitable[list[Any]]:
        lines = self._loops.get(asyncio.get_running_loop())
        if lines is None:
            lines = self._begin()
        line = lines.get(target)
        if line is None:
            line = lines[target] = AsyncLine(target)
        return line.exchange(asked, until)

    def _begin(self) -> dict[Target, AsyncLine]:
        # A line refers to its loop, so the weak key alone never goes.
        for ended in [each for each in self._loops if each.is_closed()]:
            del self._loops[ended]
        return self._loops.setdefault(asyncio.get_running_loop(), {})

    async def _apart(self, call: Callable[[], None]) -> None:
        # The start of a server takes 40 ms, and up to ten seconds: the loop has other work.
        await asyncio.get_running_loop().run_in_executor(None, call)

    def _probe(self) -> None:
        run_blocking(BlockingConnection(self._site).probe())
