"""A name may lead to another server by now: one caller connects anew, the others wait for it.

While the name leads where it led, there is never more than one fresh connection.
"""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock


class Renewal:
    """Says who connects anew, to threads and event loops alike."""

    def __init__(self) -> None:
        self.era = 0
        """How often all connections were given up: a caller sees whether another one was first."""
        self._lock = Lock()
        self._attempt: Future[bool] | None = None

    def join(self) -> Future[bool] | None:
        """Return the attempt under way; its result says whether it came to an end of its own.

        None: there was none, and the caller makes it, and has to `end` it.
        """
        with self._lock:
            if self._attempt is None:
                self._attempt = Future()
                return None
            return self._attempt

    def end(self, *, settled: bool) -> None:
        """Let those who waited go on; unless it is settled one of them makes the next attempt."""
        with self._lock:
            attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.set_result(settled)

    def advance(self, era: int) -> bool:
        """Begin the next era, if `era` is still the present one; say whether it was."""
        with self._lock:
            if self.era != era:
                return False
            self.era += 1
            return True
