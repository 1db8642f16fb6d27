"""Where the embedded store lives: directories, secrets and logs of writes, whole and not."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from smsctl import StoreUnavailable
from smsctl.store.embedded import EmbeddedServer, state_directory
from tests.servers import redis_62
from tests.store.homes import fuse, reserve


def test_files_are_the_owners_alone(embedded: EmbeddedServer, home: Path) -> None:
    """Invariant 8: nobody else reads the secret, the log of writes, or speaks to the server."""
    embedded.start()
    embedded.secret()
    reserve(embedded, 1)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (home, *home.rglob("*"))}
    private = ("state", "secret", "server.sock", "server.log", "appendonlydir")
    assert {modes[name] for name in private} <= {0o600, 0o700}
    assert {mode & 0o077 for name, mode in modes.items() if "aof" in name} == {0}


def test_a_long_path_has_its_socket_in_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over 100 bytes the socket lies in a folder of the user's own, wherever TMPDIR points."""
    home = tmp_path / ("long" * 20) / "state"
    server = EmbeddedServer(home, os.environ)
    socket = Path(server.target.path)
    try:
        server.start()
        assert len(os.fsencode(home / "server.sock")) > 100
        assert (socket.parts[1], len(str(socket)) < 60) == ("tmp", True)
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        assert EmbeddedServer(home, os.environ).status().pid == server.status().pid
    finally:
        server.stop()
        shutil.rmtree(socket.parent)


@pytest.mark.parametrize(
    "name", ["a b", "quo\"te'", "back\\slash", "line\nend", "中文", "%s {0}", os.fsdecode(b"\xff")]
)
def test_any_directory_name_will_do(tmp_path: Path, name: str) -> None:
    """The server reads its configuration as it was meant, whatever the directory is called."""
    server = EmbeddedServer(tmp_path / name, os.environ)
    server.start()
    assert server.status().running
    assert (tmp_path / name / "server.sock").is_socket()
    assert server.stop()


def a_file(home: Path) -> Path:
    home.touch()
    return home


def below_a_file(home: Path) -> Path:
    home.touch()
    return home / "state"


def open_to_all(home: Path) -> Path:
    home.mkdir()
    home.chmod(0o777)
    return home


def nowhere(_: Path) -> Path:
    return Path("/dev/null/state")


