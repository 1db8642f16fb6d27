"""Where the embedded store lives: its directory, its secret, and what its server reads and leaves.

Knows no server, only files. What cannot be used is told as StoreUnavailable.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shlex
from collections.abc import Iterator
from pathlib import Path

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import Phrase, phrase
from smsctl.store.private import close_folder, judge_entry, make_folder, open_private
from smsctl.store.trust import attempt, cannot_use, judge_folder

_LONGEST_SOCKET = 100  # bytes; the kernel takes 107
_SHORTEST_SECRET = 16  # bytes, as `code.secret`
_FOUND = ("appendonlydir", "appendonly.aof", "server.sock")  # what a server reads, or removes

# appendfsync always: a write costs 0.4 ms and survives a power cut. Without the preamble every
# version from 7.0 on reads what another wrote. hz 1 would delay the end by a second.
_CONFIG = """\
port 0
unixsocket {socket}
unixsocketperm 700
dir {directory}
logfile {log}
appendonly yes
appendfsync always
aof-use-rdb-preamble no
save ""
maxmemory-policy noeviction
hz 10
"""

_STAMP = re.compile(r"^\d+:\w .*? [.*#-] ")  # process, role, time and level of a line in the log


class Residence:
    """The files of one embedded store."""

    def __init__(self, directory: Path) -> None:
        # One folder has one socket, by whatever links it is reached.
        self.directory = Path(os.path.realpath(directory))
        self.lock = self.directory / "server.lock"
        self.log = self.directory / "server.log"
        self.socket = self.directory / "server.sock"
        if len(os.fsencode(self.socket)) > _LONGEST_SOCKET:
            # Not $XDG_RUNTIME_DIR or $TMPDIR: cron has others, and would not find the server.
            told = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:16]
            short = Path("/tmp").resolve()  # noqa: S108 - the owner of what is in it is checked
            self.socket = short / f"smsctl-{os.getuid()}-{told}" / "server.sock"
        self.folders = tuple(dict.fromkeys([directory, self.directory, self.socket.parent]))
        """What is looked at with every connection."""

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Make the folders, and tell what goes wrong with files while the block runs."""
        attempt(self.directory, self._enter)
        try:
            yield
        except OSError as fault:
            problem = fault.strerror or str(fault)
        else:
            return
        raise cannot_use(self.directory, problem)

    def inhabited(self) -> bool:
        """Say whether this user keeps a store here.

        Raises StoreUnavailable if nobody can know, and if a stranger waits where its socket goes.
        """
        if self.socket.parent != self.directory:
            judge_folder(self.socket.parent)
        try:
            return self.lock.lstat().st_uid == os.getuid()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as fault:
            problem = fault.strerror or str(fault)
        raise cannot_use(self.directory, problem)

    def secret(self) -> bytes:
        """Return the HMAC secret of this store, made at the first asking with mode 0600."""
        path = self.directory / "secret"
        with self.entered():
            if not os.path.lexists(path):
                self._make_secret(path)
            if path.lstat().st_nlink > 1:
                _forget_maker(path)
            with os.fdopen(open_private(path, os.O_RDONLY), "rb") as file:
                found = file.read()
        if len(found) < _SHORTEST_SECRET:
            raise StoreUnavailable(
                phrase("the secret in {path} is not whole", path=path),
                hint=phrase("restore it, or delete the directory: codes and counts are lost"),
            )
        return found

    def configure(self) -> Path:
        """Return the server's configuration file, written anew."""
        text = _CONFIG.format(
            socket=_quoted(self.socket),
            directory=_quoted(self.directory),
            log=_quoted(self.log),
        )
        return self._written("server.conf", text.encode("ascii")).replace(
            self.directory / "server.conf"
        )

    def multipart(self) -> bool:
        """Say whether a server of 7.0 or later wrote here: 6.2 would not find what it wrote."""
        return (self.directory / "appendonlydir").exists()

    def last_word(self, since: int, program: Path) -> tuple[Phrase, Phrase]:
        """Return what the log says last, from byte `since` on, and what helps."""
        said = self.log.read_bytes()[since:].decode("utf-8", "replace").split("\n")
        word = ([line for line in said if line.strip()] or ["no word"])[-1]
        told = phrase("the embedded store ended at once: {log}", log=_STAMP.sub("", word))
        if "append only file" not in word:
            return told, phrase("its log is {log}", log=self.log)
        logs = [self.directory / "appendonly.aof", *self.directory.glob("appendonlydir/*.manifest")]
        # The server mends its files when it is called by this name; the wheel has no other copy.
        mending = shlex.join([str(program), "--fix", str(logs[-1])])
        command = f"(exec -a redis-check-aof {mending})"
        return told, phrase("a damaged file is mended by: {command}", command=command)

    def _enter(self) -> None:
        for folder in self.folders:
            judge_folder(folder)  # nothing is made in what is not ours
        for folder in (self.directory, self.socket.parent):
            make_folder(folder)
        for folder in self.folders:
            close_folder(folder)
        for name in _FOUND:
            judge_entry(self.directory / name)

    def _make_secret(self, path: Path) -> None:
        # Written whole under another name, then linked: of two first askers one wins.
        made = self._written("secret", secrets.token_hex(32).encode())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made)
        made.unlink(missing_ok=True)

    def _written(self, name: str, content: bytes) -> Path:
        """Return a new file whose name nobody can foresee."""
        path = self.directory / f"{name}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return path


def _forget_maker(path: Path) -> None:
    """Remove the name under which a secret was made, if its maker has not come to do so."""
    for other in path.parent.glob("secret.*"):
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(other.lstat(), path.lstat()):
                other.unlink()


def _quoted(path: Path) -> str:
    """Return the path as a server's configuration file reads it, whatever is in it."""
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-"
    return '"' + "".join(chr(c) if c in plain else f"\\x{c:02x}" for c in os.fsencode(path)) + '"'
