"""How a store is reached: over TLS, as a user with few rights, by URLs of every shape."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from cryptography import x509

import smsctl.store
from smsctl import ConfigError, GatewayRejected, StoreUnavailable
from smsctl.core.admin import Act
from smsctl.core.alerts import Alert
from smsctl.core.phrase import Phrase
from smsctl.core.policy import CodePolicy, Policy
from smsctl.core.ports import State, Store
from smsctl.store.health import fsync, health, load_scripts
from smsctl.store.rights import CHECK, GUARD, OPERATOR
from smsctl.store.target import Target, read_target
from smsctl.testing import Declined, FakeCaptcha, FakeGateway, NotHuman
from tests.guards import Bench, MakeBench
from tests.histories import everything, rule
from tests.servers import PrivateServer, redis_62, running
from tests.store.faulty import QUICK
from tests.store.fronts import front

PASSWORD = "p@ss/w:rd%?#\u5bc6"
POLICY = replace(
    Policy(),
    rules=(rule("phone", "phone", 2, "1h"), rule("fuse", "all", 9, "day")),
    code=CodePolicy(tries=2, live=2),
)
REJECTED = 51  # sends; one more than are recorded one by one


@pytest.fixture(params=["valkey", "redis-6.2"])
def guarded(
    request: pytest.FixtureRequest, binary: Path, tmp_path: Path
) -> Iterator[PrivateServer]:
    """Return a server that asks for a password and has one user of few rights."""
    program = binary if request.param == "valkey" else redis_62()
    with running(program, tmp_path) as server:
        with server.client as client:
            grant(client, [*GUARD, *OPERATOR, *CHECK])
        yield server


def grant(client: redis.Redis, commands: list[str]) -> None:
    """Make the user anew with exactly these rights."""
    client.acl_deluser("app")
    client.acl_setuser(
        "app",
        enabled=True,
        passwords=[f"+{PASSWORD}"],
        keys=["{sms}:*"],
        commands=[f"+{command}" for command in commands],
    )


def everything_it_does(bench: Bench, gateway: FakeGateway, captcha: FakeCaptcha) -> None:
    """Go every way that ends in a command of its own."""
    gateway.replies = [Declined(explanation=Phrase("no"))] * REJECTED
    for _ in range(REJECTED):
        with pytest.raises(GatewayRejected):
            bench.send(captcha_token="t")
    for _ in range(2):
        assert bench.send(captcha_token="t")
    assert not bench.send(captcha_token="t")
    captcha.verdicts = [NotHuman()]
    assert not bench.send("13900139000", captcha_token="t")
    code = gateway.sent[-1].code
    assert not bench.verify(f"{(int(code) + 1) % 10**6:06}")
    assert bench.verify(code)
    selection = replace(everything(), phone=bench.keyring.name("phone", "+8613800138000"))
    bench.ask(bench.admin.record(Act(at="", who="", what="", reason="")))
    bench.ask(bench.admin.reset(selection, codes=True))
    assert {level.used for level in bench.ask(bench.admin.show(selection)).levels} == {0}
    assert len(bench.ask(bench.admin.acts())) == 1
    (today,) = bench.ask(bench.admin.usage(1))
    assert (today.outcomes["sent"], today.outcomes["rejected"]) == (2, REJECTED)
    assert bench.ask(bench.history.refusals()).entries
    _alert(bench)


def _alert(bench: Bench) -> None:
    """Tell of one alert, and forget one that is over for long."""
    now = time.time() if bench.admin._scripts._clock is None else bench.clock()
    for ends in (now - 41 * 86_400, now):
        assert bench.ask(
            bench.outbox.raise_alert(Alert(kind="test", subject="x", ends=ends, at=now))
        )
    borrowed = bench.ask(bench.outbox.borrow())
    (waiting,) = (each for each in borrowed if each.alert.kind == "test")
    bench.ask(bench.outbox.give_back(waiting, frozenset({"a"}), done=True))
    assert bench.ask(bench.outbox.borrow()) == []


def test_tls_with_a_user_of_few_rights(
    make_bench: MakeBench, guarded: PrivateServer, tmp_path: Path, gateway: FakeGateway
) -> None:
    """A rediss URL with its CA, user and password does all that the guard and operators do."""
    with front(guarded.path, tmp_path, tls=True) as port:
        url = f"rediss://app:{quote(PASSWORD, safe='')}@127.0.0.1:{port.port}/0"
        captcha = FakeCaptcha()
        target = read_target(url, ca=str(port.ca))
        bench = make_bench(POLICY, gateway=gateway, captcha=captcha, target=target)
        everything_it_does(bench, gateway, captcha)
        assert bench.ask(health(bench.connection, prefix="sms")).told
        assert bench.ask(load_scripts(bench.connection)) == 14


class SettleFailedError(Exception):
    """What a sender is never told: the gateway's answer stands."""


