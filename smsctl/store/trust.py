"""Whether another user of this host could have put what lies at a path.

A user trusts himself and root. What anybody else may change is refused as StoreUnavailable, with
the path and what is wrong with it. Knows users, modes and links, not what lies where.
"""

from __future__ import annotations

import errno
import os
import shlex
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import TypeVar

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import NOTHING, Phrase, phrase

Result = TypeVar("Result")

WRITABLE = stat.S_IWGRP | stat.S_IWOTH
_LINKS = 40  # as many as the kernel follows


def judge_folder(folder: Path) -> None:
    """Raise StoreUnavailable if another user could write in `folder`, or put another in its place.

    All that the kernel passes on the way is looked at, links and their targets included: an
    `lstat` takes 4 us. A folder that is missing belongs to nobody, and passes.
    """
    attempt(folder, lambda: _judge(folder))


def attempt(folder: Path, act: Callable[[], Result]) -> Result:
    """Return what `act` does; its OSError becomes StoreUnavailable that names `folder`."""
    try:
        return act()
    except OSError as fault:
        problem = fault.strerror or str(fault)
    raise cannot_use(folder, problem)


def cannot_use(folder: Path, problem: Phrase | str, *, hint: Phrase = NOTHING) -> StoreUnavailable:
    """Return the error that says why the embedded store does not work in `folder`."""
    return StoreUnavailable(
        phrase(
            "the embedded store cannot use {directory}: {problem}",
            directory=folder,
            problem=problem,
        ),
        hint=hint or phrase("SMSCTL_STATE_DIR names another place"),
    )


def foreign(folder: Path, place: Path | str, entry: os.stat_result) -> StoreUnavailable:
    """Return the error for what another user owns."""
    owner = user_name(entry.st_uid)
    problem = phrase("{path} belongs to another user ({owner})", path=place, owner=owner)
    return cannot_use(folder, problem, hint=_elsewhere())


def writable(folder: Path, place: Path | str, entry: os.stat_result) -> StoreUnavailable:
    """Return the error for what others may write to."""
    mode = f"{stat.S_IMODE(entry.st_mode):04o}"
    problem = phrase("others may write to {path} (mode {mode})", path=place, mode=mode)
    if entry.st_uid != os.getuid():
        return cannot_use(folder, problem, hint=_elsewhere())
    command = shlex.join(["chmod", "go-w", str(place)])
    hint = phrase("look at what is in it, then close it: {command}", command=command)
    return cannot_use(folder, problem, hint=hint)


def user_name(uid: int) -> str:
    """Return the name of a user, or the number of one without a name."""
    import pwd  # noqa: PLC0415 - Windows has none

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def own_home() -> str | None:
    """Return the home that the system knows of this user, whatever HOME says."""
    import pwd  # noqa: PLC0415 - Windows has none

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return None


def _elsewhere() -> Phrase:
    home = own_home()
    if home is None:
        return NOTHING
    command = f"export SMSCTL_STATE_DIR={shlex.quote(f'{home}/.local/state/smsctl')}"
    return phrase("set a place that is yours: {command}", command=command)


def _judge(folder: Path) -> None:
    try:
        for place, entry in _way(folder):
            _judge_step(folder, place, entry)
    except FileNotFoundError:
        return
    if entry.st_uid != os.getuid():
        raise foreign(folder, place, entry)
    if entry.st_mode & WRITABLE:
        raise writable(folder, place, entry)


def _way(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every folder and link on the way to `folder`, itself the last. Raises OSError."""
    here, ahead, links = "/", list(reversed(folder.parts[1:])), 0
    yield here, os.lstat(here)
    while ahead:
        name = ahead.pop()
        there = os.path.dirname(here) if name == os.pardir else os.path.join(here, name)  # noqa: PTH118, PTH120 - resolved already
        entry = os.lstat(there)
        yield there, entry
        if not stat.S_ISLNK(entry.st_mode):
            here = there
            continue
        links += 1
        if links > _LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        # What a link names is looked at from the root on, or goes on from where the link is.
        target = PurePath(os.readlink(there))  # noqa: PTH115
        here = "/" if target.is_absolute() else here
        ahead += reversed(target.parts[1:] if target.is_absolute() else target.parts)


def _judge_step(folder: Path, place: str, entry: os.stat_result) -> None:
    """Raise StoreUnavailable if another user could rename what is in `place`, or repoint it."""
    if not stat.S_ISDIR(entry.st_mode) and not stat.S_ISLNK(entry.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if entry.st_uid not in {os.getuid(), 0}:
        raise foreign(folder, place, entry)
    if stat.S_ISLNK(entry.st_mode) or not entry.st_mode & WRITABLE or entry.st_mode & stat.S_ISVTX:
        return
    if entry.st_mode & stat.S_IWOTH or not _is_private(place, entry.st_gid):
        raise writable(folder, place, entry)


def _is_private(place: str, gid: int) -> bool:
    """Say whether a folder that its group may write is this user's alone all the same.

    Many systems give each user a group of the same name, and a umask of 002.
    """
    import grp  # noqa: PLC0415 - Windows has neither
    import pwd  # noqa: PLC0415

    try:
        user, group = pwd.getpwuid(os.getuid()), grp.getgrgid(gid)
    except KeyError:
        return False
    members = {other.pw_name for other in pwd.getpwall() if other.pw_gid == gid} | {*group.gr_mem}
    own = (gid, group.gr_name) == (user.pw_gid, user.pw_name) and members <= {user.pw_name}
    return own and not _has_acl(place)


def _has_acl(place: str) -> bool:
    """Say whether the group's bits stand for a list that may name other users."""
    try:
        return bool(os.getxattr(place, "system.posix_acl_access"))
    except (OSError, AttributeError):  # none; no such call on macOS, whose lists are apart
        return False
