"""Connections of our own, for vendors that are asked over plain HTTP requests."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urllib3 import PoolManager


def direct_pool() -> PoolManager:
    """Return connections that obey no proxy variables, as `requests` would."""
    from urllib3 import PoolManager  # noqa: PLC0415 - 77 ms, for whoever asks a vendor

    from smsctl.vendors.connections import noting  # noqa: PLC0415 - likewise

    return noting(PoolManager(maxsize=32, ssl_context=trusted()))


def trusted() -> ssl.SSLContext:
    """Return a context that trusts what this host trusts, and the usual authorities."""
    from certifi import where  # noqa: PLC0415 - 5 ms, for whoever asks a vendor

    context = ssl.create_default_context()  # reads SSL_CERT_FILE
    context.load_verify_locations(where())  # slim images have no certificates of their own
    return context
