"""The embedded store: one server for each user and state directory, shared by all processes.

Its lock says whether it is alive (`lock.py`); its folders and its user, looked at with every
connection, say whether it is ours (`peer.py`). A server that cannot be reached any longer, because
its socket was removed, is ended and started anew: all that it confirmed is on disk.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import phrase
from smsctl.store.binary import MULTIPART, OLDEST, find_server
from smsctl.store.faults import unavailable
from smsctl.store.lock import Holder, ServerLock, identity, is_held, opened
from smsctl.store.private import open_private
from smsctl.store.residence import Residence
from smsctl.store.target import Target
from smsctl.store.trust import attempt, judge_folder, own_home

_PATIENCE = 10.0  # s for a start; loading 100,000 keys takes 0.25
_BETWEEN = 0.01  # s between two looks
_APPEND = os.O_WRONLY | os.O_APPEND


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """What `store status` tells; without a version, it lives and does not answer."""

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
    """Return where the embedded store lives: `$SMSCTL_STATE_DIR`, else under XDG_STATE_HOME.

    Raises StoreUnavailable for a user without a home.
    """
    if named := environ.get("SMSCTL_STATE_DIR"):
        return Path(named).absolute()
    if named := environ.get("XDG_STATE_HOME"):
        return Path(named, "smsctl").absolute()
    home = environ.get("HOME") or own_home()
    if home is None:
        raise StoreUnavailable(
            "this user has no home in which the embedded store could be",
            hint=phrase("name a place: {command}", command="export SMSCTL_STATE_DIR=/path"),
        )
    return Path(home, ".local/state/smsctl").absolute()


class EmbeddedServer:
    """The server of one state directory."""

    def __init__(
        self, directory: Path, environ: Mapping[str, str], *, timeout: float = 1.0
    ) -> None:
        """`timeout` is for one answer, in seconds."""
        self._residence = Residence(directory)
        self._environ = environ
        self._timeout = timeout
        self._child: int | None = None

    @property
    def target(self) -> Target:
        """How to reach the server, running or not."""
        home = self._residence
        return Target(
            scheme="unix", path=str(home.socket), timeout=self._timeout, private=home.folders
        )

    def exists(self) -> bool:
        """Say whether this user ever started it. Raises StoreUnavailable if nobody can know."""
        return self._residence.inhabited()

    def start(self) -> None:
        """Afterwards the server runs and answers. Raises StoreUnavailable."""
        if self._answers():
            return
        self._reap()
        with self._residence.entered():
            deadline = time.monotonic() + _PATIENCE
            with opened(self._residence.lock, create=True) as lock:
                while not lock.take():
                    # Another process starts it, it is still loading, or its socket was removed.
                    if self._answers():
                        return
                    if lock.lost(self._residence.socket):
                        lock.end()
                    self._wait(deadline)
                self._reap()
                if not self._answers():
                    self._spawn(lock, deadline)

    def stop(self) -> bool:
        """End the server in order; say whether there was one. Raises StoreUnavailable."""
        if not self._alive():
            return False
        deadline = time.monotonic() + _PATIENCE
        while self._alive():
            # Again each time: one that was only just started does not listen yet.
            with contextlib.suppress(RedisError, OSError):
                self._client().shutdown()
            with contextlib.suppress(FileNotFoundError), opened(self._residence.lock) as lock:
                lock.end()
            self._wait(deadline, ending=True)
        self._reap(patient=True)
        return True

    def status(self) -> ServerStatus:
        """Say how the server is, without starting it. Raises StoreUnavailable where it hangs."""
        directory, socket = str(self._residence.directory), str(self._residence.socket)
        told = None
        with contextlib.suppress(RedisError, OSError):
            told = self._client().info() if self._answers() else None
        if told is None:
            alive = self._alive()
            pid = self._pid() if alive else None
            return ServerStatus(running=alive, directory=directory, socket=socket, pid=pid)
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
        """Return the HMAC secret of this store. Raises StoreUnavailable."""
        return self._residence.secret()

    def _spawn(self, lock: ServerLock, deadline: float) -> None:
        lock.name(None)
        home = self._residence
        program = find_server(self._environ, oldest=MULTIPART if home.multipart() else OLDEST)
        with os.fdopen(open_private(home.log, _APPEND, create=True), "ab") as log:
            before = log.tell()
            server = subprocess.Popen(  # noqa: S603 - our own configuration for a server we found
                [program, home.configure()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=home.directory,
                pass_fds=lock.descriptors,
                start_new_session=True,
                umask=0o077,
            )
        try:
            lock.name(Holder(server.pid))
            while not self._answers(patient=True):
                if server.poll() is not None:
                    told, hint = home.last_word(before, program)
                    raise StoreUnavailable(told, hint=hint)
                self._wait(deadline)
            lock.name(Holder(server.pid, identity(home.socket)))
        finally:
            if server.returncode is None:
                # It outlives this object on purpose: no warning when that is forgotten.
                server.returncode, self._child = 0, server.pid

    def _reap(self, *, patient: bool = False) -> None:
        """Let a server go that this process started, where it has ended: no zombie stays."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(child, 0 if patient else os.WNOHANG) == (0, 0):
                    self._child = child

    def _answers(self, *, patient: bool = False) -> bool:
        """Say whether it can be asked; without patience, one that hangs is StoreUnavailable."""
        try:
            return bool(self._client().ping())
        except RedisTimeoutError as fault:
            if patient:
                return False
            told = unavailable(fault, self.target.place)
        except (RedisError, OSError):
            return False  # also while it loads: it is waited for
        raise told

    def _alive(self) -> bool:
        """Say whether a server has the lock, or is about to."""
        home = self._residence
        if not attempt(home.directory, lambda: is_held(home.lock)):
            return False
        for folder in home.folders:
            judge_folder(folder)
        return True

    def _pid(self) -> int | None:
        """Return the process that the lock names; None where it names none."""
        with contextlib.suppress(FileNotFoundError), opened(self._residence.lock) as lock:
            if (holder := lock.holder()) is not None:
                return holder.pid
        return None

    def _client(self) -> redis.Redis:
        pool = redis.BlockingConnectionPool(
            retry=Retry(NoBackoff(), 0), **self.target.pool_options(redis)
        )
        return redis.Redis(connection_pool=pool)

    def _wait(self, deadline: float, *, ending: bool = False) -> None:
        if time.monotonic() < deadline:
            time.sleep(_BETWEEN)
            return
        home = self._residence
        if not ending and home.socket.exists():
            raise StoreUnavailable(
                "the embedded store did not start in time",
                hint=phrase("its log is {log}", log=home.log),
            )
        command = shlex.join(["pkill", "-u", str(os.getuid()), "-f", f"unixsocket:{home.socket}"])
        raise StoreUnavailable(
            phrase("the embedded store did not end in time")
            if ending
            else phrase("the embedded server runs, but its socket was removed"),
            hint=phrase("end it with: {command}", command=command),
        )
