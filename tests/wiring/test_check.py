"""What `config check` finds, at real servers that are right and wrong in one way each."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smsctl.config import Config, load
from smsctl.core.blocking import run_blocking
from smsctl.store.embedded import EmbeddedServer
from smsctl.store.health import Health
from smsctl.wiring.check import Item, check
from smsctl.wiring.check.settings import settings_items
from smsctl.wiring.check.store import health_items, store_items
from smsctl.wiring.parts import Parts, assemble
from tests.servers import PrivateServer, redis_62, running

SECRET = "a-secret-of-this-host-alone"
ACCOUNT = (
    "provider: aliyun, access_key_id: LTAI5tExample, access_key_secret: hush-hush, sign_name: 阿猫"
)
REAL = f"gateway: {{{ACCOUNT}}}\npurposes: {{login: {{template: SMS_1}}}}\n"

HEALTHY = Health(
    replicas=1,
    told=True,
    product="redis",
    version="7.2.4",
    level=(7, 2),
    replica=False,
    aof=True,
    aof_failing=False,
    eviction="noeviction",
    maxmemory=0,
    ahead=0.0,
    uncertain=0.001,
    fingerprint=None,
)


def reading(file: Path | None, environ: Mapping[str, str]) -> Callable[[], Config]:
    """Return what reads the file as the command line does."""
    return lambda: load(file, environ=environ, defaults=True, needs="nothing")


class Checked:
    """Writes a configuration and checks it against a store."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "config.yaml"

    def __call__(self, text: str, url: str, **environ: str) -> dict[str, Item]:
        self.file.write_text(text, encoding="utf-8")
        self.file.chmod(0o600)
        told = {"SMSCTL_STORE__URL": url, "SMSCTL_SECRET": SECRET, **environ}
        return {item.check: item for item in check(reading(self.file, told), environ=told)}


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    return Checked(tmp_path)


@pytest.fixture
def parts(server: PrivateServer) -> Iterator[Parts]:
    environ = {"SMSCTL_STORE__URL": server.url, "SMSCTL_SECRET": SECRET, "HOME": "/nonexistent"}
    made = assemble(load(environ=environ, defaults=True), environ=environ, blocking=True)
    yield made
    run_blocking(made.close())


def judged(found: Health, *, synced: str | None = "always", real: bool = True) -> dict[str, Item]:
    return {
        item.check: item
        for item in health_items(found, synced=synced, fingerprint=b"mine", real=real)
    }


def levels(items: dict[str, Item]) -> dict[str, str]:
    return {check: item.level for check, item in items.items()}


def test_a_good_store_has_nothing_but_ok(checked: Checked, binary: Path, tmp_path: Path) -> None:
    """A real gateway on a persistent server: every look at the store is told, and is ok."""
    with running(binary, tmp_path, "--appendonly", "yes", "--appendfsync", "always") as server:
        found = levels(checked(REAL, server.url))
    assert {check: level for check, level in found.items() if check.startswith("store.")} == {
        "store.reachable": "ok",
        "store.hosts": "ok",
        "store.version": "ok",
        "store.role": "ok",
        "store.persistence": "ok",
        "store.eviction": "ok",
        "store.clock": "ok",
        "store.secret": "ok",
        "store.scripts": "ok",
    }
    assert "error" not in found.values()


def test_redis_6_2_will_do(checked: Checked, tmp_path: Path) -> None:
    """The oldest version is good enough, and compiles every script."""
    with running(redis_62(), tmp_path) as server:
        found = checked("{}", server.url)
    assert (found["store.version"].level, found["store.scripts"].level) == ("ok", "ok")


def test_a_store_that_forgets_is_an_error_for_a_real_gateway_alone(
    checked: Checked, binary: Path, tmp_path: Path
) -> None:
    """Without persistence, or with eviction, a fuse is no promise; a console needs none."""
    with running(binary, tmp_path, "--maxmemory-policy", "allkeys-lru") as server:
        real, console = checked(REAL, server.url), checked("{}", server.url)
    for item in ("store.persistence", "store.eviction"):
        assert (real[item].level, console[item].level) == ("error", "warn")
        assert real[item].hint


def test_a_replica_is_an_error(checked: Checked, binary: Path, tmp_path: Path) -> None:
    """Its primary need not even be there."""
    with running(binary, tmp_path, "--replicaof", "127.0.0.1 1") as server:
        assert checked("{}", server.url)["store.role"].level == "error"


def test_a_store_of_another_secret_is_an_error(checked: Checked, server: PrivateServer) -> None:
    """Users would burn their tries against codes that this host cannot compare."""
    with server.client as client:
        client.set("{sms}:secret", "0123456789abcdef")
    assert checked("{}", server.url)["store.secret"].level == "error"


def test_a_store_of_this_secret_is_told(parts: Parts) -> None:
    """After the first send the store knows whose it is."""
    run_blocking(parts.flow.send("13800138000", ip=None))
    found = {item.check: item for item in store_items(parts, real=False)}
    assert str(found["store.secret"].message) == "belongs to this host's secret"


