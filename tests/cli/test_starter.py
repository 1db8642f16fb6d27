"""The starter file as it lies on the disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from smsctl.cli.commands.config.starter import starter_path, write_starter
from smsctl.config import example, load
from smsctl.core.errors import ConfigError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_starter_is_the_example_and_its_owners_alone(tmp_path: Path) -> None:
    """0600, in directories of 0700, and nothing else is left there; it loads."""
    path = tmp_path / "a" / "b" / "config.yaml"
    assert write_starter(path, example(), replace=False)
    assert path.read_text("utf-8") == example()
    assert (mode(path), mode(path.parent), mode(path.parent.parent)) == (0o600, 0o700, 0o700)
    assert list(path.parent.iterdir()) == [path]
    assert load(path, environ={}).path == path


def test_a_file_that_is_there_stays_unless_it_is_told_to_go(tmp_path: Path) -> None:
    """Also where it is a link that leads nowhere; replaced, it gets the starter's mode."""
    path, link = tmp_path / "config.yaml", tmp_path / "link.yaml"
    path.write_text("mine", "utf-8")
    path.chmod(0o644)
    link.symlink_to(tmp_path / "nowhere")
    assert not write_starter(path, example(), replace=False)
    assert not write_starter(link, example(), replace=False)
    assert path.read_text("utf-8") == "mine"
    assert write_starter(path, example(), replace=True)
    assert (path.read_text("utf-8"), mode(path)) == (example(), 0o600)
    assert sorted(tmp_path.iterdir()) == [path, link]


@pytest.mark.parametrize("path", ["file/config.yaml", "folder", "."])
def test_what_cannot_be_written_names_the_path(tmp_path: Path, path: str) -> None:
    """A file in the way of a directory, a directory in the way of a file."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        write_starter(tmp_path / path, example(), replace=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize(
    ("named", "environ", "path"),
    [
        ("/n.yaml", {"SMSCTL_CONFIG": "/e.yaml", "HOME": "/h"}, "/n.yaml"),
        (None, {"SMSCTL_CONFIG": "/e.yaml", "HOME": "/h"}, "/e.yaml"),
        (None, {"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/x/smsctl/config.yaml"),
        (None, {"HOME": "/h"}, "/h/.config/smsctl/config.yaml"),
        (None, {}, "/etc/smsctl/config.yaml"),
    ],
)
def test_the_starter_goes_where_it_will_be_found_first(
    named: str | None, environ: dict[str, str], path: str
) -> None:
    """The search order decides, so that the next command reads what was written."""
    assert starter_path(Path(named) if named else None, environ) == Path(path)
