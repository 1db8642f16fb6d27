"""One server, asked by threads over redis-py's connections."""

from __future__ import annotations

import time
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from smsctl.store.command import Ask, UnsentError, confirmation, confirmed
from smsctl.store.target import Target

_SLACK = 0.01  # seconds; a timeout of the socket's own that is so near is left as it is


class BlockingLine:
    """A pool of connections, one for each caller. Survives a fork; redis-py's pool sees to that."""

    def __init__(self, target: Target) -> None:
        self._timeout = target.timeout
        self._pool = redis.BlockingConnectionPool(
            retry=Retry(NoBackoff(), 0), **target.pool_options(redis)
        )

    def exchange(self, asked: Ask, until: float) -> list[Any]:
        """Return the replies, errors among them as values; `until` is of the monotonic clock.

        Raises UnsentError, and what redis-py raises where an answer stays away.
        """
        if time.monotonic() >= until:
            raise UnsentError(RedisTimeoutError())
        try:
            connection = self._pool.get_connection()
        except (RedisError, OSError) as fault:
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
        left = until - time.monotonic()
        try:
            if left > self._timeout - _SLACK:
                return connection.read_response()
            return connection.read_response(timeout=max(left, 0.001))
        except ResponseError as error:
            return error

    def close(self) -> None:
        self._pool.disconnect()
