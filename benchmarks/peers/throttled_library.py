"""`throttled-py`: a fixed window for each of the three limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from throttled import Throttled, rate_limiter, store

from benchmarks.frame.stage import Stage
from benchmarks.frame.three import Three
from benchmarks.peers.contestant import Decide


@contextmanager
def throttled(stage: Stage, three: Three) -> Iterator[Decide]:
    """Limit all three in turn."""
    kept = store.RedisStore(server=stage.url)
    per_phone, per_address, total = (
        Throttled(using="fixed_window", quota=quota, store=kept)
        for quota in (
            rate_limiter.per_min(three.phone),
            rate_limiter.per_day(three.address),
            rate_limiter.per_day(three.total),
        )
    )

    def decide(phone: str, address: str) -> bool:
        return not (
            per_phone.limit(f"phone:{phone}").limited
            or per_address.limit(f"address:{address}").limited
            or total.limit("total").limited
        )

    yield decide