class Outspoken:
    """A store that tells of a settling that failed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def settle(self, *told: Any) -> State | None:
        try:
            return await self._store.settle(*told)
        except StoreUnavailable as fault:
            raise SettleFailedError(str(fault)) from fault


@pytest.mark.parametrize("missing", sorted({*GUARD, *OPERATOR}))
def test_no_right_is_asked_for_in_vain(
    make_bench: MakeBench, guarded: PrivateServer, gateway: FakeGateway, missing: str
) -> None:
    """Without any one of the granted commands something fails, and says why."""
    with guarded.client as client:
        grant(client, [command for command in (*GUARD, *OPERATOR) if command != missing])
    target = replace(guarded.target, username="app", password=PASSWORD)
    # Under the server's own clock, which takes the right to ask for it.
    captcha = FakeCaptcha()
    bench = make_bench(POLICY, gateway=gateway, captcha=captcha, target=target, store=Outspoken)
    bench.admin._scripts._clock = None
    said = "does not let this user run the scripts"
    with pytest.raises((StoreUnavailable, SettleFailedError), match=said):
        everything_it_does(bench, gateway, captcha)


@pytest.mark.parametrize("missing", CHECK)
def test_the_check_asks_for_no_right_in_vain(
    make_bench: MakeBench, guarded: PrivateServer, missing: str
) -> None:
    """Without any one of them something stays unknown, and nothing else does."""
    with guarded.client as client:
        grant(client, [command for command in (*GUARD, *CHECK) if command != missing])
    bench = make_bench(target=replace(guarded.target, username="app", password=PASSWORD))
    known = {
        "info": bench.ask(health(bench.connection, prefix="sms")).told,
        "config|get": bench.ask(fsync(bench.connection)) is not None,
    }
    try:
        known["script|load"] = bench.ask(load_scripts(bench.connection)) == 14
    except StoreUnavailable as fault:
        known["script|load"] = "does not let this user" not in str(fault)
    assert [name for name, is_known in known.items() if not is_known] == [missing]


def test_connecting_asks_nothing_but_auth(
    make_bench: MakeBench, guarded: PrivateServer, gateway: FakeGateway
) -> None:
    """Invariant 6: no HELLO, no CLIENT SETINFO, no PING: what a proxy forbids is never sent."""
    with guarded.client as client:
        client.config_resetstat()
        target = replace(guarded.target, username="app", password=PASSWORD)
        bench = make_bench(gateway=gateway, target=target)
        bench.send()
        bench.verify(gateway.sent[0].code)
        calls = client.info("commandstats")
    asked = {name.removeprefix("cmdstat_").partition("|")[0] for name in calls}
    assert asked - set(GUARD) == {"auth", "config"}
    # reserve, settle and verify; each was sent whole at its first use, after NOSCRIPT.
    assert (calls["cmdstat_evalsha"]["calls"], calls["cmdstat_eval"]["calls"]) == (3, 3)
    # redis-py's asyncio connection over a socket file introduces itself twice.
    assert calls["cmdstat_auth"]["calls"] == (1 if bench.runner is None else 2)


def test_no_private_name_of_redis_py_is_imported() -> None:
    """Any minor release may move one: what has no underscore is the same from 5.2 on."""
    private = re.compile(
        r"^(?:from|import) redis(?:\S*\._|\S* import (?:.*|\([^)]*)\b_)", re.MULTILINE
    )
    assert private.search("from redis._parsers import Encoder")
    assert private.search("from redis.connection import (\n    Connection,\n    _Private,\n)")
    sources = list(Path(smsctl.store.__path__[0]).glob("*.py"))
    assert len(sources) > 20
    assert [path.name for path in sources if private.search(path.read_text("utf-8"))] == []


_UNTRUSTED = ("is not trusted: unable to get local issuer certificate", "store.ca")
_ANOTHERS = ("is made out to another host", "store.url")
_UNTIMELY = ("has expired, or is not valid yet", "clock")


@pytest.mark.parametrize(
    ("presented", "said"),
    [
        (("", "127.0.0.1", 0), _UNTRUSTED),
        (("other", "127.0.0.1", 0), _UNTRUSTED),
        (("own", "127.0.0.2", 0), _ANOTHERS),
        (("own", "127.0.0.1", 2), _UNTIMELY),
        (("own", "127.0.0.1", -2), _UNTIMELY),
    ],
    ids=["the system's CAs", "another CA", "another host's", "expired", "not valid yet"],
)
def test_a_certificate_that_nobody_vouches_for_is_refused(
    make_bench: MakeBench,
    server: PrivateServer,
    tmp_path: Path,
    presented: tuple[str, str, int],
    said: tuple[str, str],
) -> None:
    """Invariant 8: whoever is at the other end hears neither password nor request."""
    (ca, host, days), (sentence, hint) = presented, said
    gateway = FakeGateway()
    other = tmp_path / "other"
    other.mkdir()
    with (
        front(server.path, tmp_path, tls=True, host=host, age=timedelta(days=days)) as port,
        front(server.path, other, tls=True) as elsewhere,
    ):
        known = {"": "", "other": str(elsewhere.ca), "own": str(port.ca)}[ca]
        target = read_target(
            f"rediss://:{quote(PASSWORD, safe='')}@127.0.0.1:{port.port}", ca=known
        )
        bench = make_bench(gateway=gateway, target=target)
        for act in (bench.send, lambda: bench.verify("000000")):
            with pytest.raises(StoreUnavailable) as caught:
                act()
            assert str(caught.value) == f"the certificate of the store at {target.place} {sentence}"
            assert hint in str(caught.value.hint)
        assert port.heard == []
    assert gateway.sent == []


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check certificates as Python 3.13 does."""
    default = ssl.create_default_context

    def context(*given: Any, **named: Any) -> ssl.SSLContext:
        made = default(*given, **named)
        made.verify_flags |= ssl.VERIFY_X509_STRICT
        return made

    monkeypatch.setattr(ssl, "create_default_context", context)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("without", "reason"),
    [
        (x509.KeyUsage, "CA cert does not include key usage extension"),
        (x509.SubjectKeyIdentifier, "Missing Subject Key Identifier"),
        (x509.AuthorityKeyIdentifier, "Missing Authority Key Identifier"),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_what_a_certificate_lacks_is_not_blamed_on_the_ca_file(
    make_bench: MakeBench,
    server: PrivateServer,
    tmp_path: Path,
    without: type[x509.ExtensionType],
    reason: str,
) -> None:
    """The reason is OpenSSL's own: with Python 3.13 it asks for more than that somebody signed."""
    with front(server.path, tmp_path, tls=True, without=without) as port:
        target = read_target(f"rediss://127.0.0.1:{port.port}", ca=str(port.ca))
        with pytest.raises(StoreUnavailable, match=f"is not accepted: {reason}$") as caught:
            make_bench(target=target).send()
        assert "Python 3.13" in str(caught.value.hint)
        assert "store.ca" not in str(caught.value.hint)


def test_a_port_without_tls_is_told(
    make_bench: MakeBench, server: PrivateServer, tmp_path: Path
) -> None:
    """The server waits for the end of a line that the handshake does not have."""
    with front(server.path, tmp_path, tls=False) as port:
        url = f"rediss://127.0.0.1:{port.port}"
        with pytest.raises(StoreUnavailable, match="did not answer in time") as caught:
            make_bench(target=read_target(url, timeout=QUICK)).send()
    assert "is its port the TLS one" in str(caught.value.hint)


def test_session_tickets_are_no_answer(
    make_bench: MakeBench, server: PrivateServer, tmp_path: Path
) -> None:
    """Where no password is asked for they come before anything was asked."""
    with front(server.path, tmp_path, tls=True) as port:
        target = read_target(f"rediss://127.0.0.1:{port.port}", ca=str(port.ca))
        for _ in range(20):  # each over a new connection: not every one is overtaken by them
            assert not make_bench(target=target).verify("000000")


def test_a_ca_file_that_holds_none_is_told(
    make_bench: MakeBench, server: PrivateServer, tmp_path: Path
) -> None:
    """A file that is there but is no certificate is named as the reason."""
    (tmp_path / "no.pem").write_text("not a certificate")
    with front(server.path, tmp_path, tls=True) as port:
        target = read_target(f"rediss://127.0.0.1:{port.port}", ca=str(tmp_path / "no.pem"))
        with pytest.raises(StoreUnavailable, match="no TLS with the store") as caught:
            make_bench(target=target).send()
    assert "store.ca" in str(caught.value.hint)


def test_a_ca_file_that_is_not_there_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    """It is found before anything is connected."""
    with pytest.raises(ConfigError) as caught:
        read_target("rediss://127.0.0.1", ca=str(tmp_path / "nowhere.pem"))
    assert caught.value.problems[0].path == "store.ca"


@pytest.mark.parametrize("user", ["", "app"])
def test_a_password_of_any_characters_is_read_from_the_url(
    make_bench: MakeBench, server: PrivateServer, tmp_path: Path, gateway: FakeGateway, user: str
) -> None:
    """Percent-encoded in the URL, plain on the wire, and nowhere in what is shown."""
    with running(Path(server.process.args[0]), tmp_path) as own, own.client as client:  # type: ignore[index, arg-type]
        grant(client, ["@all"])
        client.config_set("requirepass", PASSWORD)
        with front(own.path, tmp_path, tls=False) as port:
            url = f"redis://{user}:{quote(PASSWORD, safe='')}@127.0.0.1:{port.port}/3"
            target = read_target(url)
            assert PASSWORD not in f"{target!r}{target.place}"
            bench = make_bench(gateway=gateway, target=target)
            assert bench.send()
            assert bench.verify(gateway.sent[0].code)
        assert set(client.info("keyspace")) == {"db3"}


def test_a_socket_of_any_name_is_reached(
    make_bench: MakeBench, server: PrivateServer, gateway: FakeGateway, tmp_path: Path
) -> None:
    """A unix URL names a path, percent-encoded where it must be."""
    odd = tmp_path / "a b%#"
    odd.symlink_to(server.path)
    bench = make_bench(gateway=gateway, target=read_target(f"unix://{quote(str(odd))}"))
    assert bench.send()


@pytest.mark.parametrize(
    ("url", "wanted", "place"),
    [
        ("redis://", Target(scheme="redis"), "redis://localhost:6379/0"),
        ("redis://h", Target(scheme="redis", host="h"), "redis://h:6379/0"),
        ("redis://h:1/2", Target(scheme="redis", host="h", port=1, database=2), "redis://h:1/2"),
        ("redis://[::1]:1", Target(scheme="redis", host="::1", port=1), "redis://[::1]:1/0"),
        (
            "rediss://u:p@h",
            Target(scheme="rediss", host="h", username="u", password="p"),
            "rediss://h:6379/0",
        ),
        ("redis://:p@h", Target(scheme="redis", host="h", password="p"), "redis://h:6379/0"),
        ("unix:///a/b", Target(scheme="unix", path="/a/b"), "unix:///a/b"),
        (
            "unix://u:p@/a",
            Target(scheme="unix", path="/a", username="u", password="p"),
            "unix:///a",
        ),
    ],
)
def test_a_url_names_one_place(url: str, wanted: Target, place: str) -> None:
    """What is left out is the usual; the place that is shown has no user and no password."""
    assert read_target(url) == wanted
    assert wanted.place == place


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "embedded",
            "http://h",
            "redis:h",
            "redis://h:port",
            "redis://h:99999",
            "redis://h/x",
        ),
        *(
            "redis://h/0/1",
            "redis://h/-1",
            "redis://h?db=1",
            "redis://h#f",
            "redis://[::1",
            "unix://",
        ),
        *("unix://relative/path", "redis+cluster://h/1", "redis+cluster://h,,g"),
        *(
            "redis+sentinel://h",
            "redis+sentinel://h/",
            "redis+sentinel://h/s/x",
            "unix+cluster:///p",
        ),
    ],
)
def test_a_url_that_names_none_is_a_mistake(url: str) -> None:
    """Invariant 8: the message does not repeat the URL, which may hold a password."""
    with pytest.raises(ConfigError) as caught:
        read_target(url)
    assert caught.value.problems[0].path == "store.url"
    assert str(caught.value) == "store.url: not a store that smsctl can reach"
