"""Passwords and users of few rights, before sentinels, servers and clusters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from smsctl import StoreUnavailable
from smsctl.store.rights import CLUSTER, GUARD, OPERATOR, SENTINEL, STRICT
from smsctl.store.target import read_target
from smsctl.testing import FakeCaptcha, FakeGateway
from tests.guards import MakeBench
from tests.store.test_transport import PASSWORD, POLICY, everything_it_does
from tests.topology.clusters import Cluster
from tests.topology.nodes import Node
from tests.topology.replicated import replicated
from tests.topology.sentinels import Sentinels, sentinels

pytestmark = pytest.mark.long_but("sync")
SECRET = "the-default-users"


def with_user(url: str, password: str = PASSWORD, user: str = "app") -> str:
    return url.replace("://", f"://{user}:{quote(password, safe='')}@")


def grant(nodes: Iterable[Node], commands: Iterable[str]) -> None:
    """Make the user anew on every node, with exactly these rights."""
    for node in nodes:
        node.ask("ACL", "DELUSER", "app")
        rights = [f"+{command}" for command in commands]
        node.ask("ACL", "SETUSER", "app", "on", f">{PASSWORD}", "~{sms}:*", *rights)


@pytest.fixture
def guarded(binary: Path, tmp_path: Path) -> Iterator[Sentinels]:
    """Return servers and sentinels with a password, and one user of few rights on each."""
    with sentinels(binary, tmp_path, password=SECRET, watchword=SECRET) as running:
        grant(running.nodes, [*GUARD, *OPERATOR, *STRICT])
        grant(running.watchers, SENTINEL)
        yield running


@pytest.fixture
def shared(nodes: Cluster) -> Iterator[Cluster]:
    """Return a cluster with one user of few rights on each node."""
    grant(nodes.nodes, [*GUARD, *OPERATOR, *CLUSTER, *STRICT])
    yield nodes
    for node in nodes.nodes:
        node.ask("ACL", "DELUSER", "app")


def test_a_user_of_few_rights_does_it_all_over_sentinel(
    make_bench: MakeBench, guarded: Sentinels, gateway: FakeGateway
) -> None:
    """With `strict`, and with no more than the README names."""
    captcha = FakeCaptcha()
    target = read_target(with_user(guarded.url))
    bench = make_bench(POLICY, gateway=gateway, captcha=captcha, target=target, strict=True)
    everything_it_does(bench, gateway, captcha)


@pytest.mark.long
@pytest.mark.parametrize("right", SENTINEL)
def test_no_right_over_sentinel_is_asked_for_in_vain(
    make_bench: MakeBench, guarded: Sentinels, gateway: FakeGateway, right: str
) -> None:
    """Without either of them nobody knows a primary, and why is told."""
    grant(guarded.watchers, [each for each in SENTINEL if each != right])
    bench = make_bench(gateway=gateway, target=read_target(with_user(guarded.url)))
    with pytest.raises(StoreUnavailable, match="does not let this user"):
        bench.send()
    assert gateway.sent == []


@pytest.mark.parametrize("watchword", ["", SECRET], ids=["open sentinels", "closed sentinels"])
def test_one_password_opens_servers_and_sentinels(
    make_bench: MakeBench, binary: Path, tmp_path: Path, gateway: FakeGateway, watchword: str
) -> None:
    """The sentinels get it only where they ask for one."""
    with sentinels(binary, tmp_path, password=SECRET, watchword=watchword) as running:
        target = read_target(with_user(running.url, SECRET, user=""))
        bench = make_bench(gateway=gateway, target=target)
        assert bench.send()
        assert bench.verify(gateway.sent[0].code)


@pytest.mark.long
@pytest.mark.parametrize("door", ["servers", "sentinels"])
def test_a_wrong_password_is_told_without_it(
    make_bench: MakeBench, binary: Path, tmp_path: Path, gateway: FakeGateway, door: str
) -> None:
    """Invariant 8: neither the right one nor the wrong one is in what is said."""
    words = (SECRET, "") if door == "servers" else ("", SECRET)
    with sentinels(binary, tmp_path, password=words[0], watchword=words[1]) as running:
        target = read_target(with_user(running.url, user=""))
        with pytest.raises(StoreUnavailable, match="refused the password") as caught:
            make_bench(gateway=gateway, target=target).send()
    told = f"{caught.value!r} {caught.value.hint}"
    assert PASSWORD not in told
    assert SECRET not in told
    assert gateway.sent == []


def test_a_user_of_few_rights_does_it_all_over_a_cluster(
    make_bench: MakeBench, shared: Cluster, gateway: FakeGateway
) -> None:
    """With `strict`, and with no more than the README names; also while the slot is moving."""
    captcha = FakeCaptcha()
    target = read_target(with_user(shared.url))
    bench = make_bench(POLICY, gateway=gateway, captcha=captcha, target=target, strict=True)
    everything_it_does(bench, gateway, captcha)
    source, other = shared.owner(), shared.others()[0]
    shared.begin_move(source, other)
    while shared.move_keys(source, other, 100):
        pass
    with pytest.raises(StoreUnavailable, match="moving its slot"):
        bench.send("13700137000", captcha_token="t")
    shared.end_move(source, other)
    assert bench.send("13700137000", captcha_token="t")


@pytest.mark.parametrize("right", ["role", "wait"])
def test_strict_on_one_server_needs_two_rights_more(
    make_bench: MakeBench, binary: Path, tmp_path: Path, gateway: FakeGateway, right: str
) -> None:
    """With both a send goes through; without either of them why it does not is told."""
    with replicated(binary, tmp_path, replicas=1) as running:
        target = read_target(with_user(running.url))
        for granted in ({"role", "wait"}, {"role", "wait"} - {right}):
            grant([running.primary], [*GUARD, *granted])
            bench = make_bench(POLICY, gateway=gateway, target=target, strict=True)
            if right in granted:
                assert bench.send()
            else:
                with pytest.raises(StoreUnavailable, match="does not let this user"):
                    bench.send()
    assert len(gateway.sent) == 1


@pytest.mark.long
@pytest.mark.parametrize("right", [*CLUSTER, *STRICT])
def test_no_right_on_a_cluster_is_asked_for_in_vain(
    make_bench: MakeBench, shared: Cluster, gateway: FakeGateway, right: str
) -> None:
    """Without any one of them something fails, and says why."""
    grant(shared.nodes, [each for each in (*GUARD, *CLUSTER, *STRICT) if each != right])
    bench = make_bench(gateway=gateway, target=read_target(with_user(shared.url)), strict=True)
    source, other = shared.owner(), shared.others()[0]
    shared.begin_move(source, other)  # nothing is there, so that the other one is asked
    with pytest.raises(StoreUnavailable, match="does not let this user"):
        bench.send()
    shared.end_move(source, other)
    assert gateway.sent == []
