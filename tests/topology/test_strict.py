"""`durability: strict`: what was admitted survives a failover, and without replicas nothing is.

Beside each stands the honest figure without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from smsctl import StoreUnavailable
from smsctl.store.scripts import script
from smsctl.store.target import Target, read_target
from smsctl.testing import FakeGateway
from tests.guards import Bench, MakeBench
from tests.proxies import proxied
from tests.topology.figures import Measured
from tests.topology.loads import CALLERS, fused, pressing
from tests.topology.nodes import Stopwatch
from tests.topology.replicated import Replicated, replicated

FUSE = 300
TIMEOUT = 0.4
UNCONFIRMED = "could not confirm the write"


@pytest.fixture
def pair(binary: Path, tmp_path: Path) -> Iterator[Replicated]:
    """Return a primary with one replica."""
    with replicated(binary, tmp_path, replicas=1) as running:
        yield running


@pytest.fixture
def trio(binary: Path, tmp_path: Path) -> Iterator[Replicated]:
    """Return a primary with two replicas."""
    with replicated(binary, tmp_path, replicas=2) as running:
        yield running


def refuses(bench: Bench, code: str) -> None:
    """Fail unless neither a send nor a verification gets through, both within the timeout."""
    for act in (lambda: bench.send("13900139000"), lambda: bench.verify(code)):
        clock = Stopwatch()
        with pytest.raises(StoreUnavailable, match=UNCONFIRMED):
            act()
        assert clock.seconds < 2 * TIMEOUT


@pytest.mark.long_but("sync")
@pytest.mark.parametrize("kind", ["cut", pytest.param("silent", marks=pytest.mark.long)])
@pytest.mark.parametrize("strict", [True, False], ids=["strict", "aof"])
def test_a_replica_that_was_cut_off_and_promoted_hands_nothing_out_again(
    make_bench: MakeBench,
    pair: Replicated,
    gateway: FakeGateway,
    measured: Measured,
    *,
    strict: bool,
    kind: Literal["cut", "silent"],
) -> None:
    """Invariant 1: with `strict` the fuse holds; without, what the replica missed is sent again."""
    target = read_target(pair.url, timeout=TIMEOUT)
    bench = make_bench(fused(FUSE), gateway=gateway, target=target, strict=strict)
    with pressing(bench, gateway) as load:
        load.await_more("sent", 100)
        pair.ties[0].break_off(kind)
        load.await_more("unavailable" if strict else "sent", 12 if strict else 100)
        clock = Stopwatch()
        pair.fail_over()
        measured("s to a new primary", clock.seconds)
        load.await_more("refused", 20)
    measured("overshoot", load.over(FUSE))
    measured("sent", len(gateway.sent))
    assert load.sent_twice == 0
    if strict:
        assert len(gateway.sent) <= FUSE
    else:
        assert load.over(FUSE) >= 100 - CALLERS  # some were on their way


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "aof"])
def test_a_code_that_verified_verifies_no_more_after_a_failover(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway, *, strict: bool
) -> None:
    """Invariant 2: with `strict` there is one success, told after the failover; without, two."""
    target = read_target(pair.url, timeout=TIMEOUT)
    bench = make_bench(gateway=gateway, target=target, strict=strict)
    bench.send()
    code = gateway.sent[0].code
    pair.ties[0].break_off("cut")
    successes = 0
    try:
        successes += bool(bench.verify(code))
    except StoreUnavailable as fault:
        assert UNCONFIRMED in str(fault)  # noqa: PT017 - only where strict
    pair.fail_over()
    bench.await_answer()
    successes += bool(bench.verify(code))
    assert successes == (1 if strict else 2)


@pytest.mark.long_but("async")
def test_without_any_replica_nothing_passes(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """Invariant 9: also for a guard that never saw one."""
    target = read_target(pair.url, timeout=TIMEOUT)
    before = make_bench(gateway=gateway, target=target, strict=True)
    before.send()
    pair.ties[0].break_off("cut")
    pair.await_followed(0)
    refuses(before, "000000")
    refuses(make_bench(gateway=gateway, target=target, strict=True), "000000")
    assert len(gateway.sent) == 1


@pytest.mark.long
def test_with_its_replica_back_a_guard_goes_on(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway
) -> None:
    """What was asked meanwhile counts as a try, and the code still verifies."""
    target = read_target(pair.url, timeout=TIMEOUT)
    bench = make_bench(gateway=gateway, target=target, strict=True)
    bench.send()
    pair.ties[0].break_off("cut")
    pair.await_followed(0)
    refuses(bench, "000000")
    pair.ties[0].mend()
    pair.await_followed(1)
    assert bench.verify(gateway.sent[0].code)


@pytest.mark.long_but("async")
@pytest.mark.parametrize(
    "missing", ["dead", pytest.param("frozen", marks=pytest.mark.long), "silent"]
)
def test_with_one_of_two_replicas_missing_nothing_passes(
    make_bench: MakeBench, trio: Replicated, gateway: FakeGateway, missing: str
) -> None:
    """Invariant 9: the one that is left may not be the one that is promoted."""
    target = read_target(trio.url, timeout=TIMEOUT)
    bench = make_bench(gateway=gateway, target=target, strict=True)
    bench.send()
    match missing:
        case "dead":
            trio.replicas[1].kill()
            trio.await_followed(1)
        case "frozen":
            trio.replicas[1].freeze()
        case _:
            trio.ties[1].break_off("silent")
    refuses(bench, "000000")
    assert len(gateway.sent) == 1


def test_asking_again_does_not_pass_on_what_no_replica_has(
    make_bench: MakeBench, pair: Replicated, gateway: FakeGateway, tmp_path: Path
) -> None:
    """Invariant 10: after a lost reply the repeated reservation writes nothing, and yet waits."""
    with proxied(pair.socket, tmp_path) as proxy:
        target = Target(scheme="unix", path=str(proxy.path), timeout=TIMEOUT)
        bench = make_bench(gateway=gateway, target=target, strict=True)
        assert bench.send()
        pair.ties[0].break_off("silent")
        proxy.lose_next(script("reserve").sha.encode())
        with pytest.raises(StoreUnavailable, match=UNCONFIRMED):
            bench.send("13900139000")
        asked = [each for each in proxy.requests if script("reserve").sha.encode() in each]
    assert len(asked) == 3
    assert len(gateway.sent) == 1
