"""Trust at use: nobody else on this host can stand in for the embedded store, or have it write."""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import shutil
import socket
import stat
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from smsctl import StoreUnavailable
from smsctl.core.blocking import run_blocking
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.store.embedded import EmbeddedServer
from smsctl.store.peer import Welcome, peer
from smsctl.store.trust import judge_folder
from tests.cli.desk import Desk
from tests.store.intruders import STRANGER, as_root, saying_yes

PING = [("PING",)]


def ask(face: Any, server: EmbeddedServer) -> Any:
    """Ask the server over a new connection of one face."""

    async def once() -> Any:
        connection = face(server.target)
        try:
            return await connection.read(PING)
        finally:
            await connection.close()

    return asyncio.run(once())


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Make folders with the modes that the tests count on, whoever runs them."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@contextmanager
def open_to_all(*folders: Path) -> Iterator[None]:
    """Let everybody write in these folders for a while."""
    for folder in folders:
        folder.chmod(0o777)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


# A stranger's server in the store's place


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Path]:
    """Return a state directory so deep that its socket lies in a folder in /tmp."""
    home = tmp_path / ("long" * 20) / "state"
    server = EmbeddedServer(home, os.environ)
    yield home
    server.stop()
    shutil.rmtree(Path(server.target.path).parent, ignore_errors=True)


@as_root
@pytest.mark.parametrize("words", [("verify", "13800138000", "999999"), ("send", "13800138000")])
def test_a_strangers_server_verifies_nothing(far: Path, words: tuple[str, ...]) -> None:
    """Invariant 9: who made the socket's folder first is not asked, whatever he would answer."""
    server = EmbeddedServer(far, os.environ)
    desk = Desk(
        {
            "PATH": os.environ["PATH"],
            "HOME": str(far.parent),
            "SMSCTL_STATE_DIR": str(far),
            "SMSCTL_STORE__URL": "embedded",
            "SMSCTL_SECRET": "a secret of the backend's own",
        }
    )
    with saying_yes(Path(server.target.path), makes_folder=True) as asked:
        answer = desk(*words, "--json")
        for face in (BlockingConnection, AsyncConnection):
            with pytest.raises(StoreUnavailable, match=r"belongs to another user \(nobody\)"):
                ask(face, server)
    assert (answer.code, answer.out, answer.error["code"]) == (69, "", "store_unavailable")
    assert asked == []
    folder = Path(server.target.path).parent
    assert answer.error["message"] == (
        f"the embedded store cannot use {folder}: {folder} belongs to another user (nobody)"
    )
    assert "export SMSCTL_STATE_DIR=" in answer.error["hint"]


@as_root
def test_a_stranger_is_named_before_a_configuration_is_asked_for(far: Path) -> None:
    """Without a configuration, and without a store of one's own, the reason is his folder."""
    server = EmbeddedServer(far, os.environ)
    desk = Desk({"HOME": str(far.parent), "SMSCTL_STATE_DIR": str(far), "SMSCTL_SECRET": "s" * 16})
    with saying_yes(Path(server.target.path), makes_folder=True) as asked:
        answer = desk("verify", "13800138000", "999999")
    assert (answer.code, answer.out, asked) == (69, "", [])
    assert "belongs to another user (nobody)" in answer.err
    assert not far.exists()


@as_root
@pytest.mark.parametrize("act", ["start", "stop", "status"])
def test_a_strangers_server_in_our_folder_is_not_asked(home: Path, act: str) -> None:
    """Invariant 9: the user behind the socket is looked at as well, before the first byte."""
    home.mkdir(mode=0o700)
    server = EmbeddedServer(home, os.environ)
    with saying_yes(home / "server.sock", makes_folder=False) as asked:
        if act != "stop":
            with pytest.raises(StoreUnavailable, match="runs as another user"):
                getattr(server, act)()
        else:
            assert not server.stop()
        for face in (BlockingConnection, AsyncConnection):
            with pytest.raises(StoreUnavailable, match="runs as another user"):
                ask(face, server)
    assert asked == []
    (home / "server.sock").unlink()


@pytest.mark.parametrize("face", [BlockingConnection, AsyncConnection])
def test_a_reconnection_is_a_connection(embedded: EmbeddedServer, home: Path, face: Any) -> None:
    """Invariant 9: a long-lived process looks again when it has to connect again."""
    embedded.start()

    async def life() -> None:
        connection = face(embedded.target)
        assert await connection.read(PING) == [b"PONG"]
        with open_to_all(home.parent):
            assert await connection.read(PING) == [b"PONG"]
            operator = BlockingConnection(replace(embedded.target, private=()))
            run_blocking(operator.read([("CLIENT", "KILL", "TYPE", "normal")]))
            run_blocking(operator.close())
            with pytest.raises(StoreUnavailable):  # it may be noticed only while it is used
                await connection.read(PING)
            for _ in range(2):  # what was refused is not in the pool
                with pytest.raises(StoreUnavailable, match=r"others may write to .*mode 0777"):
                    await connection.read(PING)
        assert await connection.read(PING) == [b"PONG"]
        await connection.close()

    asyncio.run(life())


