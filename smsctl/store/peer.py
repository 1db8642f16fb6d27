"""A connection to the embedded server is used once its folders and its user have been looked at.

redis-py calls this after it has connected, and before it sends the first byte.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from smsctl.core.phrase import phrase
from smsctl.store.trust import attempt, cannot_use, judge_folder, user_name

_PATIENCE = 1.0  # s; the server has only just taken another connection


class PeerSocket(Protocol):
    """What is asked of a connected socket."""

    def getsockopt(self, level: int, option: int, length: int, /) -> bytes:
        """Return an option's bytes."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What happens between connecting to the embedded server and the first byte."""

    folders: Sequence[Path]
    """None of them may be another user's to change."""
    socket: Path

    def greet(self, connection: Any) -> None:
        """Begin to talk over a blocking connection. Raises StoreUnavailable for a stranger."""
        try:
            self._judge(getattr(connection, "_sock", None))
        except BaseException:
            connection.disconnect()
            raise
        connection.on_connect()

    async def greet_async(self, connection: Any) -> None:
        """Begin to talk over a connection of an event loop. Raises StoreUnavailable."""
        writer = getattr(connection, "_writer", None)
        try:
            self._judge(writer and writer.get_extra_info("socket"))
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        await connection.on_connect()

    def _judge(self, connected: PeerSocket | None) -> None:
        for folder in self.folders:
            judge_folder(folder)
        uid = attempt(
            self.socket.parent, lambda: self._ask() if connected is None else peer(connected)
        )
        if uid != os.getuid():
            raise cannot_use(
                self.socket.parent,
                phrase(
                    "the server at {socket} runs as another user ({owner})",
                    socket=self.socket,
                    owner=user_name(uid),
                ),
            )

    def _ask(self) -> int:
        """Return the user by a connection of our own: redis-py keeps its socket to itself."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as own:
            own.settimeout(_PATIENCE)
            own.connect(str(self.socket))
            return peer(own)


def peer(connected: PeerSocket) -> int:
    """Return the user who listens at the other end of a Unix socket. Raises OSError."""
    if hasattr(socket, "SO_PEERCRED"):  # Linux: struct ucred {pid, uid, gid}
        ucred = struct.Struct("iII")
        answer = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, ucred.size)
        return int(ucred.unpack(answer)[1])
    # macOS and FreeBSD: LOCAL_PEERCRED of SOL_LOCAL, struct xucred {version, uid, 16 groups}
    return int(struct.unpack_from("II", connected.getsockopt(0, 1, 76))[1])
