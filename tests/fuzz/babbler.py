"""A server on loopback that says the same to everybody, whatever was asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

TIMEOUT = 0.1
"""Seconds that an answer may take; an input that hangs takes twenty times as long."""


class Babbler:
    """Answers every request on every connection with the same bytes, and closes or does not."""

    def __init__(self, whole: Callable[[bytes], bool] = bool) -> None:
        """`whole` says whether so much is a whole request."""
        self.answer = b""
        self.ending = "close"
        """`close`, `keep`, or `drip`: a byte at a time, each in time."""
        self._whole = whole
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.place = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        """End every connection and thread."""
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in [*self._open]:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.add(connection)
                self._threads = [each for each in self._threads if each.is_alive()]
                self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = b""
            while part := connection.recv(1 << 16):
                asked += part
                if not self._whole(asked):
                    continue
                asked = b""
                self._speak(connection)
                if self.ending == "close":
                    break
        self._open.discard(connection)

    def _speak(self, connection: socket.socket) -> None:
        if self.ending != "drip":
            connection.sendall(self.answer)
            return
        for at in range(len(self.answer)):
            connection.sendall(self.answer[at : at + 1])
            if self._over.wait(TIMEOUT / 4):
                break
