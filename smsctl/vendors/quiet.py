"""Keeps the vendors' libraries from logging what we send: their records carry the URL.

The URL has the phone and the code in it, and their debug switches print the Authorization header.
Only records made during a call of ours are dropped; other users of these libraries keep theirs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A filter sees the records of its own logger alone, not of the loggers below: each is named.
_LOGGERS = [
    logging.getLogger(name)
    for name in (
        "alibabacloud-tea",
        "credentials",
        "darabonba-core",
        "requests",
        "urllib3",
        "urllib3.connection",
        "urllib3.connectionpool",
        "urllib3.poolmanager",
        "urllib3.response",
        "urllib3.util.retry",
    )
]


class _During(threading.local):
    call = False


_during = _During()


def _outside_our_calls(_record: logging.LogRecord) -> bool:
    return not _during.call


@contextmanager
def quiet() -> Iterator[None]:
    """Drop what the vendors' libraries log from this thread until the block ends."""
    for logger in _LOGGERS:  # each time: a logging configuration may have removed the filter
        logger.addFilter(_outside_our_calls)
    _during.call = True
    try:
        yield
    finally:
        _during.call = False
