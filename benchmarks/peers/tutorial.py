"""What tutorials on SMS codes show: look whether there is room, then write.

Commands alone, in the order in which such code gives them; and its better sister, which counts
first and looks at the count.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from benchmarks.frame.stage import Stage
from benchmarks.frame.three import Three
from benchmarks.peers.contestant import Decide

_DAY = 86_400


@contextmanager
def check_then_act(stage: Stage, three: Three) -> Iterator[Decide]:
    """Read three counts, compare them here, and count if all have room."""
    client = redis.Redis.from_url(stage.url)

    def decide(phone: str, address: str) -> bool:
        lock, used, total = f"sms:lock:{phone}", f"sms:used:{address}", "sms:total"
        if client.exists(lock):
            return False
        if int(client.get(used) or 0) >= three.address:
            return False
        if int(client.get(total) or 0) >= three.total:
            return False
        client.set(lock, 1, ex=60)
        for key in (used, total):
            if client.incr(key) == 1:
                client.expire(key, _DAY)
        return True

    yield decide
    client.close()


@contextmanager
def count_first(stage: Stage, three: Three) -> Iterator[Decide]:
    """Take the lock, count the address, count the total; stop where one is full."""
    client = redis.Redis.from_url(stage.url)

    def decide(phone: str, address: str) -> bool:
        if not client.set(f"count:lock:{phone}", 1, ex=60, nx=True):
            return False
        for key, most in ((f"count:used:{address}", three.address), ("count:total", three.total)):
            used = client.incr(key)
            if used == 1:
                client.expire(key, _DAY)
            if used > most:
                return False
        return True

    yield decide
    client.close()
