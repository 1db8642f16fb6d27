"""What a backend needs of the configuration: what `send` and `verify` use, and nothing else."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from smsctl import ConfigError, open_guard
from tests.servers import PrivateServer

PHONE = "13800138000"


@pytest.fixture
def file(server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where a test writes its configuration; the store is known from the environment."""
    monkeypatch.setenv("SMSCTL_STORE__URL", server.url)
    monkeypatch.setenv("SMSCTL_SECRET", "a-secret-of-this-host-alone")
    return tmp_path / "config.yaml"


@pytest.mark.parametrize(
    "alerts",
    [
        "{channels: [{name: oncall, kind: slack, url: '${ACME_URL}'}]}",
        "{channels: [{name: oncall, kind: dingtalk, url: 'https://example.com/x'}]}",
        "{language: fr}",
    ],
)
def test_alerts_stop_no_send(file: Path, alerts: str, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody waits for a code because an alert has nowhere to go; the log says so, once."""
    file.write_text(f"alerts: {alerts}\n")
    file.chmod(0o600)
    with caplog.at_level(logging.WARNING), open_guard(file) as guard:
        assert guard.send(PHONE, ip=None)
    assert [record.name for record in caplog.records if "alerts." in record.message] == [
        "smsctl.alerts"
    ]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("gateway: {provider: aliyun, access_key_secret: x}", "gateway.access_key_id"),
        ("captcha: {provider: turnstile, secret: '${ACME}'}", "captcha.secret"),
        ("test_numbers: [{phone: '13900139000', code: '${ACME}', until: 2099-01-01}]",
         "test_numbers[0].code"),
        ("limitz: []", "limitz"),
    ],
)  # fmt: skip
def test_what_a_send_needs_is_needed_at_the_door(file: Path, written: str, path: str) -> None:
    """A backend that could not send, or not verify, does not start."""
    file.write_text(f"{written}\n")
    file.chmod(0o600)
    with pytest.raises(ConfigError) as caught:
        open_guard(file)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_variables_alone_are_enough_if_they_name_the_gateway(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backend that misses its file does not send to a console and report success."""
    monkeypatch.setenv("HOME", str(file.parent))
    monkeypatch.delenv("SMSCTL_CONFIG", raising=False)
    with pytest.raises(ConfigError):
        open_guard()
    monkeypatch.setenv("SMSCTL_GATEWAY__PROVIDER", "console")
    with open_guard() as guard:
        assert guard.send(PHONE, ip=None)
