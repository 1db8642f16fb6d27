"""Hosts under different policies on one store: none cuts what another counts or keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.policy import CodePolicy, Policy
from smsctl.core.ports import Denied, Reserved, Settlement
from smsctl.testing import Clock
from tests.histories import everything, guess, new_code, redis_store, request, rule
from tests.servers import PrivateServer


@pytest.fixture
def clock() -> Clock:
    """Return the one clock of both hosts."""
    return Clock()


def host(server: PrivateServer, clock: Clock, *rules: Any, **code: Any) -> Any:
    policy = replace(Policy(), rules=rules, code=CodePolicy(**code))
    store, _, _ = redis_store(server.target, policy, clock)
    return store


def test_a_shorter_rule_elsewhere_forgets_nothing(server: PrivateServer, clock: Clock) -> None:
    """Invariant 1: ten in 24 hours stay ten where another host counts one a minute."""
    long = host(server, clock, rule("day", "phone", 10, "24h"))
    short = host(server, clock, rule("minute", "phone", 1, "60s"))
    for number in range(9):
        assert isinstance(run_blocking(long.reserve(request(), new_code(number))), Reserved)
        clock.advance(61)
    assert isinstance(run_blocking(short.reserve(request(), new_code(9))), Reserved)
    assert isinstance(run_blocking(long.reserve(request(), new_code(10))), Denied)
    with server.client as client:
        assert client.pttl("{sms}:phone:phone-1") > 24 * 3_600_000


def test_a_shorter_life_elsewhere_keeps_earlier_codes(server: PrivateServer, clock: Clock) -> None:
    """Invariant 3: a rejection under another ttl leaves earlier codes as they were."""
    long, short = host(server, clock, ttl=600.0), host(server, clock, ttl=1.0)
    run_blocking(long.reserve(request(), new_code(1)))
    run_blocking(short.reserve(request(), new_code(2)))
    run_blocking(short.settle(request(), new_code(2), Settlement(state="rejected")))
    with server.client as client:
        assert client.pttl("{sms}:code:phone-1:login") > 500_000
    assert run_blocking(long.verify(guess(1))).result == "verified"


def test_a_smaller_wrong_budget_elsewhere_forgets_no_try(
    server: PrivateServer, clock: Clock
) -> None:
    """Invariant 2: what a phone guessed wrong is not cut to another host's budget."""
    large = host(server, clock, tries=10, wrong_max=5)
    small = host(server, clock, tries=10, wrong_max=2, wrong_window=1.0)
    run_blocking(large.reserve(request(), new_code(1)))
    for _ in range(4):
        assert run_blocking(large.verify(guess(9))).result == "mismatch"
        clock.advance(2)
    assert run_blocking(small.verify(guess(9))).result == "mismatch"
    assert run_blocking(large.verify(guess(1))).result == "locked"


def test_a_reset_brings_the_day_back_to_now(server: PrivateServer, clock: Clock) -> None:
    """Invariant 7: after a clock that ran ahead, a reset fuse is of today again."""
    policy = replace(Policy(), rules=(rule("fuse", "all", 1, "day"),))
    store, admin, connection = redis_store(server.target, policy, clock)
    clock.set("2026-12-23T12:00:00+08:00")
    run_blocking(store.reserve(request(), new_code(1)))
    clock.set("2026-11-23T12:00:00+08:00")
    run_blocking(admin.reset(everything(), codes=False))
    assert isinstance(run_blocking(store.reserve(request(), new_code(2))), Reserved)
    denied = run_blocking(store.reserve(request(), new_code(3)))
    assert isinstance(denied, Denied)
    assert denied.retry_after == 12 * 3600
    run_blocking(connection.close())


@pytest.mark.parametrize("damaged", ["{sms}:code:phone-1:login", "{sms}:day:2026-11-23"])
def test_damage_is_found_before_quota_is_taken(
    server: PrivateServer, clock: Clock, damaged: str
) -> None:
    """Invariant 11: a key of a foreign type stops a send without using up the fuse."""
    policy = replace(Policy(), rules=(rule("fuse", "all", 9, "day"),))
    store, admin, connection = redis_store(server.target, policy, clock)
    with server.client as client:
        client.set(damaged, "foreign")
        with pytest.raises(Exception, match="did not write"):
            run_blocking(store.reserve(request(), new_code(1)))
        client.delete(damaged)
    assert [level.used for level in run_blocking(admin.show(everything())).levels] == [0]
    run_blocking(connection.close())
