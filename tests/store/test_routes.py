"""Which server is the primary: read from what sentinels, clusters and servers answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from redis.crc import key_slot
from redis.exceptions import ResponseError

from smsctl.store.command import UnconfirmedError, confirmation, confirmed, pack
from smsctl.store.routes import Primary, route
from smsctl.store.target import Cluster, Sentinels, Target, read_target

NODES = """\
07c3 127.0.0.1:30004@31004,hostname4 slave e7d1 0 1426238317239 4 connected
67ed 127.0.0.1:30002@31002,hostname2,shard-id=c6 master - 0 1426238316232 2 connected 5461-10922
292f 127.0.0.1:30003@31003 master - 0 1426238318243 3 connected 10923-16383
6ec2 127.0.0.1:30005@31005 slave 67ed 0 1426238316232 5 connected
824f 127.0.0.1:30006@31006 slave,fail 67ed 0 1426238317741 6 disconnected
e7d1 :30001@31001 myself,master - 0 0 1 connected 0-5459 5460 [5461->-67ed]
"""


def cluster(prefix: str = "sms") -> Cluster:
    site = read_target("redis+cluster://:pw@a:7000,b:7001", prefix=prefix, timeout=3)
    assert isinstance(site, Cluster)
    return site


def sentinels(url: str = "redis+sentinel://app:pw@a,b:26380/main/2") -> Sentinels:
    site = read_target(url, timeout=3)
    assert isinstance(site, Sentinels)
    return site


@pytest.mark.parametrize(
    ("key", "port", "replicas"),
    [("{sms}", 30003, 0), ("{prefix-2}", 30002, 2), ("{prefix-1}", 30001, 1)],
)
def test_a_clusters_map_names_the_node_of_the_slot(key: str, port: int, replicas: int) -> None:
    """Its replicas are counted whether or not they can be reached; a moving slot is its owner's."""
    way = route(cluster(key.strip("{}")), strict=True)
    found = way.primary(way.seeds[0], [NODES.encode()])
    assert found is not None
    assert (found.target.port, found.replicas) == (port, replicas)
    host = "a" if port == 30001 else "127.0.0.1"  # a node that has no name for itself
    assert (found.target.host, found.target.password, found.target.timeout) == (host, "pw", 3)


def test_the_store_lies_on_the_slot_of_its_tag() -> None:
    """Every key begins with the prefix in braces, and a cluster hashes no more than that."""
    assert cluster("sms").key == "{sms}"
    assert key_slot(b"{sms}:secret") == key_slot(b"{sms}")


@pytest.mark.parametrize("replies", [[b""], [ResponseError("x")], [None], [NODES.encode()[:60]]])
def test_a_cluster_that_does_not_know_is_no_answer(replies: list[Any]) -> None:
    """The next node is asked."""
    way = route(cluster(), strict=False)
    assert way.primary(way.seeds[0], replies) is None


def test_sentinels_name_the_primary_and_all_its_replicas() -> None:
    """The one that follows now, and the one that does not: each has to confirm."""
    way = route(sentinels(), strict=True)
    told = [[b"10.0.0.9", b"6380"], [[b"name", b"x"], [b"name", b"y"]]]
    wanted = Target(
        scheme="redis",
        host="10.0.0.9",
        port=6380,
        database=2,
        username="app",
        password="pw",
        timeout=3,
    )
    assert way.primary(way.seeds[0], told) == Primary(wanted, 2)
    assert way.primary(way.seeds[0], [None, ResponseError("No such master")]) is None


def test_sentinels_are_asked_without_the_password_first() -> None:
    """Most have none, and answer an error to one; together they have a part of the time."""
    way = route(sentinels(), strict=False)
    assert [(seed.host, seed.port, seed.password) for seed in way.seeds] == [
        ("a", 26379, None),
        ("b", 26380, None),
        ("a", 26379, "pw"),
        ("b", 26380, "pw"),
    ]
    assert sum(seed.timeout for seed in way.seeds) < 3
    bare = route(sentinels("redis+sentinel://a/main"), strict=False)
    assert [seed.host for seed in bare.seeds] == ["a"]


def test_a_server_alone_forgets_no_replica() -> None:
    """What was connected once has to confirm, also when it is not any more."""
    target = Target(scheme="redis")
    way = route(target, strict=True)
    two = [[b"master", 1, [[b"h", b"1", b"1"], [b"h", b"2", b"1"]]]]
    assert way.primary(target, two) == Primary(target, 2)
    assert way.primary(target, [[b"master", 1, []]]) == Primary(target, 2)
    assert way.primary(target, [[b"slave", b"h", 1, b"connected", 1]]) is None


def test_a_server_alone_is_not_asked_where_nobody_confirms() -> None:
    """Invariant 6: the first decision is one round trip too."""
    target = Target(scheme="redis")
    way = route(target, strict=False)
    assert way.question == []
    assert way.primary(target, []) == Primary(target)


def test_the_place_is_told_without_its_password() -> None:
    """As the operator wrote it, ports filled in."""
    assert sentinels().place == "redis+sentinel://a:26379,b:26380/main/2"
    assert cluster().place == "redis+cluster://a:7000,b:7001"
    tls = read_target("rediss+cluster://u:pw@[::1]:7000", timeout=1)
    assert tls.place == "rediss+cluster://[::1]:7000"
    assert "pw" not in f"{sentinels()!r}{cluster()!r}{tls!r}"


def test_a_write_stands_before_the_wait() -> None:
    """WAIT counts from the connection's own last write, and a repeated question writes nothing."""
    asks = [pack([("A",)]), pack([("B",)], replicas=2, key="{sms}:secret")]
    tail = confirmation(asks, 0.5)
    assert tail is not None
    assert tail.packed == pack([("PEXPIRE", "{sms}:secret", 7776000000), ("WAIT", 2, 500)]).packed
    assert confirmation([replace(each, replicas=0) for each in asks], 0.5) is None


@pytest.mark.parametrize(
    ("told", "stands"),
    [([1, 2], True), ([1, 3], True), ([1, 1], False), ([1, 0], False), ([1, b"2"], False)],
)
def test_an_unconfirmed_answer_does_not_stand(told: list[Any], *, stands: bool) -> None:
    """Where one replica is missing the caller gets a fault; who waits for none is not touched."""
    asked = pack([("A",)], replicas=2, key="k")
    (reply,) = confirmed(asked, [b"reply"], told)
    assert (reply == b"reply") is stands
    assert isinstance(reply, UnconfirmedError) is not stands
    assert confirmed(replace(asked, replicas=0), [b"reply"], told) == [b"reply"]


def test_a_wait_that_is_not_allowed_is_told() -> None:
    """And not taken for a confirmation."""
    fault = ResponseError("unknown command 'WAIT'")
    assert confirmed(pack([("A",)], replicas=1, key="k"), [b"r"], [1, fault]) == [fault]
