"""Fills a server with the guard's own commands, as fast as it takes them."""

from __future__ import annotations

import socket

from benchmarks.frame.guards import Call, commands
from benchmarks.frame.stage import Stage
from smsctl.core.policy import Policy
from smsctl.store.command import pack
from smsctl.store.scripts import script

_CHUNK = 2_000  # commands, about 1 MB


def pour(where: Stage, policy: Policy, call: Call, numbers: range) -> None:
    """Make this call for each number; nobody reads the answers, so count what is there then."""
    for name in ("look", "reserve", "settle", "verify"):
        where.client.script_load(script(name).text)
    with socket.create_connection(("127.0.0.1", where.port)) as wire:
        wire.sendall(pack([("CLIENT", "REPLY", "OFF")]).packed)
        for start in range(numbers.start, numbers.stop, _CHUNK):
            asked = commands(policy, call, range(start, min(start + _CHUNK, numbers.stop)))
            wire.sendall(pack(asked).packed)
        wire.sendall(pack([("CLIENT", "REPLY", "ON")]).packed)
        wire.recv(len(b"+OK\r\n"))
