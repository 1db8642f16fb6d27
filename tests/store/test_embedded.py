"""The embedded store: one server for all, which outlives whoever started it and keeps its word."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import signal
import stat
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
from smsctl.core.policy import Policy
from smsctl.core.ports import Reserved
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.store.embedded import EmbeddedServer, state_directory
from smsctl.store.store import RedisStore, Scripts
from tests.histories import FINGERPRINT, everything, guess, new_code, redis_store, request, rule
from tests.servers import redis_62

ROOT = Path(__file__).parents[2]
POLICY = replace(Policy(), rules=(rule("fuse", "all", 100_000, "day"),))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Return a state directory; the server that runs in it ends with the test."""
    yield tmp_path / "state"
    server = EmbeddedServer(tmp_path / "state", os.environ)
    server.stop()
    # Stop goes by the lock; a test that fails may be about just that.
    if (pid := server.status().pid) is not None:
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def embedded(home: Path) -> Iterator[EmbeddedServer]:
    """Return the embedded server of `home`, not started."""
    server = EmbeddedServer(home, os.environ)
    yield server
    server.stop()


def kill(server: EmbeddedServer) -> int:
    """End the server as `kill -9` does; return its process id."""
    pid = server.status().pid
    assert pid is not None
    with server._residence.lock.open() as lock:
        os.kill(pid, signal.SIGKILL)
        fcntl.flock(lock, fcntl.LOCK_EX)  # free when it is gone
    return pid


def fuse(server: EmbeddedServer) -> int:
    """Return what the fuse counts."""
    _, admin, connection = redis_store(server.target, POLICY, None)
    (level,) = run_blocking(admin.show(everything())).levels
    run_blocking(connection.close())
    return level.used


def reserve(server: EmbeddedServer, *numbers: int) -> None:
    """Make one reservation for each number."""
    store, _, connection = redis_store(server.target, POLICY, None)
    for number in numbers:
        assert isinstance(run_blocking(store.reserve(request(number), new_code(number))), Reserved)
    run_blocking(connection.close())


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
from smsctl.store.store import RedisStore, Scripts
from smsctl.testing import FakeGateway
from tests.histories import FINGERPRINT
from tests.store.test_embedded import POLICY

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


def test_files_are_the_owners_alone(embedded: EmbeddedServer, home: Path) -> None:
    """Invariant 8: nobody else reads the secret, the log of writes, or speaks to the server."""
    embedded.start()
    embedded.secret()
    reserve(embedded, 1)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (home, *home.rglob("*"))}
    private = ("state", "secret", "server.sock", "server.log", "appendonlydir")
    assert {modes[name] for name in private} <= {0o600, 0o700}
    assert {mode & 0o077 for name, mode in modes.items() if "aof" in name} == {0}


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
        assert str(caught.value.hint) == "SMSCTL_STATE_DIR names another place"
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


@pytest.mark.parametrize("version", ["v=6.0.20 sha=0", "nothing of the kind"])
def test_a_program_that_will_not_do_is_not_run(tmp_path: Path, home: Path, version: str) -> None:
    """Too old, or no such server: the remedy is named."""
    program = tmp_path / "server"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o700)
    with pytest.raises(StoreUnavailable, match="no server program") as caught:
        EmbeddedServer(home, {"SMSCTL_SERVER": str(program)}).start()
    assert "6.2 or later" in str(caught.value.hint)


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
