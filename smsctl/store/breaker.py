"""A store that hangs is asked by one thread, and no caller waits for it.

The thread lives from the first missing answer to the next one that comes. A process that was forked
meanwhile has no such thread, and begins anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Event, Lock, Thread

from smsctl.store.command import HUNG

_PAUSE = 0.1  # seconds between probes: a store that came back is noticed at once, and not pressed
_MOMENT = 0.02  # seconds; within them a store that only lost one answer has given another


class Breaker:
    """Open from the moment that an answer stayed away until a probe gets one."""

    def __init__(self, probe: Callable[[], object]) -> None:
        """`probe` asks the store something; a timeout is raised where it does not answer."""
        self._probe = probe
        self._lock = Lock()
        self._closing = Event()
        self._answered = Event()
        self._fault: Exception | None = None
        self._owner = os.getpid()

    @property
    def fault(self) -> Exception | None:
        """What opened it; None while it is closed."""
        if self._fault is not None and self._owner != os.getpid():
            self._fault = None
        return self._fault

    def trip(self, fault: Exception) -> bool:
        """Open and begin to probe; say whether it was closed before."""
        with self._lock:
            if self.fault is not None or self._closing.is_set():
                return False
            self._fault, self._owner = fault, os.getpid()
            self._answered.clear()
            try:
                Thread(target=self._watch, name="smsctl-store-probe", daemon=True).start()
            except RuntimeError:  # no thread is left, so nobody would ever close it
                self._fault = None
                return False
            return True

    def await_probe(self) -> None:
        """Return when the probe was answered, or after a moment."""
        self._answered.wait(_MOMENT)

    def close(self) -> None:
        """Probe no more; what is under way ends with its answer or its timeout."""
        self._closing.set()

    def _watch(self) -> None:
        while not self._closing.is_set():
            try:
                self._probe()
            except HUNG:
                self._closing.wait(_PAUSE)
            except Exception:  # noqa: BLE001 - whatever it is, callers get to know it without a wait
                break
            else:
                break
        self._fault = None
        self._answered.set()
