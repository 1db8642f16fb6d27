"""A TCP port that leads to another one: what goes over it can be cut, lost, or led elsewhere."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

HOST = "127.0.0.1"
REPLICA = b"REPLCONF"
"""What a replica says to its primary, and nobody else does."""
_OPENING = 1024  # bytes; who a caller is shows in the first of them


class Link:
    """A way to a server."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        """The port that new connections are led to."""
        self.port = 0
        self._broken: tuple[bytes, Literal["cut", "silent"]] | None = None
        self._open: dict[socket.socket, bytes] = {}
        """What each caller said first."""

    def break_off(self, kind: Literal["cut", "silent"], word: bytes = b"") -> None:
        """Break every connection on which `word` was said, now and from now on.

        `cut` is noticed at both ends; on a `silent` one nothing arrives any more.
        """
        self._broken = word, kind
        self.close(word)

    def mend(self) -> None:
        """Let new connections through again."""
        self._broken = None
        self.close()

    def close(self, word: bytes = b"") -> None:
        """End the connections on which `word` was said, but those that are to be silent."""
        silent = self._broken is not None and self._broken[1] == "silent"
        for caller, said in list(self._open.items()):
            if word in said and not silent:
                _end(caller)

    def carry(self, caller: socket.socket) -> None:
        """Serve one connection until either side ends it."""
        with suppress(OSError), socket.create_connection((HOST, self.upstream)) as behind:
            self._open[caller] = b""
            for end in (caller, behind):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._back, args=(behind, caller))
            back.start()
            self._forth(caller, behind)
            _end(behind)
            back.join()
        self._open.pop(caller, None)

    def _forth(self, caller: socket.socket, behind: socket.socket) -> None:
        with suppress(OSError):
            while said := caller.recv(1 << 16):
                # A word may come in parts.
                self._open[caller] = (self._open[caller] + said)[:_OPENING]
                match self._fate(caller):
                    case None:
                        behind.sendall(said)
                    case "cut":
                        return
                    case "silent":
                        pass

    def _back(self, behind: socket.socket, caller: socket.socket) -> None:
        with suppress(OSError):
            while said := behind.recv(1 << 16):
                if self._fate(caller) is None:
                    caller.sendall(said)
        _end(caller)

    def _fate(self, caller: socket.socket) -> Literal["cut", "silent"] | None:
        if self._broken is None or self._broken[0] not in self._open.get(caller, b""):
            return None
        return self._broken[1]


@contextmanager
def linked(upstream: int) -> Iterator[Link]:
    """Lead a port of its own to `upstream` until the block ends."""
    link = Link(upstream)

    class Carrier(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            link.carry(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True  # they end with their connections, just below
        request_queue_size = 256  # who comes while it is full waits a second

    with Server((HOST, 0), Carrier) as server:
        link.port = server.server_address[1]
        listening = threading.Thread(target=server.serve_forever, args=(0.01,))
        listening.start()
        try:
            yield link
        finally:
            server.shutdown()
            listening.join()
            link.mend()


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
