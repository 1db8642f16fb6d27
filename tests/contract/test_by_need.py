"""The contract, "No configuration" and "By need": what stops a command, and what does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.conftest import MakeHost
from tests.contract.names import today
from tests.contract.program import Host

PHONE = "13800138000"

# No configuration: these work as a try-out.
TRY_OUT = (
    f"send {PHONE}",
    "config show",
    "config check",
    "config ram-policy",
    "store status",
    "store acl",
    "lint sign 示例签名",
    "lint template 您的验证码是${code}，5分钟内有效。",
    "explain 75",
    "completion bash",
    "help",
)
# These do as well, but only where this user's embedded store exists already.
WITH_A_STORE = (
    f"verify {PHONE} 000000",
    "limits show",
    "limits try --rule phone-minute",
    "usage",
    f"why {PHONE}",
    "events",
    "watch --count 1",
    "report",
)
# These act on production or vouch for it.
NEVER = (
    f"limits reset --phone {PHONE} --yes",
    "pause --for 1h --reason r",
    "resume --reason r",
    "fuse raise 9000 --until midnight --reason r --yes",
    "fuse lower --reason r",
    f"deny add {PHONE} --reason r",
    "deny list",
    f"allow add {PHONE} --reason r",
    "allow list",
    today("command", "overrides"),
    "alert test",
    "alert run",
    "alert list",
    "audit",
    "reconcile",
    f"probe {PHONE}",
    "onboard",
    f"forget {PHONE} --reason r --yes",
    "receipts record -",
)
PLUGINS = (
    "usage --check",
    "usage --check-gateway",
    "usage --check-conversion",
    f"probe {PHONE} --check",
)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Return the host of a user without a configuration who has sent once."""
    host = Host(tmp_path_factory.mktemp("tried"))
    assert host("send", PHONE).code == 0
    yield host
    host("store", "stop")


@pytest.mark.parametrize("command", TRY_OUT)
def test_works_as_a_try_out(tried: Host, command: str) -> None:
    """Without a configuration what touches nothing of production works, on the defaults."""
    ran = tried(*command.split())
    assert ran.code in {0, 4} if command.startswith("send") else ran.code == 0


def test_try_out_says_so_in_one_line(tried: Host) -> None:
    """A send without a configuration prints the message, and one line on stderr says why."""
    ran = tried("send", "13800138009")
    assert ran.code == 0
    assert "console" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("command", WITH_A_STORE)
def test_works_where_the_embedded_store_exists(tried: Host, command: str) -> None:
    """Without a configuration a reader works where this user's embedded store exists already."""
    assert tried(*command.split()).code == (3 if command.startswith("verify") else 0)


@pytest.mark.parametrize("command", [*WITH_A_STORE, *NEVER, "usage -o prom"])
def test_is_78_without_a_configuration(bare: Host, command: str) -> None:
    """Without a configuration, and a store, it is 78, and nothing is created."""
    ran = bare(*command.split(), "--json")
    assert ran.code == 78
    assert ran.error["error"]["code"] == "config"
    assert list(bare.home.iterdir()) == []


def test_hint_names_the_searched_places_and_the_environment_file(bare: Host) -> None:
    """The hint names every place that was searched, and the environment file."""
    hint = bare("pause", "--for", "1h", "--reason", "r", "--json").error["error"]["hint"]
    assert str(bare.home / ".config/smsctl/config.yaml") in hint
    assert "/etc/smsctl/config.yaml" in hint
    assert "/etc/smsctl/environment" in hint


@pytest.mark.parametrize("command", PLUGINS)
def test_is_3_as_a_plugin(tried: Host, command: str) -> None:
    """A monitoring plugin is UNKNOWN without a configuration, though the store exists."""
    ran = tried(*command.split())
    assert ran.code == 3
    assert ran.out.startswith("SMSCTL UNKNOWN")
    assert ran.out.count("\n") == 1


@pytest.mark.parametrize("command", ["usage -o prom", "audit"])
def test_is_78_though_a_store_exists(tried: Host, command: str) -> None:
    """What vouches for production never takes the try-out's store for it."""
    assert tried(*command.split()).code == 78


def test_an_override_in_the_environment_is_a_configuration(bare: Host, store_url: str) -> None:
    """Any `SMSCTL_<SECTION>__<KEY>` in the environment is a configuration: no try-out."""
    bare.environ |= {
        "SMSCTL_STORE__URL": store_url,
        "SMSCTL_STORE__PREFIX": "by-variables",
        "SMSCTL_CODE__SECRET": "sixteen-bytes-or-more",
    }
    ran = bare("audit")
    assert ran.code == 0
    assert "no configuration" not in ran.err


# By need. What is wrong, and which commands it stops; they all end with 78.
UNSET = "gateway: {provider: aliyun, access_key_id: '${UNSET}', access_key_secret: '${UNSET}'}\n"
BAD_CAPTCHA = "captcha: {provider: turnstile, secret: '${UNSET}'}\n"
CHANNEL = "alerts: {channels: [{name: a, kind: slack, url: '${UNSET}'}]}\n"
READERS = "usage", f"verify {PHONE} 000000"
NEED = {
    "gateway key": (UNSET, [f"send {PHONE}", f"probe {PHONE}"]),
    "captcha secret": (BAD_CAPTCHA, [f"send {PHONE}"]),
    "channel": (CHANNEL, ["alert test", "alert run"]),
    "unknown top key": ("frobnicate: 1\n", [*READERS, "pause --for 1h --reason r"]),
    "broken YAML": ("a: [", [*READERS, "config check"]),
    "code.secret": ("code: {secret: short}\n", [*READERS, f"send {PHONE}"]),
}
SECRETLESS = (
    "lint sign 示例签名",
    "explain 75",
    "completion bash",
    "config show",
    "config ram-policy",
    "store acl",
)


@pytest.mark.parametrize("mistake", NEED)
def test_mistake_stops_the_commands_that_use_it(make_host: MakeHost, mistake: str) -> None:
    """A command is stopped (78) by what is wrong in the sections that it uses."""
    text, stopped = NEED[mistake]
    host = make_host(text)
    environ = {"SMSCTL_SECRET": ""} if mistake == "code.secret" else {}
    codes = {command: host(*command.split(), **environ).code for command in stopped}
    assert codes == dict.fromkeys(stopped, 78)


@pytest.mark.parametrize("command", ["usage", "pause --for 1h --reason r", "onboard"])
def test_mistake_stops_nobody_else(make_host: MakeHost, command: str) -> None:
    """What is wrong elsewhere stops no command that does not use it."""
    assert make_host(UNSET + BAD_CAPTCHA + CHANNEL)(*command.split()).code == 0


@pytest.mark.parametrize("command", SECRETLESS)
def test_needs_no_secret(make_host: MakeHost, command: str) -> None:
    """What reads no secret goes on without one."""
    host = make_host(UNSET + BAD_CAPTCHA + CHANNEL + "code: {secret: '${UNSET}'}\n")
    assert host(*command.split()).code == 0


def test_config_check_lists_whatever_is_missing(make_host: MakeHost) -> None:
    """What stops only some commands is an error item of `config check`: 78."""
    ran = make_host(UNSET + BAD_CAPTCHA + CHANNEL)("config", "check", "--json")
    assert (ran.code, ran.document["ok"]) == (78, False)
    assert {item["check"] for item in ran.document["items"] if item["level"] == "error"} == {
        "gateway.access_key_id",
        "gateway.access_key_secret",
        "captcha.secret",
        "alerts.channels[0].url",
    }


def test_config_show_shows_what_is_missing(make_host: MakeHost) -> None:
    """`config show` shows a variable that is not set as missing, and goes on."""
    document = make_host(UNSET).json("config", "show")
    assert [entry["key"] for entry in document["missing"]] == [
        "gateway.access_key_id",
        "gateway.access_key_secret",
    ]


def test_missing_secret_of_a_channel_is_a_warning_elsewhere(make_host: MakeHost) -> None:
    """A channel whose secret is missing warns outside of `alert`, on stderr."""
    ran = make_host(CHANNEL)("send", PHONE)
    assert ran.code == 0
    assert "UNSET" in ran.err


def test_variable_that_is_not_set_shows_as_missing(bare: Host) -> None:
    """A store's URL that is not set stops no command that needs no store."""
    bare.configure('store: {url: "${REDIS_URL}"}')
    ran = bare("config", "show", "--json")
    assert ran.code == 0
    assert [entry["key"] for entry in ran.document["missing"]] == ["store.url"]
