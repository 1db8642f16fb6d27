"""What the store keeps is read for ever; what a newer smsctl wrote stops or is skipped."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any, get_args

import pytest

from smsctl.core.alerts import FLOOD
from smsctl.core.blocking import run_blocking
from smsctl.core.edges import edges
from smsctl.core.errors import StoreUnavailable
from smsctl.core.overrides import NO_OVERRIDES
from smsctl.core.policy import Policy
from smsctl.core.rules import KEPT_BY, Blame
from smsctl.store import format as forms
from smsctl.store import layout
from smsctl.store.layout import Keys, pack_policy
from smsctl.store.scripts import constants_of
from tests.servers import PrivateServer
from tests.store.recorded import DAY, FILE, IP, PHONE, Host, dump, restore, shown

NEXT = 2
LUA = files("smsctl.store").joinpath("lua", "parts", "layout.lua").read_text("utf-8")


@pytest.fixture
def host(server: PrivateServer) -> Iterator[Host]:
    """Return a host of this generation over an empty store."""
    host = Host(server)
    yield host
    host.guard.close()


@pytest.fixture(scope="session")
def recorded() -> Mapping[str, Any]:
    """Return what was recorded of this generation, when it was made."""
    recorded: Mapping[str, Any] = json.loads(FILE.read_text("utf-8"))
    return recorded


def constant(name: str) -> str:
    return constants_of(LUA.splitlines())[name].strip("'")


# The declaration


@pytest.mark.parametrize(
    ("name", "layout", "more"),
    [
        ("TIMES", forms.TIMES, ""),
        ("COUNT", forms.COUNT, ""),
        ("CODES", forms.CODES, ""),
        ("CODE_RECORD", forms.CODE, ""),
        ("EVENT", forms.EVENT, ""),
        ("SETTLED", forms.EVENT, "BBBc0Bc0Bc0Bc0"),
        ("GUESSED", forms.EVENT, "BBBc0"),
        ("REFUSAL", forms.REFUSAL, "BBB"),
        ("BLOCK", forms.BLOCK, ""),
        ("OFFENDERS", forms.OFFENDERS, ""),
    ],
)
def test_lua_has_the_declared_form(name: str, layout: forms.Layout, more: str) -> None:
    """A layout is declared once; Lua's forms are the same."""
    assert constant(name) == layout.form + more
    assert layout.generation == int(constant("GENERATION"))


def test_lua_has_the_declared_places() -> None:
    """Its numbers are where the fields begin, from 1."""
    assert {
        "FLOOR": forms.TIMES.place("floor"),
        "FIRST_TIME": forms.TIMES.size + 1,
        "BEFORE_TIMES": forms.TIMES.size + 1 - 6,
        "FIRST_CODE": forms.CODES.size + 1,
        "EVENT_KIND": forms.EVENT.place("kind"),
        "WHO": forms.EVENT.size + 1,
        "ENCRYPTED": forms.EVENT.size + 1 + 36 + 1,
        "HEAD": forms.REFUSAL.size,
        "BLOCK_END": forms.BLOCK.place("end"),
        "FIRST_OFFENDER": forms.OFFENDERS.size + 1,
        "OLDEST_TEXT": forms.NEWEST + 1,
    }.items() <= {
        (name, int(value))
        for name, value in constants_of(LUA.splitlines()).items()
        if value.isdigit()
    }


def test_lua_finds_what_it_reads_of_the_policy() -> None:
    """The policy's parts begin where the scripts look for them."""
    policy, around = Policy(), edges(1e9, Policy().timezone)
    packed = pack_policy(policy, around, [], b"f" * 16, effect=NO_OVERRIDES, about="login|CN")

    def at(name: str) -> bytes:
        return packed[int(constant(name)) - 1 :]

    assert at("CODE_POLICY")[0] == policy.code.live
    assert at("FINGERPRINT").startswith(b"f" * 16)
    assert int.from_bytes(at("MONTHS")[:6]) == around.months[1]
    assert at("OVERRIDES").startswith(bytes(8))
    assert at("SUBJECT").startswith(b"\x08login|CN")


def test_lua_floods_where_the_alert_says_so() -> None:
    """The alert names the number of rejections that the script counts to."""
    few = files("smsctl.store").joinpath("lua", "parts", "few.lua").read_text("utf-8")
    assert int(constants_of(few.splitlines())["FEW"]) == FLOOD


@pytest.mark.parametrize("blame", get_args(Blame))
def test_a_blame_has_the_number_of_the_rules_that_it_keeps(blame: Blame) -> None:
    """The script compares the two numbers: they must be those of `KEPT_BY`."""
    kept = {per for per, kind in layout._KINDS.items() if kind == layout.BLAMES.index(blame)}
    assert kept == KEPT_BY[blame]


TEXTS = {"request": b"1 ", "audit": b'{"generation":1,', "alerts": b"1 ", "hosts": b"1 "}
NO_GENERATION = {"secret", "overrides"}  # compared whole: another form is another value