@pytest.mark.parametrize(
    ("behind", "level", "told"),
    [(1.5, "ok", "1.5 s"), (3.0, "warn", "3.0 s"), (90_000.0, "error", "90000.0 s")],
)
def test_clocks_that_disagree_are_told_in_seconds(
    parts: Parts, behind: float, level: str, told: str
) -> None:
    """From 2 s on a warning; beyond a day the scripts refuse to guess the date: an error."""
    found = {
        item.check: item
        for item in store_items(parts, real=False, clock=lambda: time.time() - behind)
    }
    assert found["store.clock"].level == level
    assert told in str(found["store.clock"].message)


@pytest.mark.parametrize(
    ("check", "level", "found"),
    [
        ("store.version", "error", replace(HEALTHY, level=(6, 0), version="6.0.16")),
        ("store.version", "ok", replace(HEALTHY, level=(6, 2), version="6.2.0")),
        ("store.persistence", "error", replace(HEALTHY, aof_failing=True)),
        ("store.persistence", "warn", replace(HEALTHY, aof=None)),
        ("store.eviction", "warn", replace(HEALTHY, eviction=None)),
        ("store.secret", "error", replace(HEALTHY, fingerprint=b"theirs")),
        ("store.secret", "ok", replace(HEALTHY, fingerprint=b"mine")),
    ],
)
def test_a_server_is_taken_at_its_word(check: str, level: str, found: Health) -> None:
    """What it says decides; what it does not say is a warning and never a pass."""
    assert judged(found)[check].level == level


@pytest.mark.parametrize(
    ("synced", "level"), [("always", "ok"), ("everysec", "ok"), ("no", "warn"), (None, "ok")]
)
def test_how_writes_reach_the_disk_is_told(synced: str | None, level: str) -> None:
    """What nobody can better on a managed server is no warning: what may be forgotten is told."""
    assert judged(HEALTHY, synced=synced)["store.persistence"].level == level


@pytest.mark.parametrize(
    ("denied", "levels"),
    [
        ("-info", {"store.info": "warn", "store.clock": "ok", "store.scripts": "ok"}),
        ("-script", {"store.version": "ok", "store.scripts": "warn"}),
        ("-@scripting", {"store.version": "ok", "store.scripts": "error"}),
        ("-config", {"store.persistence": "ok"}),
        ("-time", {"store.reachable": "error"}),
    ],
)
def test_a_user_with_fewer_rights_is_told_what_matters(
    checked: Checked, binary: Path, tmp_path: Path, denied: str, levels: dict[str, str]
) -> None:
    """What the guard does not need is at most a warning; what it needs is an error."""
    with running(binary, tmp_path, "--appendonly", "yes") as server:
        with server.client as client:
            client.execute_command("ACL", "SETUSER", "app", "on", ">pw", "~*", "+@all", denied)
        found = checked("{}", f"unix://app:pw@{server.path}")
    assert {check: found[check].level for check in levels} == levels


def test_a_store_that_is_not_there_is_one_error(checked: Checked) -> None:
    """Nothing further is said of a server that refused the connection."""
    found = checked("{}", "redis://127.0.0.1:1/0")
    assert [check for check in found if check.startswith("store.")] == ["store.reachable"]
    assert found["store.reachable"].level == "error"


