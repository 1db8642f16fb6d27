"""The embedded store: one server for all, which outlives whoever started it and keeps its word."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smsctl import StoreUnavailable
from smsctl.core.blocking import run_blocking
from smsctl.core.ports import Reserved
from smsctl.store.calls import Scripts
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.store.embedded import EmbeddedServer
from smsctl.store.lock import opened
from smsctl.store.store import RedisStore
from tests.histories import FINGERPRINT, guess, new_code, redis_store, request
from tests.store.homes import POLICY, fuse, kill, reserve

ROOT = Path(__file__).parents[2]


def python(script: str, home: Path, **more: Any) -> subprocess.Popen[str]:
    """Start another process of this host that uses the store in `home`."""
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "SMSCTL_STATE_DIR": str(home)},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **more,
    )


@contextmanager
def crowd(script: str, home: Path, count: int) -> Iterator[Callable[[], list[str]]]:
    """Run `count` processes; yields what lets all go on at once and returns a line of each."""
    processes = [python(script, home) for _ in range(count)]

    def go() -> list[str]:
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        return [process.stdout.readline().strip() for process in processes if process.stdout]

    try:
        assert {p.stdout.readline() for p in processes if p.stdout} == {"ready\n"}
        yield go
    finally:
        for process in processes:
            process.kill()
            process.communicate()


RACING = """
import os, sys
from smsctl.store.embedded import EmbeddedServer, state_directory
server = EmbeddedServer(state_directory(os.environ), os.environ)
print("ready", flush=True)
sys.stdin.readline()
server.start()
print(server.status().pid, server.secret().decode(), flush=True)
"""


def test_racing_first_callers_share_one_server_and_one_secret(home: Path) -> None:
    """Invariant 8: of eight processes at once one starts the server, and one makes the secret."""
    with crowd(RACING, home, 8) as go:
        (one,) = set(go())
    pid, secret = one.split()
    assert EmbeddedServer(home, os.environ).status().pid == int(pid)
    assert len(secret) == 64
    assert sorted(path.name for path in home.glob("secret*")) == ["secret"]


WORKING = """
import os, sys
from dataclasses import replace
from smsctl.core.blocking import run_blocking
from smsctl.core.flow import Flow, Ports
from smsctl.core.naming import Keyring
from smsctl.numbering import read_phone
from smsctl.store.connection import BlockingConnection
from smsctl.store.embedded import EmbeddedServer, state_directory
from smsctl.store.calls import Scripts
from smsctl.store.store import RedisStore
from smsctl.testing import FakeGateway
from tests.histories import FINGERPRINT
from tests.store.homes import POLICY

server = EmbeddedServer(state_directory(os.environ), os.environ)
server.start()
connection = BlockingConnection(server.target, revive=server.start)
ports = Ports(
    store=RedisStore(Scripts(connection, policy=POLICY, prefix="sms", fingerprint=FINGERPRINT)),
    gateway=FakeGateway(), captcha=None, read_phone=lambda text: read_phone(text, region="CN"),
    journal=lambda _: None, tick=lambda: 0.0, now=lambda: None,
)
flow = Flow(POLICY, Keyring(b"a secret for tests only"), ports)
print("ready", flush=True)
for _ in sys.stdin:
    sent = [run_blocking(flow.send("13800138000", ip=None)) for _ in range(10)]
    print(sum(map(bool, sent)), flush=True)