def test_every_key_begins_with_its_generation(
    recorded: Mapping[str, Any], server: PrivateServer
) -> None:
    """What no layout declares is not written: each of the recorded keys is looked at."""
    restore(server, recorded["keys"])
    with server.client as client:
        for key in client.scan_iter():
            name = key.decode().removeprefix("{sms}:")
            kind = name.partition(":")[0]
            if name in NO_GENERATION or kind == "day":
                continue
            mark = TEXTS.get(kind, b"\x01")
            for value in _values(client, key, name):
                assert value.startswith(mark), name


def _values(client: Any, key: bytes, name: str) -> list[bytes]:
    if name == "overrides:book":
        return [client.get(key)[8:]]
    if name.startswith("refusals:") and client.type(key) == b"string":
        return [client.get(key)[2:]]
    match client.type(key):
        case b"string":
            return [client.get(key)]
        case b"list":
            entries: list[bytes] = client.lrange(key, 0, -1)
            return entries[::2] if name == "refusals:earlier" else entries
        case _:
            values: list[bytes] = client.hvals(key)
            return values


# This generation


def test_what_was_recorded_is_read_as_then(
    host: Host, server: PrivateServer, recorded: Mapping[str, Any]
) -> None:
    """A store that an earlier release filled says the same, and its code verifies once."""
    restore(server, recorded["keys"])
    assert shown(host) == recorded["shown"]
    assert not host.guard.send(PHONE, ip=IP)
    assert host.guard.verify(PHONE, recorded["code"])
    assert not host.guard.verify(PHONE, recorded["code"])
    assert host.scripts.newer.counts == {}


# The next generation


def _marked(value: bytes, at: int = 0) -> bytes:
    return value[:at] + bytes([NEXT]) + value[at + 1 :]


def _set(key: str, change: Callable[[bytes], bytes]) -> Callable[[Any], None]:
    def apply(client: Any) -> None:
        (name,) = client.keys(key)
        client.set(name, change(client.get(name)), keepttl=True)

    return apply


DECIDES = {
    "rolling limit": _set("{sms}:phone:Q*", _marked),
    "calendar limit": _set("{sms}:ip:day:*", _marked),
    "fuse": _set("{sms}:all:day:all", _marked),
    "codes": _set("{sms}:code:Q*", _marked),
    "wrong guesses": _set("{sms}:wrong:*", _marked),
    "owner of a request id": _set("{sms}:request:*", lambda text: b"2" + text[1:]),
}


@pytest.mark.parametrize("what", DECIDES)
def test_a_newer_generation_stops_a_decision(
    host: Host, server: PrivateServer, recorded: Mapping[str, Any], what: str
) -> None:
    """Invariant 9: no limit, code or guess is skipped, nothing is written, one line says why."""
    restore(server, recorded["keys"])
    with server.client as client:
        DECIDES[what](client)
    before = _contents(server)
    host.clock.advance(61)  # past what refuses anyway
    reasons = []
    for call in (
        lambda: host.guard.send(PHONE, ip=IP, request_id="ticket-4711"),
        lambda: host.guard.verify(PHONE, "000000"),
        lambda: run_blocking(host.admin.show(host.selection)),
        lambda: run_blocking(host.admin.reset(host.selection, codes=True)),
    ):
        try:
            call()
        except StoreUnavailable as fault:
            reasons.append(str(fault))
            assert _contents(server) == before
        else:
            restore(server, recorded["keys"])
            with server.client as client:
                DECIDES[what](client)
    assert reasons
    assert {re.sub(r" at unix:\S+", "", text) for text in reasons} == {
        "the store holds what a newer smsctl wrote"
    }


def _contents(server: PrivateServer) -> dict[str, Any]:
    return {key: {**kept, "life": 0} for key, kept in dump(server).items()}


def test_newer_overrides_stop_a_decision(
    host: Host, server: PrivateServer, recorded: Mapping[str, Any]
) -> None:
    """Invariant 9: who can't read a pause does not send past it."""
    restore(server, recorded["keys"])
    _set("{sms}:overrides:book", lambda book: _marked(book, 8))(server.client)
    with pytest.raises(StoreUnavailable, match="a newer smsctl wrote"):
        host.guard.send("13900139009", ip=IP)
    assert host.gateway.sent == []


def _first(key: str, change: Callable[[bytes], bytes]) -> Callable[[Any], None]:
    def apply(client: Any) -> None:
        client.lset(key, 0, change(client.lindex(key, 0)))

    return apply


def _field(key: str, name: str, value: bytes) -> Callable[[Any], None]:
    return lambda client: client.hset(key, name, value)


def _append(key: str, value: bytes) -> Callable[[Any], None]:
    return lambda client: client.rpush(key, value)


