"""Connections that say when a request begins. Imported where a vendor is asked: urllib3, 77 ms."""

from __future__ import annotations

from typing import Any, TypeVar

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from smsctl.vendors.exchange import current

M = TypeVar("M", bound=PoolManager)


class _Connection(HTTPConnection):
    _connecting = False

    def connect(self) -> None:
        self._connecting = True  # what is written meanwhile asks a proxy for its tunnel
        try:
            super().connect()
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange = current()
        if exchange is not None and not self._connecting:
            exchange.begin()
        super().send(data)


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def noting(manager: M) -> M:
    """Return the manager with connections that tell this thread's exchange when it begins."""
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager
