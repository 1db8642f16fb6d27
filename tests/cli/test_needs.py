"""Each command reads the parts of the configuration that it uses, and stops for those alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smsctl.config import places
from tests.cli.desk import Desk
from tests.cli.desks import PHONE, MakeDesk

REASON = ("--reason", "x")
PAUSE = ("pause", "--for", "30m", *REASON)

DEPLOYED = """
gateway:
  provider: aliyun
  sign_name: 示例科技
  access_key_id: ${ACME_KEY_ID}
  access_key_secret: ${ACME_KEY_SECRET}
purposes: {login: {template: SMS_1, text: "您的登录验证码是${code}，5分钟内有效。"}}
captcha: {provider: turnstile, secret: "${ACME_TURNSTILE}"}
test_numbers: [{phone: "13900139000", code: "${ACME_CODE}", until: 2099-01-01}]
alerts: {channels: [{name: oncall, kind: dingtalk, url: "${ACME_URL}", secret: "${ACME_SECRET}"}]}
"""
"""As in docs/deploy.md: every secret is a variable, and none of them is set."""

NO_TEMPLATE = """
gateway: {provider: aliyun, access_key_id: a, access_key_secret: b}
purposes: {login: {}}
"""

UNSET = ("KEY_ID", "KEY_SECRET", "TURNSTILE", "CODE", "URL", "SECRET")


@pytest.fixture
def deployed(make_desk: MakeDesk) -> Desk:
    """Return a desk whose store is known, and whose other secrets are not set."""
    return make_desk(DEPLOYED)


@pytest.mark.parametrize(
    "line",
    [
        PAUSE,
        ("resume", *REASON),
        ("deny", "add", PHONE, *REASON),
        ("limits", "show"),
        ("limits", "reset", "--phone", PHONE, "--yes"),
        ("usage",),
        ("usage", "--check"),
        ("why", PHONE),
        ("events",),
        ("report",),
        ("audit",),
        ("overrides",),
    ],
    ids=" ".join,
)
def test_what_reads_the_store_needs_no_other_secret(deployed: Desk, line: tuple[str, ...]) -> None:
    """0 without gateway, captcha, channels and test numbers; each missing channel is a warning."""
    answer = deployed(*line)
    assert answer.code == 0
    assert answer.err.count("warning: ") == 2
    assert "warning: alerts.channels[0].url: ACME_URL is not set in the environment" in answer.err
    assert deployed(*line, "-q").err == ""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (("send", PHONE), UNSET[:4]),
        (("probe", PHONE), UNSET[:4]),
        (("verify", PHONE, "000000"), UNSET[3:4]),
        (("reconcile",), UNSET[:2]),
        (("alert", "list"), UNSET[4:]),
        (("alert", "run"), UNSET[4:]),
        (("alert", "test"), UNSET[4:]),
    ],
    ids=" ".join,
)
def test_a_command_names_what_it_lacks_and_nothing_else(
    deployed: Desk, line: tuple[str, ...], names: tuple[str, ...]
) -> None:
    """78 with the variables of the sections that the command uses."""
    answer = deployed(*line, "--json")
    assert (answer.code, answer.out) == (78, "")
    variables = [problem["message"].split()[0] for problem in answer.error["problems"]]
    assert variables == [f"ACME_{name}" for name in names]


def test_without_the_stores_secrets_nothing_reads_it(make_desk: MakeDesk) -> None:
    """78 for the password of the store, and for `code.secret`."""
    desk = make_desk('store: {url: "redis://:${ACME_PW}@localhost:1/0"}\ncode: {secret: "${ACME}"}')
    environ = {k: v for k, v in desk.environ.items() if not k.startswith("SMSCTL_S")}
    answer = Desk(environ)(*PAUSE, "--json")
    assert answer.code == 78
    assert [entry["path"] for entry in answer.error["problems"]] == ["store.url", "code.secret"]


@pytest.mark.parametrize(
    "line",
    [
        ("lint", "sign"),
        ("lint", "template"),
        ("lint", "sign", "示例科技"),
        ("config", "ram-policy"),
        ("store", "acl"),
        ("store", "status"),
        ("explain", "75"),
        ("completion", "bash"),
        ("config", "show"),
        ("onboard",),
    ],
    ids=" ".join,
)
def test_what_needs_no_secret_asks_for_none(make_desk: MakeDesk, line: tuple[str, ...]) -> None:
    """0 with no variable set at all, the store's own included."""
    desk = make_desk(f'{DEPLOYED}store: {{url: "redis://:${{ACME_PW}}@127.0.0.1:1/0"}}\n')
    bare = Desk({name: desk.environ[name] for name in ("SMSCTL_CONFIG", "SMSCTL_STATE_DIR")})
    answer = bare(*line)
    assert answer.code == 0, answer.err
    read = line[0] in {"store", "onboard"} or line == ("config", "show")
    assert ("ACME_PW is not set" in answer.err) == read


