"""The embedded store: one server for each user and state directory, shared by all processes.

The server inherits the locked file, so "locked" means "alive": no pid file can lie, and a server
that was killed leaves nothing to clean up.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import phrase
from smsctl.store.binary import find_server
from smsctl.store.target import Target

_PATIENCE = 10.0  # s for a start; loading 100,000 keys takes 0.25
_BETWEEN = 0.01  # s between two looks
_LONGEST_SOCKET = 100  # bytes; the kernel takes 107

# appendfsync always: a write costs 0.4 ms and survives a power cut. Without the preamble every
# version from 6.2 on reads what another wrote. hz 1 would delay the end by a second.
_CONFIG = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{directory}"
logfile "{directory}/server.log"
appendonly yes
appendfsync always
aof-use-rdb-preamble no
save ""
maxmemory-policy noeviction
hz 10
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """What `store status` tells."""

    running: bool
    directory: str
    socket: str
    version: str | None = None
    pid: int | None = None
    uptime: int | None = None
    """Seconds."""
    memory: int | None = None
    """Bytes."""
    keys: int | None = None


def state_directory(environ: Mapping[str, str]) -> Path:
    """Return where the embedded store lives: `$SMSCTL_STATE_DIR`, else under XDG_STATE_HOME."""
    if named := environ.get("SMSCTL_STATE_DIR"):
        return Path(named).absolute()
    home = environ.get("XDG_STATE_HOME") or Path(environ.get("HOME") or Path.home(), ".local/state")
    return Path(home, "smsctl").absolute()


class EmbeddedServer:
    """The server of one state directory."""

    def __init__(
        self, directory: Path, environ: Mapping[str, str], *, timeout: float = 1.0
    ) -> None:
        """`timeout` is for one answer, in seconds."""
        self._directory = directory
        self._environ = environ
        self._timeout = timeout
        self._socket = directory / "server.sock"
        if len(os.fsencode(self._socket)) > _LONGEST_SOCKET:
            # Not $XDG_RUNTIME_DIR: cron has another one, which would make two stores.
            told = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
            self._socket = Path(
                tempfile.gettempdir(), f"smsctl-{os.getuid()}-{told}", "server.sock"
            )

    @property
    def target(self) -> Target:
        """How to reach the server, running or not."""
        return Target(scheme="unix", path=str(self._socket), timeout=self._timeout)

    def start(self) -> None:
        """Afterwards the server runs and answers. Raises StoreUnavailable."""
        if self._answers():
            return
        with self._folders():
            deadline = time.monotonic() + _PATIENCE
            with (self._directory / "server.lock").open("w") as lock:
                while not _locked(lock.fileno()):
                    # Another process starts it, or it is still loading.
                    if self._answers():
                        return
                    self._wait(deadline)
                if not self._answers():
                    self._spawn(lock.fileno(), deadline)

    def stop(self) -> bool:
        """End the server in order; say whether there was one."""
        if not self._alive():
            return False
        deadline = time.monotonic() + _PATIENCE
        while self._alive():
            # Again each time: one that was only just started does not listen yet.
            with contextlib.suppress(RedisError, OSError):
                self._client().shutdown()
            self._wait(deadline)
        return True

    def status(self) -> ServerStatus:
        """Say how the server is, without starting it."""
        directory, socket = str(self._directory), str(self._socket)
        try:
            told = self._client().info()
        except (RedisError, OSError):
            return ServerStatus(running=False, directory=directory, socket=socket)
        return ServerStatus(
            running=True,
            directory=directory,
            socket=socket,
            version=str(told.get("valkey_version") or told["redis_version"]),
            pid=int(told["process_id"]),
            uptime=int(told["uptime_in_seconds"]),
            memory=int(told["used_memory"]),
            keys=int(told.get("db0", {}).get("keys", 0)),
        )

    def secret(self) -> bytes:
        """Return the HMAC secret of this store, made at the first asking with mode 0600."""
        path = self._directory / "secret"
        with self._folders():
            with contextlib.suppress(FileNotFoundError):
                return path.read_bytes()
            # Written whole under another name, then linked: of two first askers one wins.
            made = self._directory / f"secret.{secrets.token_hex(8)}"
            made.touch(mode=0o600)
            made.write_bytes(secrets.token_hex(32).encode())
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(made)
            made.unlink()
            return path.read_bytes()

    def _spawn(self, lock: int, deadline: float) -> None:
        written = self._directory / f"server.conf.{os.getpid()}"
        written.write_text(_CONFIG.format(socket=self._socket, directory=self._directory), "utf-8")
        config = written.replace(self._directory / "server.conf")
        server = subprocess.Popen(  # noqa: S603 - our own configuration for a server we found
            [find_server(self._environ), config],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._directory,
            pass_fds=(lock,),
            start_new_session=True,
            umask=0o077,
        )
        while not self._answers():
            if server.poll() is not None:
                raise self._ended_early()
            self._wait(deadline)
        server.returncode = 0  # it outlives this process on purpose: no warning when forgotten

    def _answers(self) -> bool:
        try:
            return bool(self._client().ping())
        except (RedisError, OSError):
            return False  # also while it loads: it is waited for

    def _alive(self) -> bool:
        try:
            with (self._directory / "server.lock").open("r") as lock:
                return not _locked(lock.fileno())
        except FileNotFoundError:
            return False

    def _client(self) -> redis.Redis:
        return redis.Redis(
            unix_socket_path=str(self._socket),
            socket_timeout=self._timeout,
            socket_connect_timeout=self._timeout,
            retry=Retry(NoBackoff(), 0),
            single_connection_client=False,
            protocol=2,
        )

    @contextlib.contextmanager
    def _folders(self) -> Iterator[None]:
        try:
            for folder in (self._directory, self._socket.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if folder.stat().st_uid != os.getuid():
                    raise PermissionError(f"{folder} belongs to another user")
            yield
        except OSError as fault:
            raise StoreUnavailable(
                phrase(
                    "the embedded store cannot use {directory}: {problem}",
                    directory=self._directory,
                    problem=fault.strerror or fault,
                ),
                hint=phrase("SMSCTL_STATE_DIR names another place"),
            ) from None

    def _wait(self, deadline: float) -> None:
        if time.monotonic() >= deadline:
            raise StoreUnavailable(
                "the embedded store did not start in time",
                hint=phrase("its log is {log}", log=self._directory / "server.log"),
            )
        time.sleep(_BETWEEN)

    def _ended_early(self) -> StoreUnavailable:
        log = self._directory / "server.log"
        try:
            last = log.read_text("utf-8", "replace").splitlines()[-3:]
        except OSError:
            last = []
        return StoreUnavailable(
            phrase("the embedded store ended at once: {log}", log=" / ".join(last) or "no log"),
            hint=phrase(
                "a damaged file is mended by: valkey-check-aof --fix {files}",
                files=self._directory / "appendonlydir" / "*.incr.aof",
            ),
        )


def _locked(descriptor: int) -> bool:
    """Take the lock if it is free."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
