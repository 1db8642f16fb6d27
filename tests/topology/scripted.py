"""A server that answers what a test tells it to: for states that real ones are in for moments."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hiredis import Reader

from tests.topology.links import HOST


@contextmanager
def scripted(reply: Callable[[list[bytes]], bytes]) -> Iterator[int]:
    """Run a server whose answers, as they go over the wire, `reply` gives; yield its port."""

    class Actor(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            reader = Reader()
            while said := self.request.recv(1 << 16):
                reader.feed(said)
                while (command := reader.gets()) is not False:
                    self.request.sendall(reply(command))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True  # they end when the client closes, which is later

    with Server((HOST, 0), Actor) as server:
        listening = threading.Thread(target=server.serve_forever, args=(0.01,))
        listening.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            listening.join()


def texts(*words: str | int) -> bytes:
    """Return an array of texts as a server sends it."""
    sized = [f"${len(str(word))}\r\n{word}\r\n" for word in words]
    return f"*{len(words)}\r\n{''.join(sized)}".encode()


def text(word: str) -> bytes:
    """Return one text as a server sends it."""
    return f"${len(word)}\r\n{word}\r\n".encode()
