"""A guard over Sentinel: it finds the primary, and goes on with the next one."""

from __future__ import annotations

import pytest

from smsctl import StoreUnavailable
from smsctl.store.target import read_target
from smsctl.testing import FakeGateway
from tests.guards import MakeBench
from tests.topology.figures import Measured
from tests.topology.loads import fused, pressing
from tests.topology.nodes import Stopwatch
from tests.topology.sentinels import Sentinels

FUSE = 800


def test_the_primary_is_found_by_any_sentinel(
    make_bench: MakeBench, service: Sentinels, gateway: FakeGateway
) -> None:
    """Two of three are dead, the last one answers, and everything is on the primary."""
    for watcher in service.watchers[:2]:
        watcher.kill()
    bench = make_bench(gateway=gateway, target=read_target(service.url))
    assert bench.send()
    assert bench.verify(gateway.sent[0].code)
    assert service.primary().ask("DBSIZE") > 0


@pytest.mark.long_but("sync")
@pytest.mark.parametrize("fall", ["killed", pytest.param("frozen", marks=pytest.mark.long)])
def test_a_failover_under_load_is_followed(
    make_bench: MakeBench,
    service: Sentinels,
    gateway: FakeGateway,
    measured: Measured,
    fall: str,
) -> None:
    """Decisions go on with the new primary, and no request is sent twice."""
    bench = make_bench(fused(FUSE), gateway=gateway, target=read_target(service.url, timeout=0.5))
    with pressing(bench, gateway) as load:
        load.await_more("sent", 200)
        former, clock = service.primary(), Stopwatch()
        former.kill() if fall == "killed" else former.freeze()
        service.promoted(former)
        measured("s to a new primary", clock.seconds)
        load.await_more("sent", 1)
        load.await_more("refused", 50)
    measured("s without a decision", load.gap)
    measured("overshoot", load.over(FUSE))
    assert load.sent_twice == 0


def test_without_sentinels_the_place_and_the_remedy_are_told(
    make_bench: MakeBench, service: Sentinels, gateway: FakeGateway
) -> None:
    """Invariant 9: a guard that knows no primary yet sends nothing; one that does goes on."""
    site = read_target(service.url)
    before = make_bench(gateway=gateway, target=site)
    assert before.send()
    for watcher in service.watchers:
        watcher.kill()
    with pytest.raises(StoreUnavailable) as caught:
        make_bench(gateway=gateway, target=site).send()
    assert str(caught.value) == f"the store at {site.place} cannot be reached"
    assert "store.url" in str(caught.value.hint)
    assert before.verify(gateway.sent[0].code)
    assert len(gateway.sent) == 1


@pytest.mark.long_but("sync")
def test_sentinels_remember_a_replica_that_is_gone(
    make_bench: MakeBench, service: Sentinels, gateway: FakeGateway
) -> None:
    """With `strict` a guard that starts after its end does not take the other one for all."""
    service.replicas()[0].kill()
    site = read_target(service.url, timeout=0.4)
    with pytest.raises(StoreUnavailable, match="could not confirm the write"):
        make_bench(gateway=gateway, target=site, strict=True).send()
    assert gateway.sent == []
    service.revive()
    assert make_bench(gateway=gateway, target=site, strict=True).send("13900139000")


@pytest.mark.long_but("async")
def test_a_service_that_nobody_watches_is_told(
    make_bench: MakeBench, service: Sentinels, gateway: FakeGateway
) -> None:
    """A misspelt name is not an outage."""
    site = read_target(service.url.replace("codes", "coeds"))
    with pytest.raises(StoreUnavailable, match="know no primary of that name"):
        make_bench(gateway=gateway, target=site).send()
    assert gateway.sent == []
