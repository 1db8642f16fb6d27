"""Which file is read, and what a file may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsctl.config import load
from smsctl.core.errors import ConfigError


def _file(path: Path, prefix: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"store: {{prefix: {prefix}}}", encoding="utf-8")
    return path


def test_the_first_file_of_the_search_override_counts(tmp_path: Path, system_file: Path) -> None:
    """Argument, $SMSCTL_CONFIG, $XDG_CONFIG_HOME, /etc: each stands before those after it."""
    given = _file(tmp_path / "given.yaml", "given")
    named = _file(tmp_path / "named.yaml", "named")
    xdg = _file(tmp_path / "xdg" / "smsctl" / "config.yaml", "xdg")
    _file(system_file, "system")
    environ = {"SMSCTL_CONFIG": str(named), "XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    assert load(given, environ=environ).path == given
    assert load(environ=environ).path == named
    del environ["SMSCTL_CONFIG"]
    assert load(environ=environ).path == xdg
    xdg.unlink()
    assert load(environ=environ).path == system_file
    assert load(environ=environ).store.prefix == "system"


def test_without_xdg_config_home_the_users_file_is_in_dot_config(tmp_path: Path) -> None:
    """$HOME/.config stands in for a $XDG_CONFIG_HOME that is not set, or is relative."""
    file = _file(tmp_path / ".config" / "smsctl" / "config.yaml", "home")
    assert load(environ={"HOME": str(tmp_path)}).path == file
    assert load(environ={"HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative"}).path == file
    assert load(environ={"HOME": str(tmp_path), "SMSCTL_CONFIG": ""}).path == file


def test_without_a_file_nothing_is_assumed(tmp_path: Path, system_file: Path) -> None:
    """A backend that misses its file is told where it was looked for."""
    with pytest.raises(ConfigError) as caught:
        load(environ={"HOME": str(tmp_path)})
    assert str(system_file) in str(caught.value)
    assert str(tmp_path / ".config" / "smsctl" / "config.yaml") in str(caught.value)
    assert str(caught.value.hint) == "write one: smsctl config init"


def test_defaults_are_given_to_who_asks_for_them() -> None:
    """`defaults` is for the command line, and for nobody else by accident."""
    config = load(environ={}, defaults=True)
    assert config.path is None
    assert config.gateway.provider == "console"


@pytest.mark.parametrize("named_by", ["argument", "environment"])
def test_a_named_file_must_be_there(tmp_path: Path, named_by: str) -> None:
    """Neither the defaults nor another file stand in for one that was named."""
    absent = str(tmp_path / "absent.yaml")
    path = absent if named_by == "argument" else None
    environ = {} if path else {"SMSCTL_CONFIG": absent}
    with pytest.raises(ConfigError, match=r"absent\.yaml: no such file"):
        load(path, environ=environ, defaults=True)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    """A directory is named as what it is."""
    with pytest.raises(ConfigError, match="a directory, not a file"):
        load(tmp_path, environ={})


def test_an_unreadable_file_is_not_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is there but may not be read is an error, not a reason to look further."""

    def refuse(*_args: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ConfigError, match="not readable by this user"):
        load(environ={"HOME": str(tmp_path)}, defaults=True)


def test_a_path_that_is_none_is_told() -> None:
    """A path that the system does not take is a problem like others, also one that is no text."""
    with pytest.raises(ConfigError, match="cannot be read: not a path"):
        load("a\0b", environ={})
    with pytest.raises(ConfigError, match=r"\\udcff: no such file"):
        load("\udcff", environ={})
    with pytest.raises(ConfigError, match="cannot be read: File name too long"):
        load("x" * 5000, environ={})


def test_an_endless_file_is_given_up() -> None:
    """No more is read than a configuration can be long."""
    with pytest.raises(ConfigError, match="larger than 262144 bytes"):
        load("/dev/zero", environ={})
