"""One server, asked by threads over redis-py's connections."""

from __future__ import annotations

import math
import time
from typing import Any

import redis
from redis._parsers import _HiredisParser
from redis.backoff import NoBackoff
from redis.exceptions import InvalidResponse
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry
from redis.utils import SENTINEL

from smsctl.store.command import UNREACHABLE, UNREADABLE, Ask, UnsentError, confirmation, confirmed
from smsctl.store.target import Target

_SLACK = 0.01  # seconds; a timeout of the socket's own that is so near is left as it is


class _Punctual(_HiredisParser):
    """Reads an answer whose parts have one deadline together: each in time is not enough."""

    until = math.inf

    def read_from_socket(
        self,
        timeout: float | object = SENTINEL,
        raise_on_timeout: bool = True,  # noqa: FBT001, FBT002 - redis-py's
    ) -> bool:
        left = self.until - time.monotonic()
        if left <= 0:
            raise RedisTimeoutError
        if left <= self._socket_timeout - _SLACK:
            timeout = left
        read: bool = super().read_from_socket(timeout, raise_on_timeout)  # type: ignore[no-untyped-call]
        return read


class BlockingLine:
    """A pool of connections, one for each caller. Survives a fork; redis-py's pool sees to that."""

    def __init__(self, target: Target) -> None:
        options = {**target.pool_options(redis), "parser_class": _Punctual}
        if options["connection_class"] is redis.SSLConnection:
            options["connection_class"] = _Encrypted
        self._pool = redis.BlockingConnectionPool(retry=Retry(NoBackoff(), 0), **options)

    def exchange(self, asked: Ask, until: float) -> list[Any]:
        """Return the replies, errors among them as values; `until` is of the monotonic clock.

        Raises UnsentError, and what redis-py raises where an answer stays away.
        """
        if time.monotonic() >= until:
            raise UnsentError(RedisTimeoutError())
        try:
            connection = self._pool.get_connection()
        except UNREACHABLE as fault:
            raise UnsentError(fault) from None
        try:
            return self._converse(connection, asked, until)
        except BaseException:
            connection.disconnect()
            raise
        finally:
            self._pool.release(connection)

    def _converse(self, connection: Any, asked: Ask, until: float) -> list[Any]:
        left = until - time.monotonic()
        if left <= 0:
            raise RedisTimeoutError
        tail = confirmation([asked], left / 2)
        connection.send_packed_command([asked.packed + tail.packed if tail else asked.packed])
        told = [self._reply(connection, until) for _ in range(asked.count)]
        if tail is None:
            return told
        return confirmed(asked, told, [self._reply(connection, until) for _ in range(tail.count)])

    def _reply(self, connection: Any, until: float) -> Any:
        # redis-py times each part of an answer alone; and what fails is given up by `exchange`.
        parser: _Punctual = connection._parser  # noqa: SLF001
        parser.until = until
        try:
            return parser.read_response()
        except UNREADABLE:
            raise InvalidResponse from None
        finally:
            parser.until = math.inf

    def close(self) -> None:
        self._pool.disconnect()


class _Encrypted(redis.SSLConnection):
    """Knows a server's session tickets from an answer.

    With TLS 1.3 they come unasked after the handshake. redis-py takes them for an answer that was
    left behind, and gives the connection up; but none is left where nothing was asked.
    """

    _asked = False

    def send_packed_command(self, command: Any, check_health: bool = True) -> None:  # noqa: FBT001, FBT002 - redis-py's
        self._asked = True
        super().send_packed_command(command, check_health)  # type: ignore[no-untyped-call]

    def disconnect(self, *args: Any) -> None:
        self._asked = False
        super().disconnect(*args)  # type: ignore[no-untyped-call]

    def can_read(self, timeout: float = 0) -> bool:
        return self._asked and super().can_read(timeout)
