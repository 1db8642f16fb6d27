"""One server, asked by threads over redis-py's connections.

redis-py connects, introduces itself and parses. Its pools are not used: they differ from version to
version, and none of them lets idle connections go and leaves those alone that are in use.
"""

from __future__ import annotations

import math
import time
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import redis
from redis.backoff import NoBackoff
from redis.connection import DefaultParser
from redis.exceptions import InvalidResponse, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from smsctl.store.command import UNREACHABLE, UNREADABLE, Ask, UnsentError, confirmation, confirmed
from smsctl.store.target import Target

_CONNECTIONS = 32  # of one process; a caller beyond them waits up to the timeout
_SLACK = 0.01  # seconds; a timeout of the socket's own that is so near is left as it is


class _Punctual(DefaultParser):  # type: ignore[misc, valid-type] # one of several classes
    """Reads an answer whose parts have one deadline together: each in time is not enough."""

    until = math.inf
    usual = math.inf
    """Seconds that the socket waits when it is not told otherwise."""

    def read_from_socket(self, *args: Any, **options: Any) -> bool:
        left = self.until - time.monotonic()
        if left <= 0:
            raise RedisTimeoutError
        if left < math.inf and abs(left - self.usual) > _SLACK:
            options["timeout"] = left
        read: bool = super().read_from_socket(*args, **options)
        return read


class _Wire(NamedTuple):
    """A connection, and what reads from it."""

    connection: Any
    parser: _Punctual


class BlockingLine:
    """A few connections to one server, each lent to one caller at a time."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._idle: list[_Wire] = []
        self._places = BoundedSemaphore(_CONNECTIONS)
        self._closed = False

    def exchange(self, asked: Ask, until: float) -> list[Any]:
        """Return the replies, errors among them as values; `until` is of the monotonic clock.

        Raises UnsentError, and what redis-py raises where an answer stays away.
        """
        left = until - time.monotonic()
        if left <= 0:
            raise UnsentError(RedisTimeoutError())
        if not self._places.acquire(timeout=left):
            raise UnsentError(redis.ConnectionError("No connection available."))
        try:
            wire = self._lend(until)
            try:
                replies = self._converse(wire, asked, until)
            except BaseException:
                wire.connection.disconnect()
                raise
            self._take_back(wire)
            return replies
        finally:
            self._places.release()

    def close(self) -> None:
        """Close what is idle; what is in use is closed after its answer."""
        self._closed = True
        while (wire := self._pop()) is not None:
            wire.connection.disconnect()

    def _pop(self) -> _Wire | None:
        with suppress(IndexError):  # threads take them away between a look and a grasp
            return self._idle.pop()
        return None

    def _lend(self, until: float) -> _Wire:
        while (wire := self._pop()) is not None:
            if _at_rest(wire.connection):
                return wire
            wire.connection.disconnect()
        try:
            return self._connect(until)
        except UNREACHABLE as fault:
            raise UnsentError(fault) from None

    def _take_back(self, wire: _Wire) -> None:
        self._idle.append(wire)
        if self._closed:
            self.close()

    def _connect(self, until: float) -> _Wire:
        parser = _Punctual(socket_read_size=1 << 16)
        retry = Retry(NoBackoff(), 0)
        connection = self._target.connection(redis, parser=parser, retry=retry)
        # Connecting, TLS and the password have what is left of the question's time.
        left = max(until - time.monotonic(), _SLACK)
        connection.socket_timeout = connection.socket_connect_timeout = left
        parser.usual, parser.until = left, until
        try:
            connection.connect()
        except BaseException:
            connection.disconnect()
            raise
        return _Wire(connection, parser)

    def _converse(self, wire: _Wire, asked: Ask, until: float) -> list[Any]:
        left = until - time.monotonic()
        if left <= 0:
            raise RedisTimeoutError
        tail = confirmation([asked], left / 2)
        packed = asked.packed + tail.packed if tail else asked.packed
        wire.connection.send_packed_command([packed])
        # redis-py times each part of an answer alone.
        wire.parser.until = until
        try:
            told = [wire.parser.read_response() for _ in range(asked.count)]
            if tail is None:
                return told
            return confirmed(asked, told, [wire.parser.read_response() for _ in range(tail.count)])
        except UNREADABLE:
            raise InvalidResponse from None
        finally:
            wire.parser.until = math.inf


def _at_rest(connection: Any) -> bool:
    """Say whether it is open, and nothing came that was not asked for."""
    try:
        return not connection.can_read(timeout=0)
    except (RedisError, OSError):
        return False
