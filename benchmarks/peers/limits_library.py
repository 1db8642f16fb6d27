"""`limits`: a strategy, and `hit` for each of the three limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerSecond, aio, strategies
from limits.storage import RedisStorage

from benchmarks.frame.stage import Stage
from benchmarks.frame.three import Three
from benchmarks.peers.contestant import AsyncContestant, Contestant, Decide, DecideLater

_CONNECTIONS = 256  # redis-py refuses whoever comes after them


def limits(strategy: str) -> Contestant:
    """Return the contestant of `FixedWindow`, `MovingWindow` or `SlidingWindowCounter`."""

    @contextmanager
    def contestant(stage: Stage, three: Three) -> Iterator[Decide]:
        storage = RedisStorage(stage.url, key_prefix=strategy)
        limiter = getattr(strategies, f"{strategy}RateLimiter")(storage)
        per_phone, per_address, total = _items(three)

        def decide(phone: str, address: str) -> bool:
            return bool(
                limiter.hit(per_phone, "phone", phone)
                and limiter.hit(per_address, "address", address)
                and limiter.hit(total, "total")
            )

        yield decide
        _forget(storage)

    return contestant


@contextmanager
def limits_tested_first(stage: Stage, three: Three) -> Iterator[Decide]:
    """Test all three before any is hit, so that a refusal costs nothing."""
    storage = RedisStorage(stage.url, key_prefix="tested")
    limiter = strategies.FixedWindowRateLimiter(storage)
    per_phone, per_address, total = _items(three)

    def decide(phone: str, address: str) -> bool:
        asked = ((per_phone, "phone", phone), (per_address, "address", address), (total, "total"))
        return all(limiter.test(*each) for each in asked) and all(
            limiter.hit(*each) for each in asked
        )

    yield decide
    _forget(storage)


def limits_later(strategy: str) -> AsyncContestant:
    """Return the contestant of a strategy of `limits.aio`, over redis-py."""

    @asynccontextmanager
    async def contestant(stage: Stage, three: Three) -> AsyncIterator[DecideLater]:
        storage = aio.storage.RedisStorage(
            f"async+{stage.url}",
            implementation="redispy",
            key_prefix=strategy,
            max_connections=_CONNECTIONS,
        )
        limiter = getattr(aio.strategies, f"{strategy}RateLimiter")(storage)
        per_phone, per_address, total = _items(three)

        async def decide(phone: str, address: str) -> bool:
            return bool(
                await limiter.hit(per_phone, "phone", phone)
                and await limiter.hit(per_address, "address", address)
                and await limiter.hit(total, "total")
            )

        yield decide
        await storage.bridge.storage.aclose()

    return contestant


def _items(three: Three) -> tuple[RateLimitItem, RateLimitItem, RateLimitItem]:
    return (
        RateLimitItemPerSecond(three.phone, 60),
        RateLimitItemPerDay(three.address),
        RateLimitItemPerDay(three.total),
    )


def _forget(storage: Any) -> None:
    storage.storage.connection_pool.disconnect()
