"""One question to the store, one answer: over redis-py, blocking or not."""

from __future__ import annotations

import asyncio
import os
import time
import weakref
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from threading import Lock
from typing import Any, Protocol, Self

from smsctl.core.blocking import run_blocking
from smsctl.store.async_line import AsyncLine
from smsctl.store.blocking_line import BlockingLine
from smsctl.store.command import Argument, Ask, Command
from smsctl.store.primary import PrimaryConnection, Revive
from smsctl.store.renewal import Renewal
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
        self.lines: dict[Target, BlockingLine] = {}
        self._owner = os.getpid()

    async def close(self) -> None:
        self._breaker.close()
        for line in self.lines.values():
            line.close()

    async def _exchange(self, target: Target, asked: Ask, until: float) -> list[Any]:
        if self._owner != os.getpid():
            # A child of a fork: the connections are its parent's, and so is who connects anew.
            self.lines, self._renewal, self._owner = {}, Renewal(), os.getpid()
        line = self.lines.get(target) or self.lines.setdefault(target, BlockingLine(target))
        return line.exchange(asked, until)

    def adopt(self, fresh: Self | None = None) -> None:
        former = self.lines
        self.lines, self._primary = {}, None
        if fresh is not None:
            self.lines, fresh.lines = fresh.lines, {}
        for line in former.values():
            line.close()

    def _leave(self, target: Target) -> None:
        line = self.lines.pop(target, None)
        if line is not None:
            line.close()

    async def _settled(self, attempt: Future[bool], until: float) -> bool:
        wait([attempt], max(0, until - time.monotonic()))
        return not attempt.done() or attempt.result()

    async def _apart(self, call: Callable[[], None]) -> None:
        call()

    def _probe(self) -> None:
        run_blocking(BlockingConnection(self._site).probe())


class AsyncConnection(PrimaryConnection):
    """A connection for event loops. Each loop has its own: redis-py's cannot be shared."""

    def __init__(self, site: Site, *, strict: bool = False, revive: Revive | None = None) -> None:
        super().__init__(site, strict=strict, revive=revive)
        self.loops: weakref.WeakKeyDictionary[AbstractEventLoop, dict[Target, AsyncLine]] = (
            weakref.WeakKeyDictionary()
        )
        self._lock = Lock()  # loops come and go in threads of their own

    async def close(self) -> None:
        self._breaker.close()
        with self._lock:
            lines = self.loops.pop(asyncio.get_running_loop(), {})
        for line in lines.values():
            await line.close()

    def _exchange(self, target: Target, asked: Ask, until: float) -> Awaitable[list[Any]]:
        lines = self.loops.get(asyncio.get_running_loop())
        if lines is None:
            lines = self._begin()
        line = lines.get(target)
        if line is None:
            line = lines[target] = AsyncLine(target)
        return line.exchange(asked, until)

    def _begin(self) -> dict[Target, AsyncLine]:
        # A line refers to its loop, so the weak key alone never goes.
        with self._lock:
            for ended in [each for each in self.loops if each.is_closed()]:
                del self.loops[ended]
            return self.loops.setdefault(asyncio.get_running_loop(), {})

    def adopt(self, fresh: Self | None = None) -> None:
        with self._lock:
            former = list(self.loops.items())
            self.loops.clear()
            self._primary = None
            if fresh is not None:
                self.loops.update(fresh.loops)
                fresh.loops.clear()
        for loop, lines in former:
            for line in lines.values():
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(line.retire)

    def _leave(self, target: Target) -> None:
        line = self.loops.get(asyncio.get_running_loop(), {}).pop(target, None)
        if line is not None:
            line.retire()

    async def _settled(self, attempt: Future[bool], until: float) -> bool:
        await asyncio.wait([asyncio.wrap_future(attempt)], timeout=until - time.monotonic())
        return not attempt.done() or attempt.result()

    async def _apart(self, call: Callable[[], None]) -> None:
        # The start of a server takes 40 ms, and up to ten seconds: the loop has other work.
        await asyncio.get_running_loop().run_in_executor(None, call)

    def _probe(self) -> None:
        run_blocking(BlockingConnection(self._site).probe())