@pytest.mark.parametrize("place", [a_file, below_a_file, open_to_all, nowhere])
def test_a_directory_that_cannot_be_used_is_told(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    """Invariant 9: one line says which directory and why, and nothing runs."""
    where = place(tmp_path / "state")
    server = EmbeddedServer(where, os.environ)
    for act in (server.start, server.secret):
        with pytest.raises(StoreUnavailable) as caught:
            act()
        assert str(caught.value).startswith(f"the embedded store cannot use {where}: ")
        assert "\n" not in str(caught.value)
        hint = f"chmod go-w {where}" if place is open_to_all else "names another place"
        assert str(caught.value.hint).endswith(hint)
        assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert not server.stop()
    assert not server.status().running


def test_a_directory_that_is_read_only_is_told(tmp_path: Path) -> None:
    """Invariant 9: as above, for all but root, who may write everywhere."""
    home = tmp_path / "state"
    home.mkdir(mode=0o500)
    if os.access(home, os.W_OK):
        pytest.skip("root may write everywhere")
    for act in (EmbeddedServer(home, os.environ).start, EmbeddedServer(home, os.environ).secret):
        with pytest.raises(StoreUnavailable, match=f"cannot use {home}: Permission denied"):
            act()


def test_anothers_directory_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 8: a directory that another user made may hold anything."""
    home.mkdir()
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    with pytest.raises(StoreUnavailable, match="belongs to another user"):
        EmbeddedServer(home, os.environ).secret()
    monkeypatch.undo()


def test_a_secret_that_is_not_whole_is_not_used(embedded: EmbeddedServer, home: Path) -> None:
    """Invariant 8: an empty file, as a full disk leaves one, is no key."""
    embedded.secret()
    (home / "secret").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="is not whole"):
        embedded.secret()


def test_a_torn_log_loads(embedded: EmbeddedServer, home: Path) -> None:
    """Invariant 1: of a write that a power cut tore only that write is missing."""
    embedded.start()
    reserve(embedded, 1, 2, 3)
    embedded.stop()
    log = next(home.rglob("*.incr.aof"))
    log.write_bytes(log.read_bytes()[:-9])
    embedded.start()
    assert fuse(embedded) == 2


def test_a_damaged_log_is_told_with_what_mends_it(embedded: EmbeddedServer, home: Path) -> None:
    """Invariant 1: it does not start empty; the command that the hint names mends it."""
    embedded.start()
    reserve(embedded, 1, 2, 3)
    embedded.stop()
    with next(home.rglob("*.incr.aof")).open("ab") as log:
        log.write(b"not a write\r\n")
    with pytest.raises(StoreUnavailable) as caught:
        embedded.start()
    assert str(caught.value).startswith("the embedded store ended at once: Bad file format")
    assert "\n" not in str(caught.value)
    command = str(caught.value.hint.values["command"])
    subprocess.run(["bash", "-c", command], input=b"y\n", stdout=subprocess.DEVNULL, check=True)
    embedded.start()
    assert fuse(embedded) == 3


def test_an_older_server_does_not_start_empty(embedded: EmbeddedServer, home: Path) -> None:
    """Invariant 1: 6.2 would not find what a newer one wrote, and give the day out anew."""
    embedded.start()
    reserve(embedded, 1)
    embedded.stop()
    old = EmbeddedServer(home, {**os.environ, "SMSCTL_SERVER": str(redis_62())})
    with pytest.raises(StoreUnavailable, match="no server program") as caught:
        old.start()
    assert "7.0 or later" in str(caught.value.hint)
    embedded.start()
    assert fuse(embedded) == 1


def test_a_newer_server_takes_over_an_older_ones_word(embedded: EmbeddedServer, home: Path) -> None:
    """Invariant 1: after 6.2 was replaced, the fuse counts on."""
    old = EmbeddedServer(home, {**os.environ, "SMSCTL_SERVER": str(redis_62())})
    old.start()
    assert str(old.status().version).startswith("6.2.")
    reserve(old, 1, 2)
    old.stop()
    embedded.start()
    reserve(embedded, 3)
    assert fuse(embedded) == 3


def test_a_program_is_the_same_in_every_folder(
    binary: Path, embedded: EmbeddedServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative SMSCTL_SERVER counts from here, though the server runs in its own folder."""
    monkeypatch.chdir(binary.parent)
    server = EmbeddedServer(home, {"SMSCTL_SERVER": f"./{binary.name}"})
    server.start()
    assert embedded.status().running


@pytest.mark.parametrize("version", ["v=6.0.20 sha=0", "nothing of the kind"])
def test_a_program_that_will_not_do_is_not_run(tmp_path: Path, home: Path, version: str) -> None:
    """Too old, or no such server: the remedy is named."""
    program = tmp_path / "server"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o700)
    with pytest.raises(StoreUnavailable, match="no server program") as caught:
        EmbeddedServer(home, {"SMSCTL_SERVER": str(program)}).start()
    assert "6.2 or later" in str(caught.value.hint)


def test_a_user_without_a_home_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 9: neither HOME nor an entry in the system's list of users, as in a container."""

    def nobody(_: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for variables in ({}, {"HOME": "", "XDG_STATE_HOME": "", "SMSCTL_STATE_DIR": ""}):
        with pytest.raises(StoreUnavailable, match="has no home") as caught:
            state_directory(variables)
        assert "export SMSCTL_STATE_DIR=" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({"SMSCTL_STATE_DIR": "/a/b", "XDG_STATE_HOME": "/c", "HOME": "/d"}, "/a/b"),
        ({"XDG_STATE_HOME": "/c", "HOME": "/d"}, "/c/smsctl"),
        ({"HOME": "/d", "XDG_RUNTIME_DIR": "/run/user/1"}, "/d/.local/state/smsctl"),
    ],
)
def test_cron_and_the_terminal_find_the_same_store(environ: dict[str, str], place: str) -> None:
    """The place depends on nothing that a login session has and cron has not."""
    assert state_directory(environ) == Path(place)
