"""The SMS vendor and the captcha on loopback: they answer what a test wrote down, in that order."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

ACCEPTED: dict[str, Any] = {"Code": "OK", "Message": "OK", "BizId": "9000^0", "RequestId": "R-1"}


def refusal(code: str, message: str = "no", **more: str) -> dict[str, Any]:
    """Return SendSms' answer with a code of the vendor's."""
    return {"Code": code, "Message": message, "RequestId": "R-2", **more}


class Vendor:
    """An HTTP server that knows no signatures: the program's own SDK signs, nobody looks."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, Any]] | None] = []
        """What comes next, with its status; None breaks the connection. Then it accepts."""
        self.calls: list[dict[str, str]] = []
        """The parameters of every call, from its query and its form."""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def will(self, *codes: str) -> Vendor:
        """Answer the next sends with these codes, as HTTP 200."""
        self.answers += [(200, refusal(code)) for code in codes]
        return self

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


def _handler(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = self.rfile.read(length).decode()
            vendor.calls.append(dict(parse_qsl(urlsplit(self.path).query) + parse_qsl(form)))
            answer = vendor.answers.pop(0) if vendor.answers else (200, ACCEPTED)
            if answer is None:
                return  # the connection is closed without an answer
            status, document = answer
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
