"""Ways for a store to be out of order, each a context manager that mends it in the end.

Each yields the target that is out of order; the server behind it keeps what it held.
"""

from __future__ import annotations

import shutil
import signal
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace

import redis
from redis.exceptions import RedisError

from smsctl.store.target import Target
from tests.servers import PrivateServer

PASSWORD = "hunter2-for-tests"
QUICK = 0.3
"""Seconds that a test waits for an answer that does not come."""

Fault = Callable[[PrivateServer], AbstractContextManager[Target]]


@contextmanager
def refused(_: PrivateServer) -> Iterator[Target]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield Target(scheme="redis", host="127.0.0.1", port=unused.getsockname()[1])


@contextmanager
def no_socket(server: PrivateServer) -> Iterator[Target]:
    yield replace(server.target, path=f"{server.path}-of-another")


@contextmanager
def black_hole(_: PrivateServer) -> Iterator[Target]:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield Target(scheme="redis", host="127.0.0.1", port=silent.getsockname()[1], timeout=QUICK)


@contextmanager
def stopped(server: PrivateServer) -> Iterator[Target]:
    server.process.send_signal(signal.SIGSTOP)
    try:
        yield server.target
    finally:
        server.process.send_signal(signal.SIGCONT)


@contextmanager
def wrong_password(server: PrivateServer) -> Iterator[Target]:
    with server.client as client:
        client.acl_setuser("app", enabled=True, passwords=["+right"], categories=["+@all"])
    yield replace(server.target, username="app", password=PASSWORD)


@contextmanager
def needless_password(server: PrivateServer) -> Iterator[Target]:
    yield replace(server.target, password=PASSWORD)


@contextmanager
def no_password(server: PrivateServer) -> Iterator[Target]:
    with _set(server, requirepass=PASSWORD):
        yield server.target


@contextmanager
def no_script(server: PrivateServer) -> Iterator[Target]:
    yield _user(server, keys=["*"], commands=["+get"])


@contextmanager
def no_command(server: PrivateServer) -> Iterator[Target]:
    yield _user(server, keys=["*"], commands=["+evalsha", "+eval"])


@contextmanager
def no_key(server: PrivateServer) -> Iterator[Target]:
    yield _user(server, keys=["other:*"], categories=["+@all"])


@contextmanager
def replica(server: PrivateServer) -> Iterator[Target]:
    with server.client as client:
        client.replicaof("127.0.0.1", 1)
        yield server.target
        client.replicaof("NO", "ONE")


@contextmanager
def orphan(server: PrivateServer) -> Iterator[Target]:
    with _set(server, **{"replica-serve-stale-data": "no"}), replica(server) as target:
        yield target


@contextmanager
def out_of_memory(server: PrivateServer) -> Iterator[Target]:
    with _set(server, maxmemory="1"):
        yield server.target


@contextmanager
def no_replicas(server: PrivateServer) -> Iterator[Target]:
    with _set(server, **{"min-replicas-to-write": "1"}):
        yield server.target


@contextmanager
def no_disk(server: PrivateServer) -> Iterator[Target]:
    """Its directory is gone, so that the snapshot it must save fails."""
    with server.client as client, _set(server, save="3600 1"):
        shutil.rmtree(server.path.parent / "disk")
        client.bgsave()
        while client.info("persistence")["rdb_last_bgsave_status"] == "ok":
            pass
        yield server.target


@contextmanager
def busy(server: PrivateServer) -> Iterator[Target]:
    with server.client as client, _set(server, **{"lua-time-limit": "1"}):
        endless = threading.Thread(target=_spin, args=(server,))
        endless.start()
        while _answers(client):
            pass
        yield server.target
        client.script_kill()
        endless.join()


@contextmanager
def full(server: PrivateServer) -> Iterator[Target]:
    with _set(server, maxclients="1"):
        yield server.target


@contextmanager
def parrot(reply: bytes, *, longest: int = 1 << 16) -> Iterator[Target]:
    """Run a server that answers with `reply`, and hangs up on what is longer than `longest`."""

    class Parrot(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while 0 < len(self.request.recv(1 << 16)) <= longest:
                self.request.sendall(reply)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True  # they end when the client closes, which is later

    with Server(("127.0.0.1", 0), Parrot) as server:
        threading.Thread(target=server.serve_forever, args=(0.001,)).start()
        yield Target(scheme="redis", host="127.0.0.1", port=server.server_address[1])
        server.shutdown()


@contextmanager
def _set(server: PrivateServer, **options: str) -> Iterator[None]:
    with server.client as client:
        before = {name: client.config_get(name)[name] for name in options}
        for name, value in options.items():
            client.config_set(name, value)
        yield
        for name, value in before.items():
            client.config_set(name, value)


def _user(server: PrivateServer, **rights: list[str]) -> Target:
    with server.client as client:
        client.acl_setuser("app", enabled=True, passwords=[f"+{PASSWORD}"], **rights)
    return replace(server.target, username="app", password=PASSWORD)


def _spin(server: PrivateServer) -> None:
    with server.client as client, suppress(RedisError):  # it is killed
        client.eval("while true do end", 0)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False