REMEMBERS = {
    "event, generation": _first(f"{{sms}}:events:{DAY}", _marked),
    "event, kind": _first(f"{{sms}}:events:{DAY}", lambda entry: entry[:1] + b"\x09" + entry[2:]),
    "event, ninth generation of nine bytes": _first(f"{{sms}}:events:{DAY}", lambda _: b"\x09" * 9),
    "refusal": _set(f"{{sms}}:refusals:{DAY}", lambda record: _marked(record, 2)),
    "block of refusals": _first("{sms}:refusals:earlier", _marked),
    "block of refusals, kind": _first(
        "{sms}:refusals:earlier", lambda head: _marked(head)[:1] + b"\x09" + head[2:]
    ),
    "tally, kind": _field(f"{{sms}}:day:{DAY}", "weighed|login|CN|12", b"3"),
    "tally, form": _field(f"{{sms}}:day:{DAY}", "2:sent", b"3"),
    "offenders": lambda client: client.hset(
        f"{{sms}}:day:{DAY}",
        "offenders:ip",
        _marked(client.hget(f"{{sms}}:day:{DAY}", "offenders:ip")),
    ),
    "alert, generation": _field("{sms}:alerts", "test|y|0|1763913600", b"2 whatever"),
    "alert, kind": _field("{sms}:alerts", "weather|y|0|1763913600", b"1 1 0 0 0 0 "),
    "host": _field("{sms}:hosts", "app-1 1 2 3 UTC", b"2 whatever"),
    "audit record": _first("{sms}:audit", lambda act: act.replace(b":1,", b":2,", 1)),
    "audit record, of letters": _first("{sms}:audit", lambda _: b'{"generation":"2"}'),
    "event, a byte alone": _first(f"{{sms}}:events:{DAY}", lambda _: b"\x02"),
    "block without a body": _append("{sms}:refusals:earlier", b"\x02"),
}


@pytest.mark.parametrize("what", REMEMBERS)
def test_a_newer_record_is_skipped_and_counted(
    host: Host, server: PrivateServer, recorded: Mapping[str, Any], what: str
) -> None:
    """Each once, however often it is read; everything else is shown, and decisions go on."""
    restore(server, recorded["keys"])
    with server.client as client:
        REMEMBERS[what](client)
    views = [shown(host) for _ in range(2)]
    assert views[0] == views[1]
    assert sum(host.scripts.newer.counts.values()) == 1
    changed = {name for name in views[0] if views[0][name] != recorded["shown"][name]}
    assert len(changed) <= 3
    assert host.guard.verify(PHONE, recorded["code"])
    assert host.guard.send("13900139009", ip=IP)
    run_blocking(host.outbox.borrow())


@pytest.mark.parametrize("state", ["pending", "borrowed", "raised"])
def test_a_newer_alert_is_counted_by_whoever_looks(
    host: Host, server: PrivateServer, recorded: Mapping[str, Any], state: str
) -> None:
    """`alert list` and `watch` ask for what is pending, `alert run` for what it may deliver."""
    restore(server, recorded["keys"])
    with server.client as client:
        for key, text in client.hgetall("{sms}:alerts").items():
            client.hset("{sms}:alerts", key, b"2" + text[1:])
    ask = {
        "pending": host.outbox.pending,
        "borrowed": host.outbox.borrow,
        "raised": host.outbox.raised,
    }
    assert list(run_blocking(ask[state]())) == []
    assert host.scripts.newer.counts == {"alert": 2}


@pytest.mark.parametrize("size", [3, 18, 30, 300])
def test_a_newer_refusal_of_any_size_hides_no_other(
    host: Host, server: PrivateServer, recorded: Mapping[str, Any], size: int
) -> None:
    """Its size stands where it stood; this generation's least size is not asked of it."""
    restore(server, recorded["keys"])
    before = run_blocking(host.history.refusals()).entries
    key = Keys("sms").refusals(DAY)
    newer = size.to_bytes(2) + bytes([NEXT]) + bytes(size - 3)
    with server.client as client:
        client.set(key, newer + client.get(key) + newer, keepttl=True)
    assert run_blocking(host.history.refusals()).entries == before
    assert host.scripts.newer.counts == {"refusal": 1}
    for _ in range(420):
        host.guard.send(PHONE, ip=IP)
    after = run_blocking(host.history.refusals()).entries
    assert sum(entry.count for entry in after) == 420 + sum(entry.count for entry in before)


def test_a_newer_refusal_survives_being_digested(
    host: Host, server: PrivateServer, recorded: Mapping[str, Any]
) -> None:
    """Who can read it finds it among the earlier ones, beside those of this generation."""
    restore(server, recorded["keys"])
    key = Keys("sms").refusals(DAY)
    with server.client as client:
        record = client.get(key)
        size = int.from_bytes(record[:2])
        newer = (size + 7).to_bytes(2) + bytes([NEXT]) + record[3:size] + b"further"
        client.set(key, newer + record, keepttl=True)
        for _ in range(420):
            host.guard.send(PHONE, ip=IP)
        blocks = client.lrange("{sms}:refusals:earlier", 0, -1)
    assert any(newer in block for block in blocks[1::2])
    refused = run_blocking(host.history.refusals())
    assert host.scripts.newer.counts == {"refusal": 1}
    assert sum(entry.count for entry in refused.entries) > 420
