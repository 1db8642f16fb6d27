"""An HTTP server on loopback that answers as told: well, badly, or not at all.

What a vendor says is in the modules beside this one. A hang lasts until `release` is set, or the
server ends; nothing here sleeps.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self, cast, get_args
from urllib.parse import urlsplit

Fault = Literal[
    "array",  # HTTP 200 and a JSON array
    "drip",  # HTTP 200, a byte at a time, until released
    "empty",  # HTTP 200 and no body
    "hang",  # no answer until released, then none
    "html",  # HTTP 502 and a page
    "malformed",  # HTTP 200 and headers that are none
    "redirect",  # HTTP 302 to /elsewhere
    "reset",  # the connection is reset
    "short",  # less body than promised
    "slow",  # the answer, once released
]


@dataclass(frozen=True)
class Heard:
    """One request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        return urlsplit(self.target).query


@dataclass(frozen=True)
class Answer:
    """One answer: an HTTP status and what becomes JSON."""

    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)


_WRONG: Mapping[str, tuple[int, bytes, Mapping[str, str]]] = {
    "array": (200, b'["OK"]', {}),
    "empty": (200, b"", {}),
    "html": (502, b"<html><h1>502 Bad Gateway</h1></html>", {"Content_Type": "text/html"}),
    "redirect": (302, b"", {"Location": "/elsewhere"}),
}


class FakeVendor:
    """Listens on a port of its own while its block runs; afterwards no thread of it is left."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        """Every request, in order of arrival."""
        self.connections = 0
        """How many connections were opened."""
        self.dated: Callable[[], datetime] = lambda: datetime.now(UTC)
        """What each answer's Date says."""
        self.release = threading.Event()
        """Set it to end what hangs."""
        self._script: deque[Any] = deque()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Exchange)
        self._server.vendor = self
        self._server.tls = tls
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )

    @property
    def host(self) -> str:
        """Address and port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def script(self, *turns: Any) -> None:
        """Let the next requests be answered by these turns, in order."""
        self._script.extend(turns)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        with self._lock:
            for connection in self._open:
                _shut(connection)
        self._server.server_close()  # joins the threads of the connections
        self._thread.join()

    def reply(self, heard: Heard) -> Answer | tuple[Fault, Answer]:
        """Say how to answer; a fault comes with the answer it keeps back."""
        raise NotImplementedError

    def next_turn(self, default: Any) -> Any:
        """Take the next scripted turn, or the default when there is none."""
        with self._lock:
            return self._script.popleft() if self._script else default

    def fail(self, turn: str, kept_back: Answer) -> tuple[Fault, Answer]:
        """Return the fault of this name, with the answer that it keeps back."""
        if turn not in get_args(Fault):
            raise ValueError(turn)
        return cast("Fault", turn), kept_back

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def hear(self, heard: Heard) -> None:
        with self._lock:
            self.heard.append(heard)


class _Server(ThreadingHTTPServer):
    vendor: FakeVendor
    tls: ssl.SSLContext | None
    daemon_threads = False
    request_queue_size = 128

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, where a failure disturbs nobody."""
        wrapped = self.tls.wrap_socket(request, server_side=True) if self.tls else request
        super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that gives up is what these tests are about."""


class _Exchange(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.vendor.opened(self.connection)

    def finish(self) -> None:
        self.server.vendor.closed(self.connection)
        super().finish()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        heard = Heard(self.command, self.path, headers, body)
        self.server.vendor.hear(heard)
        match self.server.vendor.reply(heard):
            case Answer() as answer:
                self._answer(answer)
            case (fault, answer):
                self._fail(fault, answer)

    do_GET = do_POST  # noqa: N815 - its name upstream

    def _answer(self, answer: Answer) -> None:
        self._bytes(answer.status, json.dumps(answer.content).encode(), **answer.headers)

    def _bytes(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, fault: Fault, answer: Answer) -> None:
        if fault in _WRONG:
            status, body, headers = _WRONG[fault]
            self._bytes(status, body, **headers)
            return
        release = self.server.vendor.release
        self.close_connection = fault != "slow"
        match fault:
            case "slow":
                release.wait()
                self._answer(answer)
            case "hang":
                release.wait()
            case "reset":
                linger_none = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_none)
                self.connection.close()
            case "short":
                self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"Code":')
            case "malformed":
                self.wfile.write(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno colon\r\nX: 1\r\n\r\n{}"
                )
            case "drip":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
                while not release.wait(0.01):
                    self.wfile.write(b" ")
            case _:
                raise ValueError(fault)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(self.server.vendor.dated().timestamp(), usegmt=True)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name upstream
        """Print nothing."""


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
