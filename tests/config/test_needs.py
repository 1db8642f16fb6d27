"""What concerns a use of the configuration: its own sections, and the file as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsctl.config import Config, Needs, load
from smsctl.core.errors import ConfigError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as an operator would, beside him."""
    monkeypatch.chdir(tmp_path)


def _load(text: str, needs: Needs, name: str = "config.yaml") -> Config:
    Path(name).touch(mode=0o600)
    Path(name).write_text(text, encoding="utf-8")
    return load(name, environ={}, needs=needs)


@pytest.mark.parametrize(
    ("text", "stopped", "goes_on"),
    [
        ("gateway: {timeout: 9h}", "sending", "verifying"),
        ("gateway: nothing", "costs", "store"),
        ("gateway: {pricee: 1}", "sending", "costs"),
        ("alerts: {channels: [{name: a}]}", "alerts", "sending"),
        ("code: {secret: short}", "store", "texts"),
        ("captcha: {provider: aliyun, scene_id: x}", "sending", "vendor"),
        ("captcha: {secret: '${A}'}", "sending", "everything"),
        ("stor: {}", "store", "texts"),
        ("'store.url': embedded", "store", "store address"),
        ("timezone: UTC\ntimezone: UTC", "channels", "texts"),
    ],
)
def test_a_problem_stops_who_needs_the_value(text: str, stopped: Needs, goes_on: Needs) -> None:
    """It is raised for the one use; for the other it is kept, with the default in its place."""
    with pytest.raises(ConfigError):
        _load(text, stopped)
    assert _load(text, goes_on).problems


def test_a_key_written_twice_concerns_the_file_whatever_its_name() -> None:
    """`alerts.yaml:2:1` is a place in a file, not a value of the alerts."""
    with pytest.raises(ConfigError, match=r"^alerts\.yaml:2:1: "):
        _load("timezone: UTC\ntimezone: UTC", "store", "alerts.yaml")


def test_without_a_use_everything_is_told_at_once() -> None:
    """Who names no use gets every problem, in the order of the file."""
    Path("config.yaml").write_text("limitz: []\nalerts: 1\ngateway: {timeout: 9h}\n")
    with pytest.raises(ConfigError) as caught:
        load("config.yaml", environ={})
    assert [each.path for each in caught.value.problems] == ["limitz", "gateway.timeout", "alerts"]
