"""`pyrate-limiter`: a bucket in Redis for each phone, each address and the total."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from pyrate_limiter import Duration, Rate, RateItem, RedisBucket

from benchmarks.frame.stage import Stage
from benchmarks.frame.three import Three
from benchmarks.peers.contestant import Decide


@contextmanager
def pyrate(stage: Stage, three: Three) -> Iterator[Decide]:
    """Put an item into all three buckets; buckets share one script that was loaded before."""
    client = redis.Redis.from_url(stage.url)
    per_phone = [Rate(three.phone, Duration.MINUTE)]
    per_address = [Rate(three.address, Duration.DAY)]
    total = [Rate(three.total, Duration.DAY)]
    script = RedisBucket.init(total, client, "bucket:total").script_hash

    def decide(phone: str, address: str) -> bool:
        item = RateItem(phone, time.time_ns() // 1_000_000)
        buckets = (
            RedisBucket(per_phone, client, f"bucket:phone:{phone}", script),
            RedisBucket(per_address, client, f"bucket:address:{address}", script),
            RedisBucket(total, client, "bucket:total", script),
        )
        return all(bucket.put(item) for bucket in buckets)

    yield decide
    client.close()
