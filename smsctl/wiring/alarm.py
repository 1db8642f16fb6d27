"""The alarm of one process: rung by a decision, it delivers in a thread of its own.

The decision goes on at once. What fails stays in the outbox for `smsctl alert run`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable

_log = logging.getLogger("smsctl.alerts")


class Alarm:
    """Calls `deliver` in a daemon thread as often as it was rung meanwhile.

    With `blocking` who closes it waits and `close` never suspends; without, the running event loop
    goes on meanwhile.
    """

    def __init__(self, deliver: Callable[[], object], *, blocking: bool) -> None:
        self._deliver = deliver
        self._blocking = blocking
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._rung = False

    def ring(self) -> None:
        """Have it delivered; return at once."""
        with self._lock:
            self._rung = True
            # In a forked child the parent's thread is not there.
            if self._thread is None or self._pid != os.getpid():
                self._pid = os.getpid()
                self._thread = threading.Thread(target=self._work, name="smsctl-alarm", daemon=True)
                self._thread.start()

    async def close(self, seconds: float) -> None:
        """Wait until what was rung for is delivered, at most so long."""
        thread = self._thread
        if thread is None or self._pid != os.getpid():
            return
        if self._blocking:
            thread.join(seconds)
        else:
            await asyncio.to_thread(thread.join, seconds)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._rung:
                    self._thread = None
                    return
                self._rung = False
            try:
                self._deliver()
            except Exception as fault:  # noqa: BLE001 - a thread has nobody to raise to
                _log.warning("alerts were not delivered: %s", type(fault).__name__)
