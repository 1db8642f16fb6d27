"""Faults of the way to the server: replies and requests that are lost, late or in pieces."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.trial import Trial
from tests.proxies import Proxy
from tests.servers import running

_LATE = 0.02  # s: late, but in time
_EVERY = 5


@contextmanager
def lost_replies(trial: Trial) -> Iterator[None]:
    """The server did it, and every fifth time nobody hears of it."""
    proxy = _proxy(trial)
    proxy.drop = _some()
    yield
    proxy.drop = _none


@contextmanager
def resets(trial: Trial) -> Iterator[None]:
    """Every fifth request breaks its connection, and never arrives."""
    proxy = _proxy(trial)
    proxy.sever = _some()
    yield
    proxy.sever = _none


@contextmanager
def silence(trial: Trial) -> Iterator[None]:
    """Every fifth reply never comes, on a connection that stays."""
    proxy = _proxy(trial)
    proxy.swallow = _some()
    yield
    proxy.swallow = _none


@contextmanager
def late_replies(trial: Trial) -> Iterator[None]:
    """Every reply is late."""
    proxy, mended = _proxy(trial), threading.Event()

    def deliver(client: socket.socket, reply: bytes) -> None:
        mended.wait(_LATE)
        trial.proof += 1
        client.sendall(reply)

    proxy.deliver = deliver
    yield
    proxy.deliver = socket.socket.sendall
    mended.set()


@contextmanager
def sliced_replies(trial: Trial) -> Iterator[None]:
    """Every reply comes in pieces of three bytes."""
    proxy = _proxy(trial)

    def deliver(client: socket.socket, reply: bytes) -> None:
        trial.proof += 1
        for place in range(0, len(reply), 3):
            client.sendall(reply[place : place + 3])

    proxy.deliver = deliver
    yield
    proxy.deliver = socket.socket.sendall


@contextmanager
def promoted(trial: Trial) -> Iterator[None]:
    """A replica is cut off, the primary dies, and the replica takes its place."""
    assert trial.door is not None
    port = _free_port()
    folder = trial.folder / "replica"
    folder.mkdir()
    binary = Path(trial.server.command[0])
    replica = trial.stack.enter_context(running(binary, folder))
    with trial.server.client as primary, replica.client as client:
        primary.config_set("repl-diskless-sync-delay", 0)
        primary.config_set("port", port)
        client.replicaof("127.0.0.1", port)
        while client.info("replication")["master_link_status"] != "up":
            trial.load.wait(1)
        client.replicaof("NO", "ONE")
    trial.load.wait(trial.scale.before)
    trial.server.kill()
    yield
    turned = trial.door.with_name("turned")
    turned.symlink_to(replica.path)
    turned.replace(trial.door)
    trial.server = replica
    trial.note = (
        "writes that the primary acknowledged after the cut are lost with it; "
        "`durability: strict` fails closed instead"
    )


def _proxy(trial: Trial) -> Proxy:
    assert trial.proxy is not None
    return trial.proxy


def _some() -> Callable[[bytes], bool]:
    turn = itertools.count(1)
    return lambda _: next(turn) % _EVERY == 0


def _none(_: bytes) -> bool:
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
