"""One request to a vendor, and whether it began: known by what was handed to the socket.

Before its first byte nothing was sent, whatever was raised. After it, only an answer says what
became of it. A request is made and answered in one thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class CalledOff(Exception):
    """The caller no longer waits, and nothing of the request was written."""


class Exchange:
    """One request, from whoever wants it made to the connection that writes it."""

    def __init__(self, *, proxy: str = "", rehearsal: bool = False) -> None:
        self.proxy = proxy
        """The HTTP(S) proxy on the way; empty for none."""
        self.rehearsal = rehearsal
        """The request is built and signed, and goes no further."""
        self.signed = False
        """A rehearsal came as far as the connection."""
        self.date: str | None = None
        """The answer's Date header as it came."""
        self.begun = False
        """The first byte was handed to the socket."""
        self._called_off = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Note that the next byte is the first. Raises CalledOff."""
        with self._lock:
            if self._called_off:
                raise CalledOff
            self.begun = True

    def call_off(self) -> bool:
        """Keep the request from beginning, and say whether that came in time."""
        with self._lock:
            self._called_off = True
            return not self.begun


class _Thread(threading.local):
    exchange: Exchange | None = None


_thread = _Thread()


def current() -> Exchange | None:
    """Return the exchange of this thread; None outside of `making`."""
    return _thread.exchange


@contextmanager
def making(exchange: Exchange) -> Iterator[None]:
    """Let what this thread writes in the block belong to `exchange`."""
    _thread.exchange = exchange
    try:
        yield
    finally:
        _thread.exchange = None
