"""What docs/deploy.md tells operators to write and to type."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smsctl.config import load
from smsctl.store.target import read_target
from smsctl.vendors.aliyun_account.actions import READS, RECORDS, SENDS, action_name, ram_policy
from tests.fakes.aliyun import FakeAliyun
from tests.servers import PrivateServer, running
from tests.wiring.online import Online

_PAGE = Path(__file__).parents[1] / "docs" / "deploy.md"
_SNIPPET = re.compile(r"^```[a-z]+ file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECRETS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "made-up",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "made-up",
    "TURNSTILE_SECRET": "made-up",
    "SMSCTL_SECRET": "sixteen-bytes-at-least",
    "SMSCTL_REDIS_PASSWORD": "made-up",
    "DINGTALK_URL": "https://127.0.0.1:9/robot/send?access_token=made-up",
    "DINGTALK_SECRET": "made-up",
}


_ALERTS = f"""\
alerts:
  channels:
    - {{name: oncall, kind: dingtalk, url: "{_SECRETS["DINGTALK_URL"]}", secret: made-up}}
"""


def snippets() -> dict[str, str]:
    return dict(_SNIPPET.findall(_PAGE.read_text("utf-8")))


@pytest.mark.parametrize("name", ["/etc/smsctl/config.yaml", "sentinel.yaml", "cluster.yaml"])
def test_a_configuration_loads(tmp_path: Path, name: str) -> None:
    """With the secrets from the environment, and with a store that can be read."""
    path = tmp_path / "config.yaml"
    path.write_text(snippets()[name], "utf-8")
    store = load(path, environ=_SECRETS).store
    assert read_target(store.url, prefix=store.prefix).place.endswith(("/0", ":6379"))


def test_the_environment_names_every_secret() -> None:
    """Of the configuration above it, and no value."""
    named = [line.partition("=") for line in snippets()["/etc/smsctl/environment"].splitlines()]
    assert [name for name, _, _ in named] == list(_SECRETS)
    assert {value for _, _, value in named} == {"'…'"}


def test_a_shell_reads_what_is_quoted(tmp_path: Path) -> None:
    """Whatever is in a value reaches the command as it is written."""
    line = snippets()["crontab"].splitlines()[3]
    password = "p$HOME&`#;\\ s"
    secrets = tmp_path / "environment"
    secrets.write_text(f"SMSCTL_REDIS_PASSWORD='{password}'\n", "utf-8")
    read, _, _ = line.removeprefix("*/5 * * * * ").partition("told=")
    command = (
        read.replace("/etc/smsctl/environment", str(secrets)) + "printenv SMSCTL_REDIS_PASSWORD"
    )
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert ran.stdout == f"{password}\n"


def test_the_ram_policy_has_the_actions_that_are_used() -> None:
    """Sending first, then what the checks read."""
    actions = [action_name(action) for action in (*SENDS, *READS, *RECORDS)]
    assert json.loads(snippets()["ram-policy.json"]) == ram_policy(actions)


def test_a_server_takes_the_settings(binary: Path, tmp_path: Path) -> None:
    """And has them in force."""
    settings = dict(line.split() for line in snippets()["redis.conf"].splitlines())
    options = [word for name, value in settings.items() for word in (f"--{name}", value)]
    with running(binary, tmp_path, *options) as server, server.client as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.info("persistence")["aof_enabled"] == 1


_LINES = {
    "alert run": "cannot be reached",
    "usage -o": "cannot be reached",
    "usage --check": "SMSCTL UNKNOWN",
    "probe": "cannot be reached",
    "config check": "error\tstore.reachable",
    "reconcile": "cannot be reached",
    "report": "cannot be reached",
}
"""What each line of the crontab says where the store is away."""


@pytest.fixture
def durable(server: PrivateServer) -> Iterator[PrivateServer]:
    """Yield the server while it writes what it holds to disk, as the check wants it."""
    with server.client as client:
        client.config_set("appendonly", "yes")
        yield server
        client.config_set("appendonly", "no")


@pytest.mark.parametrize(("line", "said"), _LINES.items(), ids=_LINES)
def test_cron_is_silent_while_all_is_well(
    durable: PrivateServer, aliyun: FakeAliyun, tmp_path: Path, line: str, said: str
) -> None:
    """And tells what is wrong where the store is away; the path has where smsctl is installed."""
    Online(aliyun, tmp_path).config(_ALERTS)
    secrets = tmp_path / "environment"
    secrets.write_text("".join(f"{name}='{value}'\n" for name, value in _SECRETS.items()), "utf-8")
    first, *lines = snippets()["crontab"].splitlines()
    assert first == "PATH=/usr/local/bin:/usr/bin:/bin"
    assert len(lines) == len(_LINES)
    (found,) = (each for each in lines if f"smsctl {line} " in each)
    *when, command = found.split(maxsplit=5)
    assert re.fullmatch(r"[0-9*/ ]+", " ".join(when))
    assert "%" not in command  # cron would end the line there
    command = command.replace("/etc/smsctl/environment", str(secrets))
    command = command.replace("/var/lib/smsctl", str(tmp_path))
    assert _cron(command, durable.url, tmp_path) == ""
    assert said in _cron(command, f"unix://{tmp_path}/nowhere", tmp_path)


def _cron(command: str, store: str, home: Path) -> str:
    environ = {
        "HOME": str(home),
        "SMSCTL_CONFIG": str(home / "config.yaml"),
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "SMSCTL_STORE__URL": store,
    }
    ran = subprocess.run(
        ["sh", "-c", command], env=environ, capture_output=True, text=True, check=False
    )
    return ran.stdout


_FORK = """
import os, re
from smsctl import open_guard

