"""Do three limits hold when 64 workers ask at once, and what does a refusal cost the others?

Counts, not times: how many more were admitted than the limit allows, in the worst of many rounds;
how many phones are shut out because they asked from an address that was full; and the keys that
would stay for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.frame.three import Three, address, phone
from benchmarks.peers.contestant import Contestant, Decide
from benchmarks.peers.registry import GUARD, SYNC

ROUNDS = sized(30, 4)
WORKERS = 64
MOST = 10  # what an address, and in one case the total, admits

_fresh = count(1)


def main() -> None:
    """Count, print and write down."""
    report = Report("exactness")
    counts = {}
    with stage() as where, ThreadPoolExecutor(WORKERS) as pool:
        for name, contestant in SYNC.items():
            counts[name] = _counts(where, pool, contestant)
    report.table(
        f"{WORKERS} workers at once, worst of {ROUNDS} rounds",
        [
            "three limits",
            "over per phone",
            "over per address",
            "over in total",
            "of 10 refused, shut out",
            "keys without expiry",
        ],
        [[name, *counted] for name, counted in counts.items()],
    )
    ours = counts[GUARD]
    report.bar(f"overshoot under {WORKERS} workers", max(ours[:3]), "=", 0)
    report.bar("quota consumed by refusals", ours[3], "=", 0)
    report.bar("keys without an expiry", ours[4], "=", 0)
    report.close()


def _counts(where: Stage, pool: ThreadPoolExecutor, contestant: Contestant) -> list[int]:
    over_phone = over_address = over_total = 0
    with contestant(where, Three(address=MOST)) as decide:
        for _ in range(ROUNDS):
            one = phone(next(_fresh))
            admitted = _at_once(pool, lambda: decide(one, address(next(_fresh))))  # noqa: B023
            over_phone = max(over_phone, admitted - 1)
            here = address(next(_fresh))
            admitted = _at_once(pool, lambda: decide(phone(next(_fresh)), here))  # noqa: B023
            over_address = max(over_address, admitted - MOST)
        consumed = _consumed(decide)
    for _ in range(ROUNDS):
        where.clear()
        with contestant(where, Three(address=MOST, total=MOST)) as decide:
            admitted = _at_once(
                pool,
                lambda: decide(phone(next(_fresh)), address(next(_fresh))),
            )
            over_total = max(over_total, admitted - MOST)
    eternal = where.eternal()
    where.clear()
    return [over_phone, over_address, over_total, consumed, eternal]


def _at_once(pool: ThreadPoolExecutor, decide: Callable[[], bool]) -> int:
    """Return how many of 64 that begin in the same moment were admitted."""
    barrier = Barrier(WORKERS)

    def work(_: int) -> bool:
        barrier.wait()
        return decide()

    return sum(pool.map(work, range(WORKERS)))


def _consumed(decide: Decide) -> int:
    """Return how many of ten phones are shut out for having asked from a full address."""
    here = address(next(_fresh))
    for _ in range(MOST):
        decide(phone(next(_fresh)), here)
    victims = [phone(next(_fresh)) for _ in range(10)]
    for victim in victims:
        decide(victim, here)
    return sum(not decide(victim, address(next(_fresh))) for victim in victims)


if __name__ == "__main__":
    main()
