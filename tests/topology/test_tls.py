"""TLS as servers themselves speak it: alone, behind sentinels, and as a cluster.

The embedded store's binary has none; a Debian `redis-server` or `valkey-server` has.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsctl import StoreUnavailable
from smsctl.store.rights import CLUSTER, GUARD, OPERATOR
from smsctl.store.target import read_target
from smsctl.testing import FakeCaptcha, FakeGateway
from tests.guards import MakeBench
from tests.store.fronts import vouched_for
from tests.store.test_transport import PASSWORD, POLICY, everything_it_does
from tests.topology.clusters import cluster
from tests.topology.links import HOST
from tests.topology.nodes import Certificate, Node, ended, free_ports, listening, options, start
from tests.topology.sentinels import sentinels
from tests.topology.test_users import grant, with_user


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """Return a certificate for loopback, and the CA that signed it."""
    vouched_for(HOST, tmp_path)
    return Certificate(tmp_path / "ca.pem", tmp_path / "server.pem")


@pytest.fixture
def program(tmp_path: Path, certificate: Certificate) -> Path:
    """Return a server program on PATH that speaks TLS; skips the test where there is none."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and _speaks(Path(found), tmp_path, certificate):
            return Path(found)
    pytest.skip("no valkey-server or redis-server with TLS on PATH: install Debian's")


def _speaks(found: Path, folder: Path, certificate: Certificate) -> bool:
    with ended([node := _node(found, folder, certificate)]):
        try:
            start([node])
        except AssertionError:  # it ended: it knows no such options
            return False
        return True


def _node(found: Path, folder: Path, certificate: Certificate) -> Node:
    (port,) = free_ports(1)
    command: list[str | Path] = [found, *options(listening(port, certificate)), "--save", ""]
    return Node(port, folder, command, ca=certificate.ca)


@pytest.fixture
def server(program: Path, tmp_path: Path, certificate: Certificate) -> Iterator[Node]:
    """Return a server that speaks TLS alone, with one user of few rights."""
    with ended([node := _node(program, tmp_path, certificate)]):
        start([node])
        grant([node], [*GUARD, *OPERATOR])
        yield node


def test_a_server_is_reached_over_its_own_tls(
    make_bench: MakeBench, server: Node, certificate: Certificate, gateway: FakeGateway
) -> None:
    """As a user of few rights, for all that the guard and operators do."""
    captcha = FakeCaptcha()
    url = with_user(f"rediss://{HOST}:{server.port}/0")
    target = read_target(url, ca=str(certificate.ca))
    bench = make_bench(POLICY, gateway=gateway, captcha=captcha, target=target)
    everything_it_does(bench, gateway, captcha)


def test_a_server_that_nobody_vouches_for_hears_nothing(
    make_bench: MakeBench, server: Node, gateway: FakeGateway
) -> None:
    """Invariant 8: the handshake ends before any password is said."""
    target = read_target(with_user(f"rediss://{HOST}:{server.port}/0"))
    with pytest.raises(StoreUnavailable, match="the certificate of the store at"):
        make_bench(gateway=gateway, target=target).send()
    assert "cmdstat_auth" not in server.fields("INFO", "commandstats")
    assert gateway.sent == []


def test_a_server_that_expects_tls_is_told_from_one_that_does_not(
    make_bench: MakeBench, server: Node, gateway: FakeGateway
) -> None:
    """A plain URL at a TLS port is an unreachable store, and nothing is sent."""
    target = read_target(with_user(f"redis://{HOST}:{server.port}/0"))
    with pytest.raises(StoreUnavailable) as caught:
        make_bench(gateway=gateway, target=target).send()
    assert PASSWORD not in str(caught.value)
    assert gateway.sent == []


def test_sentinels_and_their_servers_are_reached_over_tls(
    make_bench: MakeBench,
    program: Path,
    tmp_path: Path,
    certificate: Certificate,
    gateway: FakeGateway,
) -> None:
    """Every way is encrypted, and after a failover the new primary's is."""
    with sentinels(program, tmp_path, certificate=certificate) as running:
        target = read_target(running.url, ca=str(certificate.ca))
        bench = make_bench(gateway=gateway, target=target)
        assert bench.send()
        former = running.primary()
        former.kill()
        running.promoted(former)
        assert bench.verify(gateway.sent[0].code)


@pytest.mark.long_but("sync")
def test_a_cluster_is_reached_over_tls(
    make_bench: MakeBench,
    program: Path,
    tmp_path: Path,
    certificate: Certificate,
    gateway: FakeGateway,
) -> None:
    """As a user of few rights, and MOVED leads to the other node's TLS port."""
    with cluster(program, tmp_path, certificate=certificate) as running:
        grant(running.nodes, [*GUARD, *CLUSTER])
        target = read_target(with_user(running.url), ca=str(certificate.ca))
        bench = make_bench(gateway=gateway, target=target)
        assert bench.send()
        source, other = running.owner(), running.others()[0]
        running.begin_move(source, other)
        while running.move_keys(source, other, 100):
            pass
        running.end_move(source, other)
        assert bench.verify(gateway.sent[0].code)