def test_another_user_is_noticed_although_redis_py_hides_its_socket(
    embedded: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 9: the peer is asked for over a connection of our own then."""
    embedded.start()
    steps: list[str] = []
    hidden = SimpleNamespace(
        on_connect=lambda: steps.append("greeted"), disconnect=lambda: steps.append("closed")
    )
    welcome = Welcome((), Path(embedded.target.path))
    welcome.greet(hidden)
    me = os.getuid()
    with monkeypatch.context() as patched:
        patched.setattr(os, "getuid", lambda: me + 1)
        with pytest.raises(StoreUnavailable, match="runs as another user"):
            welcome.greet(hidden)
    assert steps == ["greeted", "closed"]


def test_the_peer_is_known_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux has {pid, uid, gid}; macOS {version, uid, groups}."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peer(ours) == os.getuid()
    monkeypatch.delattr(socket, "SO_PEERCRED")
    xucred = struct.pack("IIh2x16I", 0, 501, 1, 20, *[0] * 15)
    assert len(xucred) == 76
    mac = SimpleNamespace(getsockopt=lambda *option: {(0, 1, 76): xucred}[option])
    assert peer(mac) == 501


# Folders that others can change


def given(path: Path) -> None:
    os.chown(path, STRANGER, STRANGER)


def open_to_the_group(home: Path) -> Path:
    home.mkdir()
    home.chmod(0o770)
    return home


def open_to_all_although_sticky(home: Path) -> Path:
    home.mkdir()
    home.chmod(0o1777)
    return home


def below_what_is_open(home: Path) -> Path:
    (home / "state").mkdir(parents=True)
    home.chmod(0o777)
    return home / "state"


def far_below_what_is_open(home: Path) -> Path:
    (home / "a/b/state").mkdir(parents=True)
    home.chmod(0o703)
    return home / "a/b/state"


def through_what_is_open(home: Path) -> Path:
    (home / "open").mkdir(parents=True)
    (home / "open").chmod(0o777)
    return home / "open" / ".." / "state"


def by_a_link_in_what_is_open(home: Path) -> Path:
    (home / "state").mkdir(parents=True)
    (home / "open").mkdir()
    (home / "open" / "link").symlink_to(home / "state")
    (home / "open").chmod(0o777)
    return home / "open" / "link"


def by_a_link_through_what_is_open(home: Path) -> Path:
    (home / "open" / "state").mkdir(parents=True)
    (home / "open").chmod(0o777)
    (home / "first").symlink_to("second")
    (home / "second").symlink_to("open/../open/state")
    return home / "first"


def anothers(home: Path) -> Path:
    home.mkdir()
    given(home)
    return home


def below_what_is_anothers(home: Path) -> Path:
    (home / "state").mkdir(parents=True)
    given(home)
    return home / "state"


def below_what_is_anothers_and_sticky(home: Path) -> Path:
    (home / "state").mkdir(parents=True)
    given(home)
    home.chmod(0o1755)
    return home / "state"


def below_what_another_group_may_write(home: Path) -> Path:
    (home / "state").mkdir(parents=True)
    os.chown(home, 0, STRANGER)
    home.chmod(0o775)
    return home / "state"


def by_anothers_link(home: Path) -> Path:
    (home / "state").mkdir(parents=True)
    home.chmod(0o1777)
    (home / "link").symlink_to(home / "state")
    os.lchown(home / "link", STRANGER, STRANGER)
    return home / "link"


PLACES = [
    open_to_the_group,
    open_to_all_although_sticky,
    below_what_is_open,
    far_below_what_is_open,
    through_what_is_open,
    by_a_link_in_what_is_open,
    by_a_link_through_what_is_open,
    *(
        pytest.param(place, marks=as_root)
        for place in (
            anothers,
            below_what_is_anothers,
            below_what_is_anothers_and_sticky,
            below_what_another_group_may_write,
            by_anothers_link,
        )
    ),
]


@pytest.mark.parametrize("place", PLACES)
def test_a_folder_that_others_can_change_is_not_used(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    """Invariant 8: neither a server nor a secret is made there; the path and the act are named."""
    home = place(tmp_path / "home")
    before = set(tmp_path.rglob("*"))
    server = EmbeddedServer(home, os.environ)
    for act in (server.start, server.secret):
        with pytest.raises(
            StoreUnavailable, match=r"others may write to|belongs to another"
        ) as caught:
            act()
        assert ("chmod go-w" in str(caught.value.hint)) == ("others may" in str(caught.value)) or (
            "export SMSCTL_STATE_DIR=" in str(caught.value.hint)
        )
    assert not server.status().running
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("place", PLACES[2:7])
def test_a_folder_that_was_opened_meanwhile_is_noticed(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    """Invariant 9: a running server is not asked through what others can change by now."""
    home = place(tmp_path / "home")
    folders = [path for path in tmp_path.rglob("*") if path.stat().st_mode & stat.S_IWOTH]
    for folder in folders:
        folder.chmod(0o755)
    server = EmbeddedServer(home, os.environ)
    server.start()
    try:
        with open_to_all(*folders):
            for act in (server.start, server.stop, server.status, server.secret):
                with pytest.raises(StoreUnavailable, match="others may write to"):
                    act()
            for face in (BlockingConnection, AsyncConnection):
                with pytest.raises(StoreUnavailable, match="others may write to"):
                    ask(face, server)
    finally:
        assert server.stop()


def test_a_folder_is_one_by_whatever_name(far: Path, tmp_path: Path) -> None:
    """Invariant 1: a link, or `..` on the way, leads to the same server, not to a second."""
    (tmp_path / "link").symlink_to(far)
    names = [far, tmp_path / "link", far / ".." / "state", tmp_path / "link" / ".." / "state"]
    pids = set()
    for name in names:
        server = EmbeddedServer(name, os.environ)
        server.start()
        pids.add(server.status().pid)
    assert len(pids) == 1


def test_a_sticky_folder_protects_what_is_ours(tmp_path: Path) -> None:
    """What /tmp is made for: everybody may write there, and nobody rename what is ours."""
    (tmp_path / "common" / "state").mkdir(parents=True)
    (tmp_path / "common").chmod(0o1777)
    judge_folder(tmp_path / "common" / "state")


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make the parent of `tmp_path / "state"` writable by a group that is this user's alone."""
    (tmp_path / "state").mkdir()
    tmp_path.chmod(0o775)
    user = SimpleNamespace(pw_name="me", pw_uid=os.getuid(), pw_gid=tmp_path.stat().st_gid)
    known = {"user": user, "users": [user], "group": SimpleNamespace(gr_name="me", gr_mem=["me"])}
    monkeypatch.setattr(pwd, "getpwuid", lambda _: known["user"])
    monkeypatch.setattr(pwd, "getpwall", lambda: known["users"])
    monkeypatch.setattr(grp, "getgrgid", lambda _: known["group"])
    return known


def test_a_group_of_the_users_own_is_the_user(tmp_path: Path, shared: dict[str, Any]) -> None:
    """With a umask of 002 a home is its group's to write; only an ancestor may be, though."""
    assert shared["group"].gr_name == "me"
    judge_folder(tmp_path / "state")
    (tmp_path / "state").chmod(0o770)
    with pytest.raises(StoreUnavailable, match="others may write to"):
        judge_folder(tmp_path / "state")


def a_member(known: dict[str, Any], _: Path) -> None:
    known["group"] = SimpleNamespace(gr_name="me", gr_mem=["me", "mallory"])


def anothers_primary(known: dict[str, Any], _: Path) -> None:
    mallory = SimpleNamespace(pw_name="mallory", pw_uid=4321, pw_gid=known["user"].pw_gid)
    known["users"] = [known["user"], mallory]


def another_name(known: dict[str, Any], _: Path) -> None:
    known["group"] = SimpleNamespace(gr_name="staff", gr_mem=[])


def not_the_primary(known: dict[str, Any], _: Path) -> None:
    known["user"] = SimpleNamespace(pw_name="me", pw_uid=os.getuid(), pw_gid=4321)


def a_list(_: dict[str, Any], folder: Path) -> None:
    # user::rwx, user:4321:rwx, group::r-x, mask::rwx, other::r-x
    entries = [(1, 7, -1), (2, 7, 4321), (4, 5, -1), (16, 7, -1), (32, 5, -1)]
    packed = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    try:
        os.setxattr(folder, "system.posix_acl_access", packed)
    except (OSError, AttributeError):
        pytest.skip("the file system of the tests keeps no access lists")


@pytest.mark.parametrize(
    "change", [a_member, anothers_primary, another_name, not_the_primary, a_list]
)
def test_a_group_with_anybody_else_is_others(
    tmp_path: Path, shared: dict[str, Any], change: Callable[[dict[str, Any], Path], None]
) -> None:
    """One more member, one more user of the group, or an access list: others may rename there."""
    change(shared, tmp_path)
    with pytest.raises(StoreUnavailable, match="others may write to"):
        judge_folder(tmp_path / "state")


@pytest.mark.parametrize("act", ["start", "secret", "status", "stop"])
def test_links_in_a_circle_are_refused(tmp_path: Path, act: str) -> None:
    """Invariant 9: as any other place that cannot be used."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(StoreUnavailable, match="cannot use"):
        getattr(EmbeddedServer(tmp_path / "a", os.environ), act)()


# A store that is another's on purpose


def test_a_server_of_ones_own_may_be_anybodys(embedded: EmbeddedServer, home: Path) -> None:
    """`unix:///run/redis/redis.sock` runs as redis, in root's folder, as the operator wants."""
    embedded.start()
    connection = BlockingConnection(replace(embedded.target, private=()))
    with open_to_all(home.parent):
        assert run_blocking(connection.read(PING)) == [b"PONG"]
    run_blocking(connection.close())