"""


def test_eight_processes_and_two_kills_lose_nothing(home: Path, embedded: EmbeddedServer) -> None:
    """Invariant 1: long-lived processes find the server killed, one revives it, all count on."""
    with crowd(WORKING, home, 8) as go:
        for rounds in range(1, 4):
            assert go() == ["10"] * 8
            assert fuse(embedded) == rounds * 80
            if rounds < 3:
                kill(embedded)


@pytest.mark.parametrize("face", [BlockingConnection, AsyncConnection])
def test_a_long_lived_connection_survives_a_kill(embedded: EmbeddedServer, face: Any) -> None:
    """Invariant 10: the lost reply is an error, the server runs again, and the same call counts."""

    async def life() -> None:
        embedded.start()
        connection = face(embedded.target, revive=embedded.start)
        store = RedisStore(
            Scripts(connection, policy=POLICY, prefix="sms", fingerprint=FINGERPRINT)
        )
        assert isinstance(await store.reserve(request(1), new_code(1)), Reserved)
        kill(embedded)
        with pytest.raises(StoreUnavailable) as caught:
            await store.reserve(request(2), new_code(2))
        assert caught.value.reply_lost
        assert isinstance(await store.reserve(request(2), new_code(2)), Reserved)
        await connection.close()

    asyncio.run(life())
    assert fuse(embedded) == 2


def test_a_server_that_cannot_be_revived_says_why(embedded: EmbeddedServer, home: Path) -> None:
    """Invariant 9: the caller hears what keeps the server down."""
    embedded.start()
    store, _, connection = redis_store(embedded.target, POLICY, None)
    run_blocking(connection.close())
    connection = BlockingConnection(embedded.target, revive=embedded.start)
    store = RedisStore(Scripts(connection, policy=POLICY, prefix="sms", fingerprint=FINGERPRINT))
    kill(embedded)
    next(home.rglob("*.incr.aof")).write_bytes(b"not a log of writes")
    with pytest.raises(StoreUnavailable, match="ended at once: Bad file format") as caught:
        run_blocking(store.reserve(request(), new_code(1)))
    assert not caught.value.reply_lost
    run_blocking(connection.close())


@pytest.mark.parametrize("end", [EmbeddedServer.stop, kill])
def test_a_restart_keeps_fuse_and_codes(
    embedded: EmbeddedServer, end: Callable[[EmbeddedServer], object]
) -> None:
    """Invariants 1 and 2: what was acknowledged is there after an orderly end, and after a kill."""
    embedded.start()
    reserve(embedded, 1, 2, 3)
    end(embedded)
    embedded.start()
    assert fuse(embedded) == 3
    store, _, connection = redis_store(embedded.target, POLICY, None)
    verdicts = [run_blocking(store.verify(guess(2, phone=2))).result for _ in range(2)]
    assert verdicts == ["verified", "missing"]
    run_blocking(connection.close())


def test_every_write_is_on_disk_before_it_is_acknowledged(embedded: EmbeddedServer) -> None:
    """Invariant 1: what the durability named `aof` rests on."""
    embedded.start()
    wanted = {
        b"port": b"0",
        b"appendonly": b"yes",
        b"appendfsync": b"always",
        b"aof-use-rdb-preamble": b"no",
        b"save": b"",
        b"maxmemory-policy": b"noeviction",
        b"hz": b"10",
    }
    connection = BlockingConnection(embedded.target)
    for name, value in wanted.items():
        assert run_blocking(connection.read([("CONFIG", "GET", name)])) == [[name, value]]
    run_blocking(connection.close())


PASSING = """
import os
from smsctl.store.embedded import EmbeddedServer, state_directory
EmbeddedServer(state_directory(os.environ), os.environ).start()
print("started", flush=True)
input()
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_the_server_outlives_who_started_it(
    home: Path, embedded: EmbeddedServer, how: signal.Signals
) -> None:
    """Ctrl-C, a hang-up or a kill of the starter's whole process group leave the server alone."""
    starter = python(PASSING, home, start_new_session=True, stderr=subprocess.DEVNULL)
    assert starter.stdout is not None
    assert starter.stdout.readline() == "started\n"
    os.killpg(starter.pid, how)
    starter.communicate()
    assert embedded.status().running
    with embedded._residence.lock.open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # locked means alive


def test_stop_leaves_no_process(embedded: EmbeddedServer) -> None:
    """After stop the process is gone, no zombie of it either, and status says so."""
    embedded.start()
    pid = embedded.status().pid
    assert pid is not None
    assert embedded.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not embedded.stop()
    assert embedded.status() == replace(embedded.status(), running=False, pid=None, version=None)


def test_a_killed_server_leaves_no_zombie_once_it_is_revived(embedded: EmbeddedServer) -> None:
    """A backend whose server is killed again and again collects no dead processes."""
    embedded.start()
    pid = kill(embedded)
    embedded.start()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_threads_start_it_once(home: Path) -> None:
    """Sixteen threads of one process find one server."""
    pids: list[int | None] = []

    def start() -> None:
        server = EmbeddedServer(home, os.environ)
        server.start()
        pids.append(server.status().pid)

    threads = [threading.Thread(target=start) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 16
    assert len(set(pids)) == 1


def test_a_server_that_hangs_is_told_in_one_answers_time(home: Path) -> None:
    """Invariant 9: nobody waits ten seconds for a server that is there and does not answer."""
    EmbeddedServer(home, os.environ).start()
    quick = EmbeddedServer(home, os.environ, timeout=0.2)
    pid = quick.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        for act in (quick.start, quick.status):
            with pytest.raises(StoreUnavailable, match="did not answer in time"):
                act()
    finally:
        os.kill(pid, signal.SIGCONT)


# A server that cannot be reached any longer


def without_socket(server: EmbeddedServer) -> None:
    Path(server.target.path).unlink()


def with_another_socket(server: EmbeddedServer) -> None:
    path = Path(server.target.path)
    path.unlink()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))


def with_a_file_there(server: EmbeddedServer) -> None:
    path = Path(server.target.path)
    path.unlink()
    path.touch()


REMOVALS = [without_socket, with_another_socket, with_a_file_there]


def is_over(pid: int | None) -> bool:
    """Say whether a process has ended; one that nobody has waited for yet has no words left."""
    assert pid is not None
    try:
        os.kill(pid, 0)
        return not Path(f"/proc/{pid}/cmdline").read_bytes()
    except (ProcessLookupError, FileNotFoundError):
        return True


