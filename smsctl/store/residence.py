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

_LONGEST_SOCKET = 100  # bytes; the kernel takes 107
_SHORTEST_SECRET = 16  # bytes, as `code.secret`

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
        self.directory = directory
        self.lock = directory / "server.lock"
        self.log = directory / "server.log"
        self.socket = directory / "server.sock"
        if len(os.fsencode(self.socket)) > _LONGEST_SOCKET:
            # Not $XDG_RUNTIME_DIR or $TMPDIR: cron has others, and would not find the server.
            told = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
            short = Path("/tmp")  # noqa: S108 - the owner of what is in it is checked
            self.socket = short / f"smsctl-{os.getuid()}-{told}" / "server.sock"

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Make the folders, and tell what goes wrong with files while the block runs."""
        try:
            for folder in (self.directory, self.socket.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._check(folder)
            yield
        except OSError as fault:
            problem = fault.strerror or fault
        else:
            return
        raise StoreUnavailable(
            phrase(
                "the embedded store cannot use {directory}: {problem}",
                directory=self.directory,
                problem=problem,
            ),
            hint=phrase("SMSCTL_STATE_DIR names another place"),
        )

    def secret(self) -> bytes:
        """Return the HMAC secret of this store, made at the first asking with mode 0600."""
        path = self.directory / "secret"
        with self.entered():
            if not path.exists():
                self._make_secret(path)
            found = path.read_bytes()
        if len(found) < _SHORTEST_SECRET:
            raise StoreUnavailable(
                phrase("the secret in {path} is not whole", path=path),
                hint=phrase("restore it, or delete the directory: codes and counts are lost"),
            )
        return found

    def configure(self) -> Path:
        """Return the server's configuration file, written anew."""
        written = self.directory / f"server.conf.{os.getpid()}"
        written.write_text(
            _CONFIG.format(
                socket=_quoted(self.socket),
                directory=_quoted(self.directory),
                log=_quoted(self.log),
            ),
            "ascii",
        )
        return written.replace(self.directory / "server.conf")

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

    def _check(self, folder: Path) -> None:
        # A link in /tmp belongs to whoever made it.
        found = folder.stat() if folder == self.directory else folder.lstat()
        if found.st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to another user")
        if found.st_mode & 0o002:
            raise PermissionError(f"anybody may write to {folder}")

    def _make_secret(self, path: Path) -> None:
        # Written whole under another name, then linked: of two first askers one wins.
        made = self.directory / f"secret.{secrets.token_hex(8)}"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made)
        made.unlink()


def _quoted(path: Path) -> str:
    """Return the path as a server's configuration file reads it, whatever is in it."""
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-"
    return '"' + "".join(chr(c) if c in plain else f"\\x{c:02x}" for c in os.fsencode(path)) + '"'
