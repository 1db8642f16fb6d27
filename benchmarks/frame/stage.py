"""A private server on one core and the client on the other, and what the server says it spent."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import redis

from smsctl.store.binary import find_server
from smsctl.store.target import Target
from tests.servers import PrivateServer, running


@dataclass(frozen=True, slots=True)
class Spent:
    """What a server has spent since it started, or between two such moments."""

    cpu: float
    """µs of its process."""
    script: float
    """µs in scripts."""
    scripts: int
    reads: int
    """How often it read from a socket: a round trip each, where one caller waits at a time."""
    received: int
    """Bytes."""
    answered: int
    """Bytes."""

    def since(self, earlier: Spent) -> Spent:
        """Return what was spent from `earlier` until now."""
        return Spent(
            cpu=self.cpu - earlier.cpu,
            script=self.script - earlier.script,
            scripts=self.scripts - earlier.scripts,
            reads=self.reads - earlier.reads,
            received=self.received - earlier.received,
            answered=self.answered - earlier.answered,
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """A running server and the ways to it."""

    server: PrivateServer
    port: int
    client: redis.Redis
    """For what is not measured."""

    @property
    def target(self) -> Target:
        return Target(scheme="redis", host="127.0.0.1", port=self.port, timeout=10)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def spent(self) -> Spent:
        """Return what the server has spent so far; asking costs it one read."""
        told = self.client.info("cpu", "stats", "commandstats")
        scripts = [told.get(f"cmdstat_{each}", {}) for each in ("eval", "evalsha")]
        return Spent(
            cpu=1e6 * (told["used_cpu_user"] + told["used_cpu_sys"]),
            script=sum(each.get("usec", 0) for each in scripts),
            scripts=sum(each.get("calls", 0) for each in scripts),
            reads=told["total_reads_processed"],
            received=told["total_net_input_bytes"],
            answered=told["total_net_output_bytes"],
        )

    def clear(self) -> None:
        """Let the server forget everything but the scripts."""
        self.client.flushall()

    def memory(self) -> int:
        """Return the bytes that the server holds for what was written into it."""
        return int(self.client.info("memory")["used_memory"])

    def eternal(self) -> int:
        """Return how many keys would stay for ever."""
        held = self.client.info("keyspace").get("db0", {"keys": 0, "expires": 0})
        return int(held["keys"] - held["expires"])


@contextmanager
def stage(*options: str) -> Iterator[Stage]:
    """Run a server for the block, on a core of its own where there are two."""
    with TemporaryDirectory() as folder:
        port = _free_port()
        listen = ("--port", str(port), "--bind", "127.0.0.1")
        with running(find_server(os.environ), Path(folder), *listen, *options) as server:
            _part(server.process.pid)
            with server.client as client:
                yield Stage(server, port, client)


def pinned() -> bool:
    """Say whether server and client have a core each."""
    return hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1


def _part(server: int) -> None:
    if pinned():
        cores = range(os.cpu_count() or 1)
        os.sched_setaffinity(server, {cores[0]})
        os.sched_setaffinity(0, set(cores[1:]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
