"""Files of the embedded store: this user's own, closed to others, and nobody else's by a trick."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from smsctl import StoreUnavailable
from smsctl.store.embedded import EmbeddedServer
from tests.store.homes import reserve
from tests.store.intruders import STRANGER, as_root


def modes(home: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}


@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o177, 0o777])
def test_modes_ignore_the_umask(tmp_path: Path, umask: int) -> None:
    """Invariant 8: files 0600, folders 0700, also those on the way that had to be made."""
    home = tmp_path / "made" / "on" / "state"
    server = EmbeddedServer(home, os.environ)
    before = os.umask(umask)
    try:
        server.start()
        server.secret()
        reserve(server, 1)
        shown = modes(tmp_path / "made")
    finally:
        os.umask(before)
        server.stop()
    folders = {"made", "on", "state", "appendonlydir"}
    assert {shown[name] for name in folders} == {0o700}
    assert shown["server.sock"] == 0o700
    files = shown.keys() - folders - {"server.sock"}
    assert {"server.conf", "server.lock", "server.log", "secret"} < files
    assert {shown[name] for name in files} == {0o600}


def test_what_others_could_read_is_closed_to_them(home: Path, embedded: EmbeddedServer) -> None:
    """Invariant 8: folders and files of an earlier version, or copied back from a backup."""
    embedded.start()
    embedded.secret()
    embedded.stop()
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    embedded.start()
    embedded.secret()
    shown = modes(home)
    assert {shown[name] for name in ("state", "appendonlydir")} == {0o700}
    names = ("server.conf", "server.lock", "server.log", "secret")
    assert {shown[name] for name in names} == {0o600}


FILES = ["server.lock", "server.log", "secret"]


@pytest.mark.parametrize("name", [*FILES, "server.sock", "appendonlydir", "appendonly.aof"])
@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_is_not_followed(home: Path, tmp_path: Path, name: str, dangling: bool) -> None:
    """Invariant 8: what it names keeps its bytes and its mode, and is not made."""
    victim = tmp_path / "victim"
    if not dangling:
        victim.write_text("precious")
        victim.chmod(0o644)
    home.mkdir(mode=0o700)
    (home / name).symlink_to(victim)
    server = EmbeddedServer(home, os.environ)
    act = server.secret if name == "secret" else server.start
    with pytest.raises(StoreUnavailable, match=f"{name} is a link") as caught:
        act()
    assert str(caught.value.hint).endswith(f"ls -li {home / name}")
    assert victim.exists() is not dangling
    if not dangling:
        assert (victim.read_text(), stat.S_IMODE(victim.stat().st_mode)) == ("precious", 0o644)
    (home / name).unlink()


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_a_second_name_is_not_used(home: Path, tmp_path: Path, name: str) -> None:
    """Invariant 8: a hard link to a file of the victim's is as good as a link."""
    victim = tmp_path / "victim"
    victim.write_text("precious, and long enough for a secret")
    victim.chmod(0o644)
    home.mkdir(mode=0o700)
    (home / name).hardlink_to(victim)
    server = EmbeddedServer(home, os.environ)
    with pytest.raises(StoreUnavailable, match="has a second name"):
        (server.secret if name == "secret" else server.start)()
    assert (victim.read_text()[:8], stat.S_IMODE(victim.stat().st_mode)) == ("precious", 0o644)
    (home / name).unlink()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_used(home: Path, name: str, make: Callable[[Path], None]) -> None:
    """Invariant 9: a pipe that would never answer is refused at once."""
    home.mkdir(mode=0o700)
    make(home / name)
    server = EmbeddedServer(home, os.environ)
    with pytest.raises(StoreUnavailable, match="is not a file"):
        (server.secret if name == "secret" else server.start)()
    (home / name).rmdir() if make is os.mkdir else (home / name).unlink()


@as_root
@pytest.mark.parametrize("name", [*FILES, "appendonlydir", "appendonly.aof"])
def test_a_strangers_file_is_not_used(home: Path, name: str) -> None:
    """Invariant 8: what he left there while the folder was open stays his."""
    home.mkdir(mode=0o700)
    (home / name).mkdir() if name == "appendonlydir" else (home / name).write_text("x" * 64)
    os.chown(home / name, STRANGER, STRANGER)
    server = EmbeddedServer(home, os.environ)
    with pytest.raises(StoreUnavailable, match=f"{name} belongs to another user"):
        (server.secret if name == "secret" else server.start)()
    if name == "server.lock":
        with pytest.raises(StoreUnavailable, match="belongs to another user"):
            server.stop()
        (home / name).unlink()


def test_the_configuration_is_written_where_nobody_can_foresee_it(
    home: Path, tmp_path: Path, embedded: EmbeddedServer
) -> None:
    """Invariant 8: links at its name, and at one with our process id, lead nowhere."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    home.mkdir(mode=0o700)
    for name in ("server.conf", f"server.conf.{os.getpid()}"):
        (home / name).symlink_to(victim)
    embedded.start()
    assert victim.read_text() == "precious"
    assert not (home / "server.conf").is_symlink()


def test_a_secret_that_others_could_have_written_is_not_used(
    home: Path, embedded: EmbeddedServer
) -> None:
    """Invariant 8: one that others may only read is closed to them, and used."""
    first = embedded.secret()
    (home / "secret").chmod(0o644)
    assert embedded.secret() == first
    assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o600
    (home / "secret").chmod(0o620)
    with pytest.raises(StoreUnavailable, match="others may write to"):
        embedded.secret()


def test_a_secret_whose_maker_died_between_two_steps_is_whole(
    home: Path, embedded: EmbeddedServer
) -> None:
    """Invariant 8: the name under which it was made goes, and no copy stays."""
    first = embedded.secret()
    (home / "secret.0123456789abcdef").hardlink_to(home / "secret")
    assert embedded.secret() == first
    assert sorted(path.name for path in home.glob("secret*")) == ["secret"]
