"""A replica that was cut off, and that real sentinels or a real cluster promote all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smsctl.store.target import read_target
from smsctl.testing import FakeGateway
from tests.guards import Bench, MakeBench
from tests.topology.clusters import Cluster
from tests.topology.figures import Measured
from tests.topology.links import REPLICA
from tests.topology.loads import CALLERS, fused, pressing
from tests.topology.nodes import Node
from tests.topology.sentinels import Sentinels

FUSE = 300
TIMEOUT = 0.4

pytestmark = [
    pytest.mark.long,
    pytest.mark.parametrize("strict", [True, False], ids=["strict", "aof"]),
]


def cut_and_promote(
    bench: Bench,
    gateway: FakeGateway,
    primary: Node,
    promote: Callable[[], None],
    *,
    strict: bool,
) -> int:
    """Return how many messages there were beyond the fuse.

    A hundred are sent while all is well, more while no replica hears of it, the rest after the
    primary's end.
    """
    with pressing(bench, gateway) as load:
        load.await_more("sent", 100)
        assert primary.door is not None
        primary.door.break_off("cut", REPLICA)
        load.await_more("unavailable" if strict else "sent", 12 if strict else 100)
        primary.kill()
        promote()
        load.await_more("refused", 20)
    assert load.sent_twice == 0
    return load.over(FUSE)


def judge(over: int, *, strict: bool) -> None:
    """Invariant 1 with `strict`; without, what the replica missed was sent again."""
    if strict:
        assert over == 0
    else:
        assert over >= 100 - CALLERS  # some were on their way


def test_sentinels_promote_a_replica_that_was_cut_off(
    make_bench: MakeBench,
    service: Sentinels,
    gateway: FakeGateway,
    measured: Measured,
    *,
    strict: bool,
) -> None:
    """With `strict` the fuse holds; the guard goes on once the old primary follows the new one."""
    target = read_target(service.url, timeout=TIMEOUT)
    bench = make_bench(fused(FUSE), gateway=gateway, target=target, strict=strict)
    former = service.primary()

    def promote() -> None:
        service.promoted(former)
        service.revive()

    over = cut_and_promote(bench, gateway, former, promote, strict=strict)
    measured("overshoot", over)
    judge(over, strict=strict)


def test_a_cluster_promotes_a_replica_that_was_cut_off(
    make_bench: MakeBench,
    nodes: Cluster,
    gateway: FakeGateway,
    measured: Measured,
    *,
    strict: bool,
) -> None:
    """With `strict` the fuse holds; the guard goes on once the old owner follows the new one."""
    target = read_target(nodes.url, timeout=TIMEOUT)
    bench = make_bench(fused(FUSE), gateway=gateway, target=target, strict=strict)
    former = nodes.owner()

    def promote() -> None:
        nodes.promoted(former)
        nodes.revive()

    over = cut_and_promote(bench, gateway, former, promote, strict=strict)
    measured("overshoot", over)
    judge(over, strict=strict)
