"""Work beside the decisions of one process: asked for by one, done in a thread of its own.

The decision goes on at once. What fails is logged, and is asked for again by another decision or by
another process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable

_HOUR = 3600.0  # s

_log = logging.getLogger("smsctl.background")


class Background:
    """Does its work in a daemon thread, again as long as it was asked for meanwhile.

    With `blocking` who closes it waits and `close` never suspends; without, the running event loop
    goes on meanwhile.
    """

    def __init__(self, name: str, work: Callable[[], object], *, blocking: bool) -> None:
        """`name` is the thread's, and says in the log what failed."""
        self._name = name
        self._work = work
        self._blocking = blocking
        self._begin()

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = os.getpid()
        self._asked = False

    def ask(self) -> None:
        """Have the work done; return at once. Where there is no thread left, another call asks."""
        if self._pid != os.getpid():
            self._begin()  # in a forked child the lock may be held by a thread that is not there
        with self._lock:
            self._asked = True
            if self._thread is None:
                thread = threading.Thread(
                    target=self._run, name=f"smsctl-{self._name}", daemon=True
                )
                with contextlib.suppress(RuntimeError):
                    thread.start()
                    self._thread = thread

    def do(self) -> None:
        """Do the work in this very thread."""
        try:
            self._work()
        except Exception as fault:  # noqa: BLE001 - it is beside what the caller is about
            _log.warning("%s: %s", self._name, type(fault).__name__)

    async def close(self, seconds: float) -> None:
        """Wait until what was asked for is done, at most so long."""
        thread = self._thread
        if thread is None or self._pid != os.getpid():
            return
        if self._blocking:
            thread.join(seconds)
        else:
            await asyncio.to_thread(thread.join, seconds)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._asked:
                    self._thread = None
                    return
                self._asked = False
            self.do()


class Hourly:
    """Has work done when it is first reminded, and at most once an hour after that."""

    def __init__(
        self, background: Background, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` gives seconds."""
        self._background = background
        self._clock = clock
        self._due = clock()

    def begin(self) -> None:
        """Do the work for the first time, in this very thread."""
        self._due = self._clock() + _HOUR
        self._background.do()

    def remind(self) -> None:
        """Have the work done where it is due; return at once."""
        now = self._clock()
        if now >= self._due:
            self._due = now + _HOUR
            self._background.ask()
