"""The lock of the embedded server, which says that one is alive, and which.

The server inherits the locked file and the locked folder, so "locked" means "alive", and a server
that was killed leaves nothing to clean up. The folder is locked as well because the file can be
removed: a second server would then write beside the first. What is written into the file names the
server and its socket; it is believed only of a process that holds this very file open.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smsctl.store.private import open_private

_LENGTH = 64  # bytes of what is written; the file is never emptied
_LINE = re.compile(rb"([0-9]{1,7})(?: ([0-9]{1,20}) ([0-9]{1,20}))? *\n")


@dataclass(frozen=True, slots=True)
class Holder:
    """The server that has the lock."""

    pid: int
    socket: tuple[int, int] | None = None
    """Device and inode of its socket; None until it has answered."""


class ServerLock:
    """The lock, open in this process."""

    def __init__(self, file: int, folder: int) -> None:
        self._file = file
        self._folder = folder

    @property
    def descriptors(self) -> tuple[int, int]:
        """What a server inherits."""
        return self._folder, self._file

    def take(self) -> bool:
        """Take the lock if no live server and no starting one has it."""
        if not _taken(self._file):
            return False
        if _folder_taken(self._folder):
            return True
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return False

    def name(self, holder: Holder | None) -> None:
        """Write down which server has the lock. Raises OSError."""
        fields = () if holder is None else (holder.pid, *(holder.socket or ()))
        line = " ".join(map(str, fields))
        os.pwrite(self._file, f"{line:<{_LENGTH - 1}}\n".encode(), 0)

    def holder(self) -> Holder | None:
        """Return which server has the lock; None while it starts."""
        written = _LINE.fullmatch(os.pread(self._file, _LENGTH, 0))
        if written is None:
            return None
        socket = (int(written[2]), int(written[3])) if written[2] else None
        return Holder(int(written[1]), socket)

    def lost(self, socket: Path) -> bool:
        """Say whether the server answered once, and its socket is no longer at `socket`."""
        holder = self.holder()
        if holder is None or holder.socket is None:
            return False
        within = Path(f"/proc/{holder.pid}/root{socket}")  # a service may have a /tmp of its own
        return holder.socket not in {identity(socket), identity(within)}

    def end(self) -> None:
        """Ask the server that has the lock to end, where the system can prove which it is."""
        holder = self.holder()
        if sys.platform != "linux" or holder is None:
            return
        with contextlib.suppress(OSError):
            process = os.pidfd_open(holder.pid)
            try:
                # From here on the number stands for one process, alive or not.
                if self._is_open_in(holder.pid):
                    signal.pidfd_send_signal(process, signal.SIGTERM)
            finally:
                os.close(process)

    def _is_open_in(self, pid: int) -> bool:
        own = os.fstat(self._file)
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(entry.stat(), own):
                    return True
        return False


@contextlib.contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator[ServerLock]:
    """Open the lock at `path`; closing it gives it back, unless a server has inherited it.

    Raises StoreUnavailable for a lock of somebody else, FileNotFoundError and other OSError.
    """
    with contextlib.ExitStack() as stack:
        file = open_private(path, os.O_RDWR, create=create)
        stack.callback(os.close, file)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, folder)
        yield ServerLock(file, folder)


def is_held(path: Path) -> bool:
    """Say whether a server is alive or starting, also one whose lock at `path` was removed.

    Raises as `opened`.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        if not _folder_taken(folder):
            return True
    finally:
        os.close(folder)
    try:
        with opened(path) as lock:
            return not lock.take()
    except FileNotFoundError:
        return False


def identity(socket: Path) -> tuple[int, int] | None:
    """Return what tells a socket from another at the same path; None where there is none.

    Its number is not given out again while a server listens on it.
    """
    try:
        entry = socket.lstat()
    except OSError:
        return None
    return entry.st_dev, entry.st_ino


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _folder_taken(descriptor: int) -> bool:
    try:
        return _taken(descriptor)
    except OSError:  # a network file system locks files alone
        return True
