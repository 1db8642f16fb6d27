"""Whoever is asked for the primary may be wrong about it: what then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsctl import StoreUnavailable
from smsctl.store.target import read_target
from smsctl.testing import FakeGateway
from tests.guards import MakeBench
from tests.servers import redis_62
from tests.topology.clusters import SLOT
from tests.topology.links import HOST
from tests.topology.nodes import Stopwatch
from tests.topology.replicated import Replicated, replicated
from tests.topology.scripted import scripted, text, texts
from tests.topology.sentinels import Sentinels

TIMEOUT = 0.4


@pytest.fixture(params=["valkey", "redis-6.2"])
def pair(request: pytest.FixtureRequest, binary: Path, tmp_path: Path) -> Iterator[Replicated]:
    """Return a primary with one replica."""
    program = binary if request.param == "valkey" else redis_62()
    with replicated(program, tmp_path, replicas=1) as running:
        yield running


class Watcher:
    """A sentinel that names these primaries, one after the other, and the last one from then on."""

    def __init__(self, *ports: int) -> None:
        self.ports = list(ports)
        self.asked = 0

    def __call__(self, command: list[bytes]) -> bytes:
        if command[1].upper() != b"GET-MASTER-ADDR-BY-NAME":
            return texts()
        self.asked += 1
        return texts(HOST, self.ports.pop(0) if len(self.ports) > 1 else self.ports[0])


def test_a_sentinel_that_was_behind_is_asked_again(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """READONLY says that nothing was done: the sentinel that knows better now is believed."""
    watcher = Watcher(pair.replicas[0].port, pair.primary.port)
    with scripted(watcher) as port:
        bench = make_bench(gateway=gateway, target=read_target(f"redis+sentinel://{HOST}:{port}/s"))
        assert bench.send()
        assert watcher.asked == 2
        assert bench.verify(gateway.sent[0].code)
        assert watcher.asked == 2


def test_a_sentinel_that_stays_behind_is_not_the_only_one_asked(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """One that is cut off from the others names the old primary for ever; the others know."""
    stale, other = Watcher(pair.replicas[0].port), Watcher(pair.primary.port)
    with scripted(stale) as first, scripted(other) as second:
        url = f"redis+sentinel://{HOST}:{first},{HOST}:{second}/s"
        bench = make_bench(gateway=gateway, target=read_target(url))
        assert bench.send()
        assert bench.verify(gateway.sent[0].code)


def test_a_sentinel_that_names_a_dead_server_is_not_the_only_one_asked(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """As long as it has not noticed, another one may have."""
    stale, other = Watcher(pair.primary.port), Watcher(pair.replicas[0].port)
    pair.fail_over()
    pair.replicas[0].kill()
    with scripted(stale) as first, scripted(other) as second:
        url = f"redis+sentinel://{HOST}:{first},{HOST}:{second}/s"
        bench = make_bench(gateway=gateway, target=read_target(url))
        assert bench.send()
        assert bench.verify(gateway.sent[0].code)


@pytest.mark.long_but("async")
def test_sentinels_that_hang_are_told_in_time(
    make_bench: MakeBench, service: Sentinels, gateway: FakeGateway
) -> None:
    """Invariant 9: none of three answers, and the caller waits for the timeout, not for three."""
    for watcher in service.watchers:
        watcher.freeze()
    bench = make_bench(gateway=gateway, target=read_target(service.url, timeout=TIMEOUT))
    clock = Stopwatch()
    with pytest.raises(StoreUnavailable, match="did not answer in time"):
        bench.send()
    assert clock.seconds < 2 * TIMEOUT
    assert gateway.sent == []


@pytest.mark.long_but("sync")
def test_one_sentinel_that_hangs_keeps_nobody(
    make_bench: MakeBench, service: Sentinels, gateway: FakeGateway
) -> None:
    """The others are asked within the same timeout."""
    service.watchers[0].freeze()
    bench = make_bench(gateway=gateway, target=read_target(service.url))
    assert bench.send()


def test_an_owner_that_lost_its_cluster_is_left(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """A node in a minority says CLUSTERDOWN, and its seeds name it still; the majority knows."""

    def map_of(port: int) -> bytes:
        return text(f"{'a' * 40} {HOST}:{port}@1 master - 0 0 1 connected {SLOT}\n")

    def minority(command: list[bytes]) -> bytes:
        if command[0] == b"CLUSTER":
            return map_of(alone)
        return b"-CLUSTERDOWN The cluster is down\r\n"

    with (
        scripted(minority) as alone,
        scripted(lambda _: map_of(pair.primary.port)) as other,
    ):
        lonely = read_target(f"redis+cluster://{HOST}:{alone}")
        with pytest.raises(StoreUnavailable, match="a cluster that is down"):
            make_bench(gateway=gateway, target=lonely).send()
        both = read_target(f"redis+cluster://{HOST}:{alone},{HOST}:{other}")
        assert make_bench(gateway=gateway, target=both).send()
    assert len(gateway.sent) == 1
