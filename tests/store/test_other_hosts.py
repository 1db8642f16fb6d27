"""Hosts under different policies on one store: none cuts what another counts or keeps."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.policy import CodePolicy, Policy
from smsctl.core.ports import LimitExceeded, Reserved, Settlement
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
    assert isinstance(run_blocking(long.reserve(request(), new_code(10))), LimitExceeded)
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


ZONES = [
    ("UTC", "Asia/Shanghai"),
    ("Asia/Shanghai", "UTC"),
    ("Pacific/Pago_Pago", "Pacific/Kiritimati"),
    ("America/New_York", "Asia/Kathmandu"),
]


def abroad(server: PrivateServer, clock: Clock, window: str, zone: str) -> Any:
    policy = replace(Policy(), rules=(rule("fuse", "all", 3, window),), timezone=ZoneInfo(zone))
    return redis_store(server.target, policy, clock)


@pytest.mark.parametrize("zones", ZONES)
@pytest.mark.parametrize("window", ["day", "month"])
@pytest.mark.parametrize("hour", [1, 7, 13, 19])
def test_hosts_in_two_zones_share_one_fuse(
    server: PrivateServer, clock: Clock, zones: tuple[str, str], window: str, hour: int
) -> None:
    """Invariant 1: a count holds until its own end, whichever host opened it."""
    clock.set(f"2026-11-30T{hour:02}:00:00+00:00")
    hosts = [abroad(server, clock, window, zone) for zone in zones]
    answers = [
        run_blocking(store.reserve(request(number), new_code(number)))
        for number, (store, _, _) in enumerate(islice(cycle(hosts), 10))
    ]
    assert [type(answer) for answer in answers] == [Reserved] * 3 + [LimitExceeded] * 7
    shown = [run_blocking(admin.show(everything())).levels for _, admin, _ in hosts]
    assert [level.used for levels in shown for level in levels] == [3, 3]
    waits = {level.retry_after for levels in shown for level in levels}
    assert len(waits) == 1
    clock.advance(waits.pop())
    assert isinstance(run_blocking(hosts[0][0].reserve(request(11), new_code(11))), Reserved)
    for _, _, connection in hosts:
        run_blocking(connection.close())


def test_a_refund_reaches_a_count_of_another_zone(server: PrivateServer, clock: Clock) -> None:
    """Invariant 3: what was taken of another host's window goes back into it."""
    (store, admin, connection), (away, _, line) = (
        abroad(server, clock, "day", zone) for zone in ("UTC", "Asia/Shanghai")
    )
    run_blocking(store.reserve(request(1), new_code(1)))
    run_blocking(away.reserve(request(2), new_code(2)))
    run_blocking(away.settle(request(2), new_code(2), Settlement(state="rejected")))
    assert [level.used for level in run_blocking(admin.show(everything())).levels] == [1]
    for each in (connection, line):
        run_blocking(each.close())


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
    assert isinstance(denied, LimitExceeded)
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
