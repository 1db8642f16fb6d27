"""A guard over a Redis Cluster: it finds the owner of its slot, and follows where the slot goes."""

from __future__ import annotations

import pytest

from smsctl import StoreUnavailable
from smsctl.store.target import read_target
from smsctl.testing import FakeGateway
from tests.guards import MakeBench
from tests.topology.clusters import Cluster
from tests.topology.figures import Measured
from tests.topology.loads import fused, pressing
from tests.topology.nodes import Node, Stopwatch

FUSE = 500


def refused_with(node: Node, error: str) -> int:
    """Return how often a node answered with that error."""
    told = node.fields("INFO", "errorstats").get(f"errorstat_{error}", "count=0")
    return int(told.partition("=")[2])


def test_everything_lies_on_one_slot(
    make_bench: MakeBench, nodes: Cluster, gateway: FakeGateway
) -> None:
    """Whichever node is asked first: all keys are the owner's, and the others have none."""
    for node in nodes.nodes:
        site = read_target(f"redis+cluster://127.0.0.1:{node.seen}")
        bench = make_bench(fused(9), gateway=gateway, target=site)
        assert bench.send()
        assert bench.verify(gateway.sent[-1].code)
    assert nodes.owner().ask("DBSIZE") > 0
    assert [node.ask("DBSIZE") for node in nodes.others()] == [0, 0]


def test_a_slot_that_moved_is_followed(
    make_bench: MakeBench, nodes: Cluster, gateway: FakeGateway
) -> None:
    """MOVED says that nothing was done and who does it: the caller notices nothing."""
    bench = make_bench(gateway=gateway, target=read_target(nodes.url))
    bench.send()
    source, target = nodes.owner(), nodes.others()[0]
    nodes.begin_move(source, target)
    while nodes.move_keys(source, target, 100):
        pass
    nodes.end_move(source, target)
    before = refused_with(source, "MOVED")
    assert bench.verify(gateway.sent[0].code)
    assert refused_with(source, "MOVED") == before + 1


@pytest.mark.long_but("async")
@pytest.mark.parametrize("fall", ["killed", pytest.param("frozen", marks=pytest.mark.long)])
def test_a_failover_of_the_owner_under_load_is_followed(
    make_bench: MakeBench, nodes: Cluster, gateway: FakeGateway, measured: Measured, fall: str
) -> None:
    """Decisions go on with the replica that took over, and no request is sent twice."""
    bench = make_bench(fused(FUSE), gateway=gateway, target=read_target(nodes.url, timeout=0.5))
    with pressing(bench, gateway) as load:
        load.await_more("sent", 200)
        former, clock = nodes.owner(), Stopwatch()
        former.kill() if fall == "killed" else former.freeze()
        nodes.promoted(former)
        measured("s to a new owner", clock.seconds)
        load.await_more("sent", 1)
        load.await_more("refused", 50)
    measured("s without a decision", load.gap)
    measured("overshoot", load.over(FUSE))
    assert load.sent_twice == 0


@pytest.mark.long_but("sync")
def test_a_slot_that_moves_under_load_loses_nothing(
    make_bench: MakeBench, nodes: Cluster, gateway: FakeGateway, measured: Measured
) -> None:
    """Invariant 1: key by key, so that callers are told to try again; then exactly the fuse."""
    bench = make_bench(fused(FUSE), gateway=gateway, target=read_target(nodes.url))
    source, target = nodes.owner(), nodes.others()[0]
    errors = [refused_with(source, "TRYAGAIN"), refused_with(source, "ASK")]
    with pressing(bench, gateway) as load:
        load.await_more("sent", 200)
        nodes.begin_move(source, target)
        nodes.move_keys(source, target, 100)
        load.await_more("unavailable", 20)
        while nodes.move_keys(source, target, 100):
            pass
        load.await_more("unavailable", 20)
        nodes.end_move(source, target)
        load.await_more("sent", 50)
        load.await_more("refused", 50)
    measured("s without a decision", load.gap)
    assert refused_with(source, "TRYAGAIN") > errors[0]
    assert refused_with(source, "ASK") > errors[1]
    assert all("moving its slot" in told for told in load.faults)
    assert (len(gateway.sent), load.sent_twice) == (FUSE, 0)


@pytest.mark.long_but("async")
def test_a_slot_that_moves_at_once_under_load_loses_nothing(
    make_bench: MakeBench, nodes: Cluster, gateway: FakeGateway, measured: Measured
) -> None:
    """Invariant 1: Valkey 9 hands a slot over whole; then exactly the fuse."""
    if not nodes.moves_at_once:
        pytest.skip("this server has no CLUSTER MIGRATESLOTS")
    bench = make_bench(fused(FUSE), gateway=gateway, target=read_target(nodes.url))
    source, target = nodes.owner(), nodes.others()[0]
    with pressing(bench, gateway) as load:
        load.await_more("sent", 200)
        nodes.move_at_once(source, target)
        nodes.await_owner(target)
        load.await_more("refused", 50)
    measured("s without a decision", load.gap)
    measured("told unavailable", load.answers["unavailable"])
    assert (len(gateway.sent), load.sent_twice) == (FUSE, 0)


@pytest.mark.long
def test_a_cluster_without_the_owner_of_the_slot_is_told(
    make_bench: MakeBench, nodes: Cluster, gateway: FakeGateway
) -> None:
    """Invariant 9: until a replica took over nothing is sent."""
    site = read_target(nodes.url)
    bench = make_bench(gateway=gateway, target=site)
    for node in (nodes.replica(), nodes.owner()):
        node.kill()
    with pytest.raises(StoreUnavailable) as caught:
        bench.send()
    assert site.place in str(caught.value)
    assert str(caught.value.hint)
    assert gateway.sent == []
