"""Which hosts decide by one store, under which policy, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.hosts import FRESH, fingerprint_of, others
from smsctl.core.policy import CodePolicy, Policy, Purpose
from smsctl.core.rules import Window
from smsctl.store.calls import Scripts
from smsctl.store.connection import BlockingConnection
from smsctl.store.hosts import RedisHosts
from smsctl.testing import Clock
from tests.histories import FINGERPRINT, rule
from tests.servers import PrivateServer

OURS = fingerprint_of(Policy())
ABROAD = fingerprint_of(replace(Policy(), timezone=ZoneInfo("UTC")))


@pytest.fixture
def clock() -> Clock:
    """Return the store's clock."""
    return Clock()


@pytest.fixture
def hosts(server: PrivateServer, clock: Clock) -> Iterator[RedisHosts]:
    """Return the hosts of an empty store."""
    connection = BlockingConnection(server.target)
    yield RedisHosts(
        Scripts(connection, policy=Policy(), prefix="sms", fingerprint=FINGERPRINT, clock=clock)
    )
    run_blocking(connection.close())


def announce(hosts: RedisHosts, name: str, policy: Any = OURS) -> None:
    run_blocking(hosts.announce(name, policy))


def names(hosts: RedisHosts) -> list[str]:
    return [host.name for host in run_blocking(hosts.fresh())]


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        ({}, []),
        ({"rules": tuple(reversed(Policy().rules))}, []),
        ({"rules": (rule("fuse", "all", 9, "day"),)}, ["limits"]),
        ({"timezone": ZoneInfo("UTC")}, ["timezone"]),
        ({"purposes": {"pay": Purpose(template="SMS_1")}}, ["purposes"]),
        ({"code": CodePolicy(tries=5), "timezone": ZoneInfo("UTC")}, ["code", "timezone"]),
    ],
)
def test_what_differs_is_named(change: dict[str, Any], differing: list[str]) -> None:
    """The order of rules, and how a window is written, are no difference."""
    theirs = fingerprint_of(replace(Policy(), **change))
    assert sorted(OURS.differing(theirs)) == sorted(differing)


def test_the_same_window_in_other_words_is_the_same() -> None:
    """`60s` and `1m` are one window."""
    rules = tuple(
        replace(each, window=Window.read("1m")) if each.name == "phone-minute" else each
        for each in Policy().rules
    )
    assert fingerprint_of(replace(Policy(), rules=rules)) == OURS


def test_two_policies_of_one_host_are_two(hosts: RedisHosts) -> None:
    """Two services on a host may disagree as two hosts may."""
    announce(hosts, "app-1")
    announce(hosts, "app-1", ABROAD)
    fresh = run_blocking(hosts.fresh())
    assert [host.policy for host in others(fresh, OURS)] == [ABROAD]
    assert [host.policy for host in others(fresh, ABROAD)] == [OURS]


def test_since_when_is_kept_while_a_host_is_seen(hosts: RedisHosts, clock: Clock) -> None:
    """It begins anew where the host was away for two hours, and where its policy changed."""
    begun = clock()
    for _ in range(3):
        announce(hosts, "app-1")
        clock.advance(3600)
    (host,) = run_blocking(hosts.fresh())
    assert (host.since, host.seen) == (begun, begun + 2 * 3600)
    clock.advance(FRESH)
    assert names(hosts) == []
    announce(hosts, "app-1")
    (host,) = run_blocking(hosts.fresh())
    assert (host.since, host.seen) == (clock(), clock())


def test_no_more_than_64_are_kept(hosts: RedisHosts, clock: Clock, server: PrivateServer) -> None:
    """Invariant 5: those not seen for longest go first; the key ends after two days."""
    announce(hosts, "first")
    for number in range(70):
        clock.advance(1)
        announce(hosts, f"pod-{number:02}")
    assert names(hosts) == [f"pod-{number:02}" for number in range(6, 70)]
    with server.client as client:
        assert 0 < client.pttl("{sms}:hosts") <= 2 * 86_400_000


def test_a_host_that_is_gone_is_forgotten(
    hosts: RedisHosts, clock: Clock, server: PrivateServer
) -> None:
    """After two days, as soon as another is announced."""
    announce(hosts, "gone")
    clock.advance(2 * 86_400 + 1)
    announce(hosts, "app-1")
    with server.client as client:
        assert client.hlen("{sms}:hosts") == 1


@pytest.mark.parametrize("name", ["", "two words", "a|b", "x" * 200, "中文", "\x1b[31m"])
def test_a_host_may_be_called_anything(hosts: RedisHosts, name: str) -> None:
    """What a terminal or a field could take amiss is replaced."""
    announce(hosts, name)
    (kept,) = names(hosts)
    assert kept.isascii()
    assert 1 <= len(kept) <= 64
    assert " " not in kept


def test_a_host_of_a_newer_smsctl_is_counted(
    hosts: RedisHosts, clock: Clock, server: PrivateServer
) -> None:
    """It is not shown, and forgotten as any other: its times have their places for ever."""
    now = round(clock() * 1000)
    with server.client as client:
        client.hset("{sms}:hosts", "app-9 1 2 3 UTC weight", f"2 {now} {now} 7")
        announce(hosts, "app-1")
        assert client.hlen("{sms}:hosts") == 2
        assert names(hosts) == ["app-1"]
        assert hosts._scripts.newer.counts == {"host": 1}
        clock.advance(2 * 86_400 + 1)
        announce(hosts, "app-1")
        assert client.hlen("{sms}:hosts") == 1
