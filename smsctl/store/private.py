"""Files and folders of this user alone: made so, or refused.

Nothing here follows a link, empties or replaces what is there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import stat
from pathlib import Path

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import Phrase, phrase
from smsctl.store.trust import WRITABLE, attempt, cannot_use, foreign, judge_folder, writable

_PRIVATE = 0o600
_SHARED = stat.S_IRWXG | stat.S_IRWXO
_NO_FILE = {errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.EISDIR}
"""What the system says where a link (ELOOP, on FreeBSD EMLINK), socket or folder is no file."""


def make_folder(folder: Path) -> None:
    """Make `folder` and the ancestors that it lacks, all with mode 0700. Raises OSError."""
    for place in [*reversed(folder.parents), folder]:
        if not place.is_dir():
            with contextlib.suppress(FileExistsError):
                place.mkdir(mode=0o700)
                place.chmod(0o700)  # whatever the umask takes away


def close_folder(folder: Path) -> None:
    """Give a folder of this user the mode 0700. Raises OSError and StoreUnavailable."""
    judge_folder(folder)
    if folder.stat().st_mode & _SHARED:
        folder.chmod(0o700)


def judge_entry(path: Path) -> None:
    """Raise StoreUnavailable if `path` is there and not this user's own file, socket or folder."""
    attempt(path.parent, lambda: _judge_entry(path))


def open_private(path: Path, flags: int, *, create: bool = False) -> int:
    """Return a descriptor of this user's own plain file, whose mode is 0600 afterwards.

    Raises StoreUnavailable for what is not such a file, FileNotFoundError and other OSError.
    """
    descriptor = _open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, create=create)
    try:
        entry = os.fstat(descriptor)
        _judge(path, entry)
        if not stat.S_ISREG(entry.st_mode):
            raise _odd(path, phrase("{path} is not a file", path=path))
        if entry.st_mode & WRITABLE and flags & os.O_ACCMODE == os.O_RDONLY:
            raise writable(path.parent, path, entry)  # what is only read has to be our own word
        if stat.S_IMODE(entry.st_mode) != _PRIVATE:
            os.fchmod(descriptor, _PRIVATE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _open(path: Path, flags: int, *, create: bool) -> int:
    while True:
        try:
            return os.open(path, flags)
        except FileNotFoundError:
            if not create:
                raise
        except OSError as fault:
            if fault.errno not in _NO_FILE:
                raise
            break
        with contextlib.suppress(FileExistsError):
            return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    _judge(path, path.lstat())
    raise _odd(path, phrase("{path} is not a file", path=path))


def _judge_entry(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        entry = path.lstat()
        _judge(path, entry)
        if stat.S_ISDIR(entry.st_mode):
            close_folder(path)


def _judge(path: Path, entry: os.stat_result) -> None:
    if stat.S_ISLNK(entry.st_mode):
        raise _odd(path, phrase("{path} is a link", path=path))
    if entry.st_uid != os.getuid():
        raise foreign(path.parent, path, entry)
    if stat.S_ISREG(entry.st_mode) and entry.st_nlink > 1:
        raise _odd(path, phrase("{path} has a second name somewhere (a hard link)", path=path))


def _odd(path: Path, problem: Phrase) -> StoreUnavailable:
    command = shlex.join(["ls", "-li", str(path)])
    hint = phrase("look at it, and remove it unless it is yours: {command}", command=command)
    return cannot_use(path.parent, problem, hint=hint)