guard = open_guard()

def go_through(first):
    for number in range(first, first + 20):
        sent = guard.send(f"139{number:08}", ip="203.0.113.7")
        code = re.findall("[0-9]{6}", sent.message)[0]
        assert guard.verify(f"139{number:08}", code)

go_through(0)
children = []
for child in range(1, 4):
    if not (forked := os.fork()):
        go_through(100 * child)
        os._exit(0)
    children.append(forked)
go_through(500)
guard.close()
print([os.waitpid(each, 0)[1] for each in children])
"""


def test_a_guard_that_was_used_may_be_forked(server: PrivateServer, tmp_path: Path) -> None:
    """The parent and each of its children get their own answers, all at the same time."""
    config = tmp_path / "config.yaml"
    config.write_text("limits: [{name: fuse, per: all, max: 100, window: day}]\n", "utf-8")
    environ = {
        "SMSCTL_CONFIG": str(config),
        "SMSCTL_STORE__URL": server.url,
        "SMSCTL_SECRET": _SECRETS["SMSCTL_SECRET"],
    }
    ran = subprocess.run(
        [sys.executable, "-c", _FORK], env=environ, capture_output=True, text=True, check=False
    )
    assert (ran.stdout, ran.stderr) == ("[0, 0, 0]\n", "")


def test_django_takes_the_address_from_nginx() -> None:
    """A request without the header has none, which is no client's address and refused."""
    names: dict[str, Any] = {}
    exec(compile(snippets()["client_address.py"], "client_address.py", "exec"), names)

    class Request:
        def __init__(self, headers: dict[str, str]) -> None:
            self.headers, self.META = headers, {"REMOTE_ADDR": "127.0.0.1"}

    middleware = names["ClientAddress"](lambda request: request.META["REMOTE_ADDR"])
    assert middleware(Request({"X-Forwarded-For": "203.0.113.7"})) == "203.0.113.7"
    assert middleware(Request({})) == ""


def test_nginx_writes_the_address_anew(tmp_path: Path) -> None:
    """The header is not added to, and nginx takes the lines as they stand."""
    location = snippets()["nginx.conf"]
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in location
    if not (program := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")):
        pytest.skip("no nginx here")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    server = f"server {{ listen unix:{tmp_path}/s; {location} }}"
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {folders} {server} }}", "utf-8"
    )
    command = [program, "-t", "-q", "-e", "stderr", "-p", str(tmp_path), "-c", str(config)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("smsctl-minute.service", ["Unit", "Service"]),
        ("smsctl-minute.timer", ["Unit", "Timer", "Install"]),
        ("smsctl-usage.service", ["Unit", "Service"]),
        ("smsctl-usage.timer", ["Unit", "Timer", "Install"]),
    ],
)
def test_a_unit_is_one(name: str, sections: list[str]) -> None:
    """Sections and settings are where systemd looks for them."""
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(snippets()[name])
    assert unit.sections() == sections


@pytest.mark.parametrize("name", ["smsctl-minute.service", "smsctl-usage.service"])
def test_what_a_unit_starts_ends_well(
    server: PrivateServer, aliyun: FakeAliyun, tmp_path: Path, name: str
) -> None:
    """Every line of it, with the environment of the unit's file."""
    Online(aliyun, tmp_path).config(_ALERTS)
    lines = re.findall(r"^Exec(?:Start|StopPost)=(.*)$", snippets()[name], re.MULTILINE)
    assert lines
    for line in lines:
        command = line.replace("/var/lib/smsctl", str(tmp_path))
        assert _cron(f"{command} >/dev/null 2>&1; echo $?", server.url, tmp_path) == "0\n"


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    """No unknown key, no line that it ignores."""
    if not (program := shutil.which("systemd-analyze")):
        pytest.skip("no systemd here")
    names = [name for name in snippets() if name.endswith((".service", ".timer"))]
    assert len(names) == 4
    for name in names:
        (tmp_path / name).write_text(snippets()[name], "utf-8")
    command = [program, "verify", *(str(tmp_path / name) for name in names)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in ran.stderr.splitlines() if "smsctl-" in line] == []
