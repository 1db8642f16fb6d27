"""The lock of the embedded server, which says that one is alive.

The server inherits the locked file and the locked folder, so "locked" means "alive", and a server
that was killed leaves nothing to clean up. The folder is locked as well because the file can be
removed: a second server would then write beside the first.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from smsctl.store.private import open_private


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
