"""What docs/deploy.md tells operators to write and to type."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smsctl.config import load
from smsctl.store.target import read_target
from smsctl.vendors.aliyun_account.actions import READS, SENDS, action_name, ram_policy
from tests.servers import PrivateServer, running

_PAGE = Path(__file__).parents[1] / "docs" / "deploy.md"
_SNIPPET = re.compile(r"^```[a-z]+ file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SECRETS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "made-up",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "made-up",
    "TURNSTILE_SECRET": "made-up",
    "SMSCTL_SECRET": "sixteen-bytes-at-least",
    "SMSCTL_REDIS_PASSWORD": "made-up",
}


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
    assert {value for _, _, value in named} == {"…"}


def test_the_ram_policy_has_the_actions_that_are_used() -> None:
    """Sending first, then what the checks read."""
    actions = [action_name(action) for action in (*SENDS, *READS)]
    assert json.loads(snippets()["ram-policy.json"]) == ram_policy(actions)


def test_a_server_takes_the_settings(binary: Path, tmp_path: Path) -> None:
    """And has them in force."""
    settings = dict(line.split() for line in snippets()["redis.conf"].splitlines())
    options = [word for name, value in settings.items() for word in (f"--{name}", value)]
    with running(binary, tmp_path, *options) as server, server.client as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.info("persistence")["aof_enabled"] == 1


def test_cron_is_silent_while_all_is_well(server: PrivateServer, tmp_path: Path) -> None:
    """And writes the plugin's line where the store is away."""
    secrets = tmp_path / "environment"
    secrets.write_text("".join(f"{name}={value}\n" for name, value in _SECRETS.items()), "utf-8")
    (line,) = snippets()["crontab"].splitlines()
    command = line.removeprefix("*/5 * * * * ").replace("/etc/smsctl/environment", str(secrets))
    assert _cron(command, server.url, tmp_path) == ""
    assert _cron(command, f"unix://{tmp_path}/nowhere", tmp_path).startswith("SMSCTL UNKNOWN")


def _cron(command: str, store: str, home: Path) -> str:
    config = home / "config.yaml"
    config.write_text("timezone: Asia/Shanghai\n", "utf-8")
    environ = {
        "HOME": str(home),
        "SMSCTL_CONFIG": str(config),
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "SMSCTL_STORE__URL": store,
    }
    ran = subprocess.run(
        ["sh", "-c", command], env=environ, capture_output=True, text=True, check=False
    )
    return ran.stdout


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("smsctl-usage.service", ["Unit", "Service"]),
        ("smsctl-usage.timer", ["Unit", "Timer", "Install"]),
    ],
)
def test_a_unit_is_one(name: str, sections: list[str]) -> None:
    """Sections and settings are where systemd looks for them."""
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(snippets()[name])
    assert unit.sections() == sections
    if name.endswith("service"):
        assert unit["Service"]["ExecStart"].endswith("smsctl usage --check -w 80 -c 95")