def test_show_tells_what_is_missing_and_goes_on(deployed: Desk) -> None:
    """Each missing variable is named beside its value, which is shown as it is written."""
    answer = deployed("config", "show", "--json")
    values = {entry["key"]: entry for entry in answer.document["values"]}
    assert answer.code == 0
    assert values["gateway.access_key_secret"] == {
        "key": "gateway.access_key_secret",
        "value": "${ACME_KEY_SECRET}",
        "origin": "file, from environment ACME_KEY_SECRET, missing",
    }
    assert [entry["key"] for entry in answer.document["missing"]] == [
        "gateway.access_key_id",
        "gateway.access_key_secret",
        "captcha.secret",
        "test_numbers[0].code",
        "alerts.channels[0].url",
        "alerts.channels[0].secret",
    ]


def test_a_written_secret_beside_a_missing_variable_stays_hidden(make_desk: MakeDesk) -> None:
    """Of `hush${NAME}` nothing is shown."""
    desk = make_desk(
        'gateway: {access_key_secret: "hush${ACME}"}\nstore: {url: "redis://:hush${A}@h"}'
    )
    answer = desk("config", "show", SMSCTL_STORE__URL="embedded")
    assert "from environment ACME, missing" in answer.out
    assert "hush" not in answer.out + answer.err
    environ = {name: text for name, text in desk.environ.items() if name != "SMSCTL_STORE__URL"}
    assert "hush" not in Desk(environ)("config", "show").out


def test_the_check_lists_what_is_missing(deployed: Desk) -> None:
    """78, an error item for each value."""
    answer = deployed("config", "check", "--json")
    wrong = {entry["check"] for entry in answer.document["items"] if entry["level"] == "error"}
    assert answer.code == 78
    assert {"gateway.access_key_id", "captcha.secret", "alerts.channels[0].secret"} < wrong


def test_onboard_names_what_each_step_lacks(deployed: Desk) -> None:
    """The path goes on: the vendor's steps are not known, and the missing values are to do."""
    answer = deployed("onboard", "--json")
    steps = {step["step"]: step for step in answer.document["steps"]}
    assert answer.code == 0
    assert steps["signature"]["state"] == "unknown"
    assert steps["credentials"]["state"] == "todo"
    assert "ACME_KEY_ID is not set" in steps["credentials"]["message"]
    assert "ACME_TURNSTILE is not set" in steps["captcha"]["message"]
    assert steps["limits"]["state"] == "done"


def test_no_store_is_asked_with_a_password_that_is_missing(make_desk: MakeDesk) -> None:
    """What stands in for it in the URL reaches no server: the step names what it lacks."""
    desk = make_desk(f'{DEPLOYED}store: {{url: "redis://:${{ACME_PW}}@127.0.0.1:1/0"}}\n')
    environ = {name: text for name, text in desk.environ.items() if name != "SMSCTL_STORE__URL"}
    answer = Desk(environ)("onboard", "--json")
    steps = {step["step"]: step for step in answer.document["steps"]}
    assert "store.url: ACME_PW is not set" in steps["test-send"]["message"]


def test_a_channel_without_its_secret_stops_no_send(make_desk: MakeDesk) -> None:
    """The message goes out, with a warning; the other channel still is there."""
    channels = (
        "[{name: a, kind: slack, url: '${ACME}'}, {name: b, kind: slack, url: 'https://b.cn/x'}]"
    )
    answer = make_desk(f"alerts: {{channels: {channels}}}")("send", PHONE)
    assert answer.code == 0
    assert answer.err.startswith(
        "warning: alerts.channels[0].url: ACME is not set in the environment ("
    )


