"""A loopback proxy that loses what it is told to lose."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Drop = Callable[[bytes], bool]

PROBE = b"*1\r\n$4\r\nTIME\r\n"
"""What a breaker asks, in a thread of its own; it is no caller's request."""


class Proxy:
    """Stands between a client and a server; each connection has a thread of its own."""

    def __init__(self, upstream: Path, path: Path) -> None:
        self.path = path
        self.requests: list[bytes] = []
        """What clients sent, in order."""
        self.drop: Drop = lambda _: False
        """Asked of each request: whether its reply is lost and the connection broken."""
        self.swallow: Drop = lambda _: False
        """Asked of each request: whether its reply never comes, on a connection that stays."""
        self.sever: Drop = lambda _: False
        """Asked of each part of a request: whether it goes no further and the connection breaks."""
        self.deliver: Callable[[socket.socket, bytes], None] = socket.socket.sendall
        """How a reply gets to the client."""
        self._upstream = str(upstream)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(128)
        self._clients: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def lose_next(self, word: bytes) -> None:
        """Lose the reply of the next request that has `word` in it, once."""
        pending = [word]

        def drop(request: bytes) -> bool:
            if pending and pending[0] in request:
                pending.clear()
                return True
            return False

        self.drop = drop

    def close(self) -> None:
        """End all connections and threads."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in self._clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._clients.append(client)
                thread = threading.Thread(target=self._serve, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self._upstream)
            request = b""  # what was asked since the last reply; a long one comes in parts
            while True:
                ready, _, _ = select.select([client, server], [], [])
                if client in ready:
                    part = client.recv(1 << 20)
                    if not part:
                        return
                    if self.sever(part):
                        return
                    request += part
                    server.sendall(part)
                    continue
                reply = server.recv(1 << 20)
                if not reply:
                    return
                asked, request = request, b""
                if asked != PROBE:
                    self.requests.append(asked)
                if self.drop(asked):
                    return
                if not self.swallow(asked):
                    self.deliver(client, reply)


@contextmanager
def proxied(upstream: Path, folder: Path) -> Iterator[Proxy]:
    """Run a proxy before the server at `upstream` until the block ends."""
    proxy = Proxy(upstream, folder / "p")
    try:
        yield proxy
    finally:
        proxy.close()
