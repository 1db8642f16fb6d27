"""What holds for the store whatever is asked of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
import redis

from smsctl import ConfigError, Refused, StoreUnavailable
from smsctl.core.admin import Act
from smsctl.core.alerts import Alert
from smsctl.core.blocking import run_blocking
from smsctl.core.policy import CodePolicy, Policy
from smsctl.core.ports import LimitExceeded, NewCode, Reserved, Settlement, Store
from smsctl.store.calls import Scripts
from smsctl.store.format import TIMES
from smsctl.store.outbox import RedisOutbox
from smsctl.store.override_book import RedisOverrideBook
from smsctl.testing import Clock, FakeGateway
from tests.guards import Bench, MakeBench
from tests.histories import FINGERPRINT, everything, guess, new_code, redis_store, request
from tests.servers import PrivateServer

_WHOLE = {"overrides:book", "refusals:earlier"}


def test_every_key_expires(server: PrivateServer) -> None:
    """Invariant 4: after every kind of write, each key outlives its window by at most two hours."""
    store, admin, connection = redis_store(server.target, Policy(), None)
    run_blocking(store.reserve(request(), new_code(1)))
    run_blocking(store.reserve(request(), new_code(2)))
    run_blocking(store.reserve(request(2), new_code(3)))
    run_blocking(store.verify(guess(9)))
    run_blocking(store.settle(request(), new_code(1), Settlement(state="rejected")))
    run_blocking(store.turn_away(request(), "captcha"))
    run_blocking(admin.reset(everything(), codes=False))
    run_blocking(admin.record(Act(at="", who="", what="", reason="")))
    scripts = Scripts(connection, policy=Policy(), prefix="sms", fingerprint=FINGERPRINT)
    alert = Alert(kind="test", subject="", ends=time.time(), at=0)
    run_blocking(RedisOutbox(scripts).raise_alert(alert))
    for _ in range(1200):  # enough to be digested, and some more
        run_blocking(store.turn_away(request(), "captcha"))
    run_blocking(RedisOverrideBook(scripts).write([], before=b""))
    with server.client as client:
        left = {key.decode()[6:]: client.pttl(key) for key in client.scan_iter()}
    kinds = {name if name in _WHOLE else name.split(":")[0]: ms for name, ms in left.items()}
    hours = {name: -(-ms // 3_600_000) for name, ms in kinds.items()}
    assert hours.pop("ip") <= 26
    assert hours.pop("all") <= 26
    assert hours == {
        "alerts": 40 * 24,
        "audit": 400 * 24,
        "code": 1,
        "day": 92 * 24,
        "events": 9 * 24,
        "overrides": 400 * 24,
        "overrides:book": 400 * 24,
        "phone": 26,
        "refusals": 92 * 24,
        "refusals:earlier": 8 * 24,
        "request": 1,
        "secret": 90 * 24,
        "wrong": 26,
    }
    run_blocking(connection.close())


def test_the_servers_clock_decides(server: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 7: hosts whose clocks are hours apart agree on a window."""
    store, _, connection = redis_store(server.target, Policy(), None)
    real = time.time
    assert isinstance(run_blocking(store.reserve(request(), new_code(1))), Reserved)
    for hours in (-20, -1, 1, 20):
        monkeypatch.setattr("smsctl.store.calls.time.time", lambda h=hours: real() + h * 3600)
        denied = run_blocking(store.reserve(request(), new_code(2)))
        assert isinstance(denied, LimitExceeded)
        assert denied.rule == "phone-minute"
        assert 50 < denied.retry_after <= 60
    monkeypatch.undo()
    run_blocking(connection.close())


