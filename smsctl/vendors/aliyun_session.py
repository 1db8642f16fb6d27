"""The session that the SDK makes its requests through: ours, and its only way out.

Imported where the vendor is asked: the SDK takes 230 ms, with aiohttp, requests and what else it
brings along.
"""

from __future__ import annotations

import os
import threading
from time import monotonic
from typing import Any

from darabonba.core import DaraCore
from requests import Response, Session
from requests.adapters import HTTPAdapter

from smsctl.vendors.connections import noting
from smsctl.vendors.endpoint import Endpoint
from smsctl.vendors.exchange import current
from smsctl.vendors.network import read_body
from smsctl.vendors.pool import trusted

_installing: dict[int, threading.Lock] = {}  # by process: a forked child's copy may be held


class _Rehearsed(Exception):
    """The request came as far as it was meant to."""


class _Adapter(HTTPAdapter):
    """Requests' own, with connections that say when a request begins."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        noting(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        return noting(super().proxy_manager_for(*args, **options))


class _TlsAdapter(_Adapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, ssl_context=trusted())


class _DirectSession(Session):
    """Follows no redirect, and has no proxy but the exchange's."""

    pid = os.getpid()

    def send(self, request: Any, **options: Any) -> Response:
        exchange = current()
        if exchange is None:  # in a thread of the SDK's own: nobody would know whether it began
            raise RuntimeError("a request that no call of ours makes")
        if exchange.rehearsal:
            exchange.signed = "Authorization" in request.headers
            raise _Rehearsed
        proxies = {"http": exchange.proxy, "https": exchange.proxy} if exchange.proxy else {}
        _, seconds = options["timeout"]
        until = monotonic() + seconds
        response = super().send(request, **options | {"proxies": proxies, "stream": True})
        # Requests would read without end.
        response._content = read_body(response.raw, until=until)  # noqa: SLF001
        exchange.date = response.headers.get("Date")
        return response

    def get_redirect_target(self, resp: Response) -> None:
        del resp


def install(endpoint: Endpoint, *, connections: int) -> None:
    """Put a session of ours where the SDK will look for one, anew in a forked child."""
    sessions: dict[str, Session] = DaraCore._sessions  # noqa: SLF001 - the SDK has no other door
    key = f"{endpoint.protocol}://{endpoint.host}:80:pool={connections}"
    pid = os.getpid()
    with _installing.setdefault(pid, threading.Lock()):
        # A forked child must not write into its parent's connections.
        if getattr(sessions.get(key), "pid", None) != pid:
            sessions[key] = _session(endpoint, connections)


def _session(endpoint: Endpoint, connections: int) -> Session:
    session = _DirectSession()
    session.pid = os.getpid()
    # Without TLS it goes without 30 ms of certificates.
    adapter = _TlsAdapter if endpoint.protocol == "https" else _Adapter
    session.mount(f"{endpoint.protocol}://", adapter(pool_maxsize=connections))
    return session
