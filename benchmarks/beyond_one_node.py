"""Where does one node end, and what would lie beyond it? The page beside this file tells it.

Measured: what a core decides. Simulated: products on a cluster's slots, and a day's fuse that is
leased to regions in blocks. The chances are seeded: every run draws the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import mean, median

from redis.crc import key_slot

from benchmarks.frame.guards import commands, open_policy, reserve, settle, verify
from benchmarks.frame.laps import measured
from benchmarks.frame.raw import RawSender
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import stage
from smsctl.store.scripts import script

VENDOR = 5_000
"""SendSms a second that the vendor takes from one account."""
COUNT, ROUNDS, WINDOW = sized(10_000, 1_500), sized(7, 3), 200
DRAWS = sized(2_000, 200)
DAYS = sized(200, 20)
FUSE, DEMAND = 5_000, 8_000
SLOTS = 16_384
BLOCKS = (1, 10, 50, 250)
LOADS = {"even": (1, 1, 1), "8 : 1 : 1": (8, 1, 1)}

_POLICY = open_policy()
_CALLS = {
    "reserve, new phone": reserve,
    "settle": settle,
    "verify, wrong": verify,
    "reserve, refused": reserve,
}


def main() -> None:
    """Measure, simulate, print and write down."""
    report = Report("beyond_one_node")
    _one_node(report)
    _products(report)
    _regions(report)
    report.close()


def _one_node(report: Report) -> None:
    spent: dict[str, list[float]] = {name: [] for name in _CALLS}
    with stage() as where:
        for name in ("reserve", "settle", "verify"):
            where.client.script_load(script(name).text)
        for turn in range(ROUNDS):
            numbers = range(turn * COUNT, (turn + 1) * COUNT)
            for name, call in _CALLS.items():
                sender = RawSender(where, commands(_POLICY, call, numbers), WINDOW)
                spent[name].append(measured(where, sender, COUNT).server_cpu)
    cost = {name: median(each) for name, each in spent.items()}
    cost["a message: reserve, settle, verify"] = sum(list(cost.values())[:3])
    report.table(
        f"One core of one node, over the {VENDOR:,} messages a second that the vendor takes",
        ["call", "µs of the core", "a second", "over the vendor"],
        [[name, each, 1e6 / each, 1e6 / each / VENDOR] for name, each in cost.items()],
    )


# A prefix for each product


def _products(report: Report) -> None:
    chance = Random(7)
    rows: list[list[object]] = []
    for products in (2, 4, 8, 16):
        row: list[object] = [products]
        for nodes in (3, 6):
            busiest = [_busiest(chance, products, nodes) for _ in range(DRAWS)]
            row += [products / mean(busiest), sum(each == products for each in busiest) / DRAWS]
        rows.append(row)
    report.table(
        "Products with a prefix of their own on a cluster: how many nodes' worth they decide, and "
        "how often all lie on one",
        ["products", "3 nodes", "on one", "6 nodes", "on one"],
        rows,
    )


def _busiest(chance: Random, products: int, nodes: int) -> int:
    """Return how many products the busiest node has, where names fall as they do."""
    held = [0] * nodes
    for _ in range(products):
        slot = key_slot(f"{{product-{chance.getrandbits(32)}}}".encode())
        held[slot * nodes // SLOTS] += 1
    return max(held)


# A fuse over regions


@dataclass(slots=True)
class Day:
    """One day of a fuse that regions hold parts of."""

    left: int
    """What no region holds."""
    held: list[int]
    calls: int = 0
    """Between regions."""
    idle: int | None = None
    """What regions still held when somebody was refused for the first time."""
    stranded: int = 0
    """What the region that died took with it."""
    asked: list[int] = field(default_factory=lambda: [0, 0, 0])
    admitted: list[int] = field(default_factory=lambda: [0, 0, 0])
    blown: set[int] = field(default_factory=set)
    """The regions that were told so: a refusal stands until the day ends."""

    def send(self, region: int, block: int, *, shrinking: bool) -> None:
        """Admit one message in this region, or refuse it."""
        self.asked[region] += 1
        if not self.held[region] and region not in self.blown:
            self.calls += 1
            fair = -(-self.left // (2 * len(self.held))) if shrinking else block
            lease = min(block, fair, self.left)
            self.left -= lease
            self.held[region] = lease
            if not lease:
                self.blown.add(region)
        if self.held[region]:
            self.held[region] -= 1
            self.admitted[region] += 1
        elif self.idle is None:
            self.idle = self.left + sum(self.held)


@dataclass(frozen=True, slots=True)
class Way:
    """How regions come by their part."""

    name: str
    block: int
    shrinking: bool = False
    split: bool = False

    def day(self, seed: int, weights: Sequence[int], *, dies: bool) -> Day:
        """Return a day on which more is asked for than the fuse admits."""
        chance = Random(f"{seed}")
        shares = [FUSE * (n + 1) // 3 - FUSE * n // 3 for n in range(3)]
        day = Day(left=0, held=shares) if self.split else Day(left=FUSE, held=[0, 0, 0])
        death = chance.randrange(FUSE // 2) if dies else DEMAND
        lost = chance.choices(range(3), weights)[0]
        for turn, region in enumerate(chance.choices(range(3), weights, k=DEMAND)):
            if turn == death:
                day.stranded, day.held[lost] = day.held[lost], 0
            served = (region + 1) % 3 if turn >= death and region == lost else region
            day.send(served, self.block, shrinking=self.shrinking)
        return day


def _ways() -> Iterator[Way]:
    for block in BLOCKS:
        yield Way(f"blocks of {block}", block)
    yield Way(f"{BLOCKS[-1]}, shrinking", BLOCKS[-1], shrinking=True)
    yield Way("a third each", 0, split=True)


def _regions(report: Report) -> None:
    over = 0
    for load, weights in LOADS.items():
        rows: list[list[object]] = []
        for way in _ways():
            days = [way.day(seed, weights, dies=False) for seed in range(DAYS)]
            deaths = [way.day(seed, weights, dies=True) for seed in range(DAYS)]
            over = max(over, *(sum(day.admitted) - FUSE for day in (*days, *deaths)))
            rows.append(_row(way, days, deaths))
        report.table(
            f"A fuse of {FUSE:,} over three regions, {DEMAND:,} asked for, load {load}",
            [
                "leased in",
                "calls between regions",
                "idle at the first refusal",
                "most",
                "admitted of what a region asked, least %",
                "most %",
                "stranded by a death",
                "most",
            ],
            rows,
        )
    report.bar("simulated: messages beyond a leased fuse", over, "=", 0)
    report.note(f"Means of {DAYS} days; a region dies before half of the fuse is used.")


def _row(way: Way, days: Sequence[Day], deaths: Sequence[Day]) -> list[object]:
    idle = [day.idle or 0 for day in days]
    stranded = [day.stranded for day in deaths]
    shares = [
        100 * mean(day.admitted[region] / day.asked[region] for day in days) for region in range(3)
    ]
    calls = mean(day.calls for day in days)
    ends = [min(shares), max(shares)]
    return [way.name, calls, mean(idle), max(idle), *ends, mean(stranded), max(stranded)]


if __name__ == "__main__":
    main()