@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_a_day_wrong_is_not_guessed_about(
    server: PrivateServer, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """Invariant 7: outside the boundaries that a client named, nothing is decided or written."""
    store, _, connection = redis_store(server.target, Policy(), None)
    real = time.time
    monkeypatch.setattr("smsctl.store.calls.time.time", lambda: real() + days * 86400)
    with pytest.raises(StoreUnavailable, match="more than a day"):
        run_blocking(store.reserve(request(), new_code(1)))
    with server.client as client:
        assert client.dbsize() == 0
    monkeypatch.undo()
    run_blocking(connection.close())


def test_another_secret_is_told_so(make_bench: MakeBench) -> None:
    """Invariant 8: a host with another secret burns nobody's tries."""
    gateway = FakeGateway()
    right = make_bench(gateway=gateway)
    wrong = make_bench(secret=b"another secret altogether")
    assert right.send()
    for act in (lambda: wrong.verify("000000"), lambda: wrong.send("13900138000")):
        with pytest.raises(ConfigError) as caught:
            act()
        assert caught.value.problems[0].path == "code.secret"
    assert right.verify(gateway.sent[0].code)


def test_refused_traffic_leaves_no_key(make_bench: MakeBench, server: PrivateServer) -> None:
    """Invariant 5: refusals of many phones and addresses share one key and have none alone."""
    rules = tuple(rule for rule in Policy().rules if rule.per == "all")
    bench = make_bench(replace(Policy(), rules=(replace(rules[0], max=1),)))
    assert bench.send()
    before = set(server.look("KEYS", "*"))
    for number in range(200):
        refused = bench.send(f"139{number:08}", ip=f"198.51.100.{number}")
        assert isinstance(refused, Refused)
    assert set(server.look("KEYS", "*")) - before == {b"{sms}:refusals:2026-11-23"}
    (today,) = bench.ask(bench.admin.usage(1))
    assert (today.outcomes["sent"], today.refused) == (1, {"fuse": 200})


def test_wrong_guesses_are_bounded(make_bench: MakeBench, server: PrivateServer) -> None:
    """Invariant 5: however often it is sent to and guessed at, a phone's lists have an end."""
    gateway = FakeGateway()
    code = CodePolicy(wrong_max=3, wrong_window=60.0)
    bench = make_bench(replace(Policy(), rules=(), code=code), gateway=gateway)
    name = bench.keyring.name("phone", "+8613800138000")
    for _ in range(110):
        bench.send()
        bench.verify("999999" if gateway.sent[-1].code != "999999" else "999998")
        bench.clock.advance(20)
    assert server.look("STRLEN", f"{{sms}}:wrong:{name}") == TIMES.size + 6 * 101
    codes = server.look("GET", f"{{sms}}:code:{name}:login")
    assert codes.count(b"message-") == 101


class Deaf:
    """A store that fails before it is asked; counts how often it is."""

    def __init__(self, real: Store) -> None:
        self.real = real
        self.asked = 0

    async def reserve(self, *_: object) -> None:
        self.asked += 1
        raise StoreUnavailable("out of memory")


def test_a_fault_is_not_asked_about_twice(make_bench: MakeBench) -> None:
    """Invariant 10: only a lost reply is asked for again, never an error."""
    deaf: list[Deaf] = []

    def wrap(real: Store) -> Store:
        deaf.append(Deaf(real))
        return deaf[0]  # type: ignore[return-value]

    gateway = FakeGateway()
    bench = make_bench(gateway=gateway, store=wrap)
    with pytest.raises(StoreUnavailable):
        bench.send()
    assert deaf[0].asked == 1
    assert gateway.sent == []


def test_prefixes_are_apart(server: PrivateServer) -> None:
    """Two products on one server share nothing, and each prefix is one slot."""
    store, _, connection = redis_store(server.target, Policy(), None)
    run_blocking(store.reserve(request(), new_code(1)))
    with server.client as client:
        assert {key.split(b":")[0] for key in client.scan_iter()} == {b"{sms}"}
    run_blocking(connection.close())


def test_decisions_are_scripts_of_one_round_trip(bench: Bench) -> None:
    """Invariant 6: a send is two script calls, a verify one; nothing else is asked."""
    bench.send()
    bench.verify("000000")
    (stats,) = bench.ask(bench.connection.read([("INFO", "commandstats")]))
    calls = {
        name: int(count) for name, count in re.findall(r"cmdstat_(\S+):calls=(\d+)", stats.decode())
    }
    asked = {name: calls.get(name, 0) for name in ("evalsha", "eval")}
    assert asked["evalsha"] == 3
    assert asked["eval"] <= 3
    assert not {"hello", "client|setinfo", "select"} & set(calls)


def test_an_attempt_may_ask_again(server: PrivateServer) -> None:
    """Invariant 10: the same attempt is the same reservation, consumed once."""
    store, admin, connection = redis_store(server.target, Policy(), Clock())
    first = run_blocking(store.reserve(request(), new_code(1)))
    assert run_blocking(store.reserve(request(), new_code(1))) == first
    levels = run_blocking(admin.show(everything())).levels
    assert {level.used for level in levels} == {1}
    other = NewCode(request_id="r1", attempt="b", digest=b"", challenge=None)
    assert not isinstance(run_blocking(store.reserve(request(), other)), Reserved)
    run_blocking(connection.close())


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("phone:phone-1", lambda client, key: client.rpush(key, "somebody's")),
        ("phone:phone-1", lambda client, key: client.set(key, bytes(12) + b"half")),
        ("phone:phone-1", lambda client, key: client.set(key, b"\xff" * 12)),
        ("code:phone-1:login", lambda client, key: client.set(key, b"\xff" * 6)),
    ],
    ids=["a list", "half a time", "times kept for ever", "codes kept for ever"],
)
def test_what_no_script_wrote_is_told_and_not_written_over(
    server: PrivateServer, name: str, damage: Callable[[redis.Redis, str], object]
) -> None:
    """A limit that cannot be read would be a limit that starts anew."""
    store, _, connection = redis_store(server.target, Policy(), None)
    key = f"{{sms}}:{name}"
    with server.client as client:
        damage(client, key)
        before = client.dump(key)
        with pytest.raises(StoreUnavailable, match="did not write"):
            run_blocking(store.reserve(request(), new_code(1)))
        assert client.dump(key) == before
        assert client.dbsize() == 1
    run_blocking(connection.close())


def test_a_day_is_tallied_from_its_first_millisecond(make_bench: MakeBench) -> None:
    """What is sent at midnight belongs to the day that begins."""
    bench = make_bench(clock=Clock("2026-11-24T00:00:00+08:00"))
    assert bench.send()
    yesterday, today = bench.ask(bench.admin.usage(2))
    assert [dict(day.outcomes) for day in (yesterday, today)] == [{}, {"sent": 1}]