def test_a_store_that_hangs_is_one_error(checked: Checked) -> None:
    """It is given up after store.timeout, once."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        start = time.monotonic()
        found = checked("{}", f"redis://127.0.0.1:{port}/0", SMSCTL_STORE__TIMEOUT="100ms")
        took = time.monotonic() - start
    assert [check for check in found if check.startswith("store.")] == ["store.reachable"]
    assert took < 1.0


def test_every_problem_of_the_file_is_an_item(checked: Checked) -> None:
    """A file with three mistakes has three errors, each with its path; nothing else is guessed."""
    found = checked(
        "code: {length: 9, tires: 3}\nlimits: [{name: a, per: phone, max: 0, window: 1h}]\n",
        "embedded",
    )
    assert levels(found) == {
        "code.length": "error",
        "code.tires": "error",
        "limits[0].max": "error",
    }


def test_a_file_that_is_not_there_is_an_item(tmp_path: Path) -> None:
    """A file that was named and is missing is an error, not the defaults."""
    (item,) = check(reading(tmp_path / "none.yaml", {}), environ={})
    assert (item.level, str(item.message)) == ("error", "no such file")


def test_defaults_without_a_file_are_a_warning(server: PrivateServer) -> None:
    """The library would refuse to start; the command line works."""
    environ = {"SMSCTL_STORE__URL": server.url, "SMSCTL_SECRET": SECRET, "HOME": "/nonexistent"}
    found = {item.check: item for item in check(reading(None, environ), environ=environ)}
    assert found["config.file"].level == "warn"


@pytest.mark.parametrize(("mode", "level"), [(0o600, "ok"), (0o644, "ok"), (0o664, "warn")])
def test_a_file_that_others_can_write_is_a_warning(
    server: PrivateServer, tmp_path: Path, mode: int, level: str
) -> None:
    """Whoever can write the file decides the limits; reading it is harmless without a secret."""
    file = tmp_path / "config.yaml"
    file.write_text("{}", encoding="utf-8")
    file.chmod(mode)
    environ = {"SMSCTL_STORE__URL": server.url, "SMSCTL_SECRET": SECRET}
    found = {item.check: item for item in check(reading(file, environ), environ=environ)}
    assert found["config.file"].level == level


@pytest.mark.parametrize(
    ("text", "check", "level"),
    [
        ("gateway: {access_key_id: a, access_key_secret: b}", "gateway.provider", "warn"),
        (f"gateway: {{{ACCOUNT}}}", "purposes.login.template", "error"),
        (REAL.replace("阿猫", "示例签名"), "gateway.sign_name", "error"),
        (REAL, "captcha.provider", "warn"),
        (
            f"{REAL}captcha: {{provider: turnstile, secret: 2x0000000000000000000000000000000AA}}",
            "captcha.secret",
            "error",
        ),
        (
            "captcha: {provider: turnstile, secret: x, on_outage: allow}",
            "captcha.on_outage",
            "warn",
        ),
        ("address: {private: count}", "address.private", "warn"),
        (
            "test_numbers: [{phone: 13800138000, code: '123456', until: 2020-01-01T00:00:00Z}]",
            "test_numbers[0]",
            "warn",
        ),
    ],
)
def test_values_that_are_dangerous_together_are_told(
    checked: Checked, server: PrivateServer, text: str, check: str, level: str
) -> None:
    """Each is right by itself, so loading takes it; together they are not what was meant."""
    found = checked(text, server.url)[check]
    assert (found.level, bool(found.hint)) == (level, True)


@pytest.mark.parametrize(
    ("left", "level"),
    [(timedelta(0), "warn"), (timedelta(days=7), "warn"), (timedelta(days=7, seconds=1), None)],
)
def test_a_test_number_is_named_a_week_before_it_runs_out(
    tmp_path: Path, left: timedelta, level: str | None
) -> None:
    """Whoever relies on it hears of it while there is time; sooner would be noise."""
    file = tmp_path / "config.yaml"
    until = datetime(2026, 12, 31, tzinfo=UTC)
    file.write_text(
        f"test_numbers: [{{phone: 13800138000, code: '246810', until: {until.isoformat()}}}]",
        encoding="utf-8",
    )
    file.chmod(0o600)
    config = load(file, environ={})
    found = {item.check: item.level for item in settings_items(config, until - left)}
    assert found.get("test_numbers[0]") == level


def test_a_real_gateway_on_the_embedded_store_is_a_warning(
    checked: Checked, tmp_path: Path
) -> None:
    """Its fuse is this user's on this host alone."""
    state = tmp_path / "state"
    try:
        found = checked(REAL, "embedded", SMSCTL_STATE_DIR=str(state))
    finally:
        EmbeddedServer(state, {}).stop()
    assert (found["store.url"].level, found["store.persistence"].level) == ("warn", "ok")


def test_what_an_outage_lets_through_is_a_number(checked: Checked, server: PrivateServer) -> None:
    """The operator reads how many an hour, not only that some pass."""
    text = "captcha: {provider: turnstile, secret: x, on_outage: allow, outage_max: 17}"
    assert "17 sends an hour" in str(checked(text, server.url)["captcha.on_outage"].message)


def test_the_policy_is_reviewed_and_told_in_numbers(
    checked: Checked, server: PrivateServer
) -> None:
    """The defaults: a recommendation, and what a day can bring at worst."""
    found = checked("purposes: {login: {text: '验证码${code}'}}", server.url)
    assert found["code.challenge"].level == "ok"
    assert {
        check: str(item.message) for check, item in found.items() if check.startswith("promise.")
    } == {
        "promise.messages": "at most 5,000 messages a day, 10 to one phone",
        "promise.cost": "at most 225.00 CNY a day, segments a message: 1",
        "promise.phone": "at most 20 guesses a day at one phone: "
        "the odds that one is right are 1:50,000",
        "promise.guesses": "at most 15,000 guesses a day in all: "
        "the odds that any is right are 1:67",
    }


def test_a_policy_without_a_fuse_is_an_error_and_promises_nothing(
    checked: Checked, server: PrivateServer
) -> None:
    """No figure is told where nothing bounds it."""
    found = checked("limits: [{name: a, per: phone, max: 1, window: 60s}]", server.url)
    assert found["limits.no-fuse"].level == "error"
    assert not [check for check in found if check.startswith("promise.")]


def test_no_item_holds_a_secret(checked: Checked, server: PrivateServer) -> None:
    """Invariant 8: neither key, secret nor the store's password is in any item."""
    for url in (server.url, "redis://someone:open-sesame@127.0.0.1:1/0"):
        text = f"{REAL}captcha: {{provider: turnstile, secret: captchas-own}}\n"
        for item in checked(text, url).values():
            shown = f"{item.check} {item.message} {item.hint} {item!r}"
            for secret in (SECRET, "LTAI5tExample", "hush-hush", "captchas-own", "open-sesame"):
                assert secret not in shown
