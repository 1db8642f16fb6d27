"""One server of several, on a TCP port of its own: started, killed, stopped, started again.

Knows no topology. What is waited for is polled, under a deadline.
"""

from __future__ import annotations

import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.connection import DefaultParser
from redis.exceptions import RedisError
from redis.retry import Retry

from smsctl.store.target import Target
from tests.topology.links import HOST, Link

# Below the ports that the kernel gives to clients: a server that starts again finds its own free.
_LOWEST, _HIGHEST = 20_000, 32_000
_DEADLINE = 30.0  # seconds for anything that a topology does; a second election takes six
_ANSWER = 2.0  # seconds for one reply of a server that works


class PortTakenError(Exception):
    """Another program took a port between its choice and its use."""


def until(condition: Callable[[], Any], *, what: object) -> Any:
    """Return what `condition` gives as soon as that is true; after the deadline tells `what`."""
    deadline = time.monotonic() + _DEADLINE
    while time.monotonic() < deadline:
        with suppress(RedisError, OSError):
            if found := condition():
                return found
        time.sleep(0.01)
    raise AssertionError(f"never came about: {what}")


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    found: list[int] = []
    while len(found) < count:
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind((HOST, port))
            found += [port] if port not in found else []
    return found


@dataclass(frozen=True)
class Certificate:
    """What a server shows whoever connects."""

    ca: Path
    pem: Path
    """Its certificate, and its key."""


def listening(port: int, certificate: Certificate | None) -> dict[str, str]:
    """Return the settings of a server at `port`, over TLS where there is a certificate."""
    if certificate is None:
        return {"port": str(port), "bind": HOST}
    return {
        "port": "0",
        "bind": HOST,
        "tls-port": str(port),
        "tls-ca-cert-file": str(certificate.ca),
        "tls-cert-file": str(certificate.pem),
        "tls-key-file": str(certificate.pem),
        "tls-auth-clients": "no",
        "tls-replication": "yes",
    }


def options(settings: dict[str, str]) -> list[str]:
    """Return settings as words of a command line."""
    return [word for name, value in settings.items() for word in (f"--{name}", value)]


@dataclass(eq=False)
class Node:
    """A server and its process."""

    port: int
    folder: Path
    command: list[str | Path]
    password: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    ca: Path | None = None
    """Who signed its certificate, where it speaks TLS."""
    door: Link | None = None
    """The way that others take to it, where that is not its port."""
    frozen: bool = False

    @property
    def seen(self) -> int:
        """The port that others know it by."""
        return self.door.port if self.door else self.port

    @property
    def alive(self) -> bool:
        """Say whether it runs, and would answer."""
        return not self.frozen and self.process is not None and self.process.poll() is None

    @property
    def target(self) -> Target:
        """How those who ask it alone reach it: by its socket."""
        return Target(scheme="unix", path=str(self.folder / "s"))

    def start(self, *options: str) -> None:
        """Run the server, with more options than its own; it answers soon."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, *options], stdout=log, stderr=log, cwd=self.folder
            )

    def await_answer(self) -> None:
        """Return when it answers. Raises PortTakenError where it ended instead."""
        until(lambda: not self.alive or self.ask("PING"), what=f"an answer of {self.port}")
        if not self.alive:
            log = (self.folder / "log").read_text()
            assert "Address already in use" in log, log
            raise PortTakenError

    def ask(self, *command: str | bytes | int) -> Any:
        """Return what it replies, as it came; raises what redis-py raises."""
        target = Target(
            scheme="rediss" if self.ca else "redis",
            host=HOST,
            port=self.port,
            password=self.password or None,
            ca=str(self.ca or ""),
            timeout=_ANSWER,
        )
        parser, retry = DefaultParser(socket_read_size=1 << 16), Retry(NoBackoff(), 0)
        connection = target.connection(redis, parser=parser, retry=retry)
        try:
            connection.send_command(*command)
            return connection.read_response()
        finally:
            connection.disconnect()

    def fields(self, *command: str | bytes | int) -> dict[str, str]:
        """Return a reply of lines `name:value` as what it means."""
        lines = self.ask(*command).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def followers(self) -> int:
        """Return how many replicas it has that are up to date; 0 where it is none's primary."""
        told = self.fields("INFO", "replication")
        online = [told[name] for name in told if name.startswith("slave")]
        return sum("state=online" in each for each in online) if told["role"] == "master" else 0

    def kill(self) -> None:
        """End it, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.frozen = False

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does; it hears, and says nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        self.frozen = True

    def thaw(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        self.frozen = False


def start(nodes: list[Node], *options: str) -> None:
    """Start all of `nodes`; they answer. Raises PortTakenError."""
    for node in nodes:
        node.start(*options)
    for node in nodes:
        node.await_answer()


@contextmanager
def ended(nodes: list[Node]) -> Iterator[None]:
    """End the processes of `nodes` with the block, whatever happens in it."""
    try:
        yield
    finally:
        for node in nodes:
            node.kill()


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began