@pytest.mark.parametrize(
    ("written", "stopped", "goes_on"),
    [
        ("captcha: {provider: nonsense}", "send", "verify"),
        ("captcha: {outage_max: 1000}", "send", "pause"),
        ("gateway: {timeout: 9h}", "send", "limits show"),
        ("gateway: {price: dear}", "usage", "usage --check"),
        ("gateway: {price: dear}", "report", "overrides"),
        ("alerts: {conversion: {min: none}}", "usage --check-conversion", "usage --check"),
        ("alerts: {fuse: [80, 50]}", "alert list", "send"),
        ("alerts: nothing", "alert test", "send"),
        (NO_TEMPLATE, "send", "pause"),
        ("captcha: {provider: aliyun, scene_id: x}", "send", "why"),
        ("test_numbers: [{phone: '13900139000', code: '1', until: 2099-01-01}]", "verify", "usage"),
        ("limits: [{name: a, per: phone, max: 0, window: 1h}]", "pause", "lint"),
        ("phone: {region: Mars}", "limits show", "acl"),
        ("code: {secret: short}", "usage", "lint"),
        ("code: {ttl: 1h}", "lint", "acl"),
        ("store: {prefix: 'a b'}", "acl", "lint"),
        ("gatewey: {provider: aliyun}", "pause", "lint"),
        ("gatewey: {provider: aliyun}", "verify", "acl"),
        ("gateway.provider: aliyun", "pause", "lint"),
        ("timezone: UTC\ntimezone: UTC", "usage", "lint"),
    ],
)  # fmt: skip
def test_what_is_wrong_stops_who_uses_it(
    make_desk: MakeDesk, written: str, stopped: str, goes_on: str
) -> None:
    """78, or 3 of a plugin, for the one; the other works, and its answer is not that of a fault."""
    lines = {
        "send": ("send", PHONE),
        "verify": ("verify", PHONE, "000000"),
        "pause": PAUSE,
        "why": ("why", PHONE),
        "lint": ("lint", "template", "您的登录验证码是${code}，5分钟内有效。"),
        "acl": ("store", "acl"),
    }
    desk = make_desk(written)
    answer = desk(*lines.get(stopped, stopped.split()))
    assert answer.code == (3 if "--check" in stopped else 78)
    assert desk(*lines.get(goes_on, goes_on.split())).code == (3 if goes_on == "verify" else 0)


@pytest.mark.parametrize(
    "line", [PAUSE, ("verify", PHONE, "1"), ("config", "show"), ("store", "acl")]
)
def test_a_file_that_is_no_yaml_stops_everybody(make_desk: MakeDesk, line: tuple[str, ...]) -> None:
    """Nothing is known of any section."""
    assert make_desk("store: [")(*line).code == 78


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("redis+cluster://smsctl:${ACME_PW}@n1,n2", "+cluster|nodes"),
        ("redis+sentinel://smsctl:${ACME_PW}@s1/mymaster/0", "+wait"),
        ("redis://smsctl:${ACME_PW}@${ACME_HOST}:6379/0", "+role"),
    ],
)
def test_rights_are_known_without_the_password(make_desk: MakeDesk, url: str, right: str) -> None:
    """Where the URL lacks only variables, the kind of store is known, and its commands with it."""
    desk = make_desk(f'store: {{url: "{url}", durability: strict}}')
    environ = {name: text for name, text in desk.environ.items() if name != "SMSCTL_STORE__URL"}
    answer = Desk(environ)("store", "acl")
    assert answer.code == 0
    assert right in answer.out
    assert "warning: store.url: ACME_PW is not set in the environment" in answer.err


def test_the_environment_file_is_named_to_who_lacks_its_variables(
    deployed: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a host that has the file, the line to type; elsewhere, no word of it."""
    file = tmp_path / "environment"
    monkeypatch.setattr(places, "ENVIRONMENT_FILE", file)
    assert "set -a" not in deployed("send", PHONE).err
    file.touch()
    line = f"load the service's variables: set -a; . {file}; set +a"
    assert f"hint: {line}\n" in deployed("send", PHONE).err
    assert deployed("send", PHONE, "--json").error["hint"] == line
    assert f"({line})\n" in deployed("config", "show").err
    items = deployed("config", "check", "--json").document["items"]
    assert {entry["hint"] for entry in items} == {line}
    monkeypatch.setattr(os, "access", lambda *_: False)
    mine = f"as a user who may read {file}: set -a; . {file}; set +a"
    assert deployed("verify", PHONE, "000000", "--json").error["hint"] == mine
