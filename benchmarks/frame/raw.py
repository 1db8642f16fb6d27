"""The limit: the same bytes, packed before, sent through one socket with so many on their way."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from itertools import accumulate

from hiredis import Reader
from redis.exceptions import ResponseError

from benchmarks.frame.stage import Stage
from smsctl.store.command import Command, pack
from smsctl.store.target import Target

_READ = 1 << 16


class RawSender:
    """Sends commands as a sliding window: each answer lets one more go. No client can do less."""

    def __init__(self, stage: Stage | Target, commands: Sequence[Command], window: int) -> None:
        packed = [pack([command]).packed for command in commands]
        self._bytes = memoryview(b"".join(packed))
        self._ends = [0, *accumulate(len(each) for each in packed)]
        self._window = window
        self._port = stage.port

    def __call__(self) -> Sequence[float]:
        """Send all and read every answer; nobody's time is taken. Raises ResponseError."""
        reader = Reader(replyError=ResponseError)
        with socket.create_connection(("127.0.0.1", self._port)) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sent, answered, last = 0, 0, len(self._ends) - 1
            while answered < last:
                until = min(last, answered + self._window)
                if until > sent:
                    line.sendall(self._bytes[self._ends[sent] : self._ends[until]])
                    sent = until
                reader.feed(line.recv(_READ))
                while reader.has_data():
                    answer = reader.gets()
                    if answer is False:
                        break
                    if isinstance(answer, Exception):
                        raise answer
                    answered += 1
        return ()