@pytest.mark.parametrize("remove", REMOVALS)
def test_a_server_without_its_socket_is_started_anew(
    embedded: EmbeddedServer, remove: Callable[[EmbeddedServer], None]
) -> None:
    """Invariant 1: the old one is ended first, so there are never two, and the fuse counts on."""
    embedded.start()
    reserve(embedded, 1, 2)
    before = embedded.status().pid
    remove(embedded)
    embedded.start()
    assert is_over(before)
    assert fuse(embedded) == 2


@pytest.mark.parametrize("remove", REMOVALS)
def test_a_server_without_its_socket_is_stopped(
    embedded: EmbeddedServer, remove: Callable[[EmbeddedServer], None]
) -> None:
    """`store status` says that it runs, as which process, and `store stop` ends it."""
    embedded.start()
    pid = embedded.status().pid
    remove(embedded)
    status = embedded.status()
    assert (status.running, status.pid, status.version) == (True, pid, None)
    assert embedded.stop()
    assert is_over(pid)
    assert not embedded.status().running


def test_eight_processes_without_a_socket_share_the_next_server(
    home: Path, embedded: EmbeddedServer
) -> None:
    """Invariant 1: all of them find it gone, one starts the next, and all count on."""
    with crowd(WORKING, home, 8) as go:
        assert go() == ["10"] * 8
        before = embedded.status().pid
        without_socket(embedded)
        with crowd(RACING, home, 8) as start:
            (one,) = {line.split()[0] for line in start()}
        assert is_over(before)
        assert int(one) == embedded.status().pid
        assert go() == ["10"] * 8
        assert fuse(embedded) == 160


@pytest.mark.parametrize("face", [BlockingConnection, AsyncConnection])
def test_a_long_lived_connection_survives_its_sockets_removal(
    embedded: EmbeddedServer, face: Any
) -> None:
    """Invariant 10: one call is an error, the next one counts, in the server that came after."""

    async def life() -> None:
        embedded.start()
        connection = face(embedded.target, revive=embedded.start)
        store = RedisStore(
            Scripts(connection, policy=POLICY, prefix="sms", fingerprint=FINGERPRINT)
        )
        without_socket(embedded)
        with pytest.raises(StoreUnavailable):
            await store.reserve(request(1), new_code(1))
        assert isinstance(await store.reserve(request(1), new_code(1)), Reserved)
        await connection.close()

    asyncio.run(life())
    assert fuse(embedded) == 1


def test_a_cleaned_tmp_is_recovered_from(tmp_path: Path) -> None:
    """The folder in /tmp that a long path needs is made again, and the server in it."""
    server = EmbeddedServer(tmp_path / ("long" * 20) / "state", os.environ)
    folder = Path(server.target.path).parent
    try:
        server.start()
        before = server.status().pid
        shutil.rmtree(folder)
        server.start()
        assert is_over(before)
        shutil.rmtree(folder)
        assert server.stop()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_removed_lock_lets_no_second_server_in(
    embedded: EmbeddedServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 1: the folder is locked as well; the hint's line ends what nobody else can name."""
    embedded.start()
    pid = embedded.status().pid
    (home / "server.lock").unlink()
    embedded.start()
    assert embedded.status().pid == pid
    without_socket(embedded)
    monkeypatch.setattr("smsctl.store.embedded._PATIENCE", 0.1)
    with pytest.raises(StoreUnavailable, match="runs, but its socket was removed") as caught:
        embedded.start()
    assert embedded.status().running
    monkeypatch.undo()
    subprocess.run(["bash", "-c", str(caught.value.hint.values["command"])], check=True)
    with embedded._residence.lock.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    folder = os.open(home, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)  # waits until the server is gone
    os.close(folder)
    embedded.start()
    assert embedded.status().pid != pid


def test_a_removed_lock_lets_a_server_be_stopped(embedded: EmbeddedServer, home: Path) -> None:
    """Its folder shows that it lives, and its socket ends it."""
    embedded.start()
    pid = embedded.status().pid
    (home / "server.lock").unlink()
    assert embedded.stop()
    assert is_over(pid)


def test_only_who_holds_the_lock_is_ended(embedded: EmbeddedServer, home: Path) -> None:
    """A number in the lock that is another process's by now, or always was, harms nobody."""
    embedded.start()
    pid = embedded.status().pid
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (home / "server.lock").write_text(f"{bystander.pid} 1 2".ljust(63) + "\n")
        with opened(home / "server.lock") as lock:
            assert lock.lost(home / "server.sock")
            lock.end()
        embedded.start()
        assert embedded.status().pid == pid
        assert embedded.stop()
        assert bystander.poll() is None
        bystander.kill()


@pytest.mark.parametrize("content", ["", "\n", "12", "x y z", "-1 2 3", "9" * 400, "\0" * 64])
def test_a_lock_that_names_nobody_is_a_lock(
    embedded: EmbeddedServer, home: Path, content: str
) -> None:
    """Whatever is in it, an unlocked one is free, and a locked one is alive."""
    home.mkdir(mode=0o700)
    (home / "server.lock").write_text(content)
    assert not embedded.status().running
    embedded.start()
    (home / "server.lock").write_text(content)
    assert embedded.status().running
    assert embedded.stop()
