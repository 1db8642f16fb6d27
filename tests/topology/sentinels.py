"""A primary with two replicas and three sentinels, all of them processes of the embedded binary.

The sentinels' files already name everybody, so nothing has to be discovered: a second, and they
agree. Knows no guard.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.topology.links import HOST, Link, linked
from tests.topology.nodes import (
    Certificate,
    Node,
    PortTakenError,
    ended,
    free_ports,
    listening,
    options,
    start,
    until,
)

SERVICE = "codes"
_DOWN_AFTER = 400  # ms without an answer until a sentinel says that a server is down
_FAILOVER = 2000  # ms that one attempt to promote may take
_REPLICAS, _WATCHERS, _QUORUM = 2, 3, 2


@dataclass
class Sentinels:
    """The servers and those that watch them."""

    nodes: list[Node]
    watchers: list[Node]

    @property
    def url(self) -> str:
        hosts = ",".join(f"{HOST}:{watcher.port}" for watcher in self.watchers)
        scheme = "rediss" if self.nodes[0].ca else "redis"
        return f"{scheme}+sentinel://{hosts}/{SERVICE}/0"

    def primary(self) -> Node:
        """Return the server that the sentinels name."""
        watcher = next(each for each in self.watchers if each.alive)
        _, port = watcher.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SERVICE)
        return next(node for node in self.nodes if node.seen == int(port))

    def replicas(self) -> list[Node]:
        """Return the other servers, dead ones among them."""
        primary = self.primary()
        return [node for node in self.nodes if node is not primary]

    def promoted(self, former: Node) -> Node:
        """Return the primary that the sentinels made in place of `former`, once it is one."""
        return until(  # type: ignore[no-any-return]
            lambda: (
                (found := self.primary()) is not former
                and found.ask("ROLE")[0] == b"master"
                and found
            ),
            what="a promotion",
        )

    def revive(self) -> None:
        """Start the servers that were killed or frozen; return when both replicas follow."""
        leader = until(self.primary, what="a primary")
        for node in self.nodes:
            if not node.alive:
                node.kill()
                start([node], "--replicaof", HOST, str(leader.seen))
        until(lambda: leader.followers() == _REPLICAS, what="two replicas that follow")

    def await_whole(self) -> None:
        """Return when every server follows the primary and every sentinel finds them well."""
        until(self._whole, what="a primary, two replicas and three sentinels that agree")

    def _whole(self) -> bool:
        primary = self.primary()
        return primary.followers() == _REPLICAS and all(
            self._content(watcher, primary) for watcher in self.watchers
        )

    def _content(self, watcher: Node, primary: Node) -> bool:
        seen = _paired(watcher.ask("SENTINEL", "MASTER", SERVICE))
        replicas = [_paired(each) for each in watcher.ask("SENTINEL", "REPLICAS", SERVICE)]
        return (seen["port"], seen["flags"]) == (str(primary.seen), "master") and [
            each["flags"] for each in replicas
        ] == ["slave"] * _REPLICAS


@contextmanager
def sentinels(
    binary: Path,
    folder: Path,
    *,
    password: str = "",
    watchword: str = "",
    certificate: Certificate | None = None,
    down_after: int = _DOWN_AFTER,
) -> Iterator[Sentinels]:
    """Run them until the block ends; `password` is the servers', `watchword` the sentinels'.

    Everybody comes to the first primary through its door. `down_after` is in ms.
    """
    words = [f"sentinel auth-pass {SERVICE} {password}"] if password else []
    words += [f"requirepass {watchword}"] if watchword else []
    while True:
        ports = free_ports(1 + _REPLICAS + _WATCHERS)  # at once: none of them is drawn twice
        servers, own = ports[: 1 + _REPLICAS], ports[1 + _REPLICAS :]
        names = {port: secrets.token_hex(20) for port in own}
        with linked(servers[0]) as door:
            known = [door.port, *servers[1:]]
            made = Sentinels(
                [_server(binary, folder / str(port), port, door, certificate) for port in servers],
                [
                    _watcher(
                        binary,
                        folder / str(port),
                        port,
                        certificate,
                        [*_lines(port, known, names, down_after), *words],
                    )
                    for port in own
                ],
            )
            for node in made.nodes:
                node.password = password
                node.command += options({"requirepass": password, "masterauth": password})
            for watcher in made.watchers:
                watcher.password = watchword
            with ended(made.nodes + made.watchers):
                try:
                    for group in (made.nodes[:1], made.nodes[1:], made.watchers):
                        start(group)  # who finds nobody waits a second until he looks again
                    made.await_whole()
                except PortTakenError:
                    continue
                yield made
                return


def _server(
    binary: Path, own: Path, port: int, door: Link, certificate: Certificate | None
) -> Node:
    own.mkdir()
    command: list[str | Path] = [
        binary, *options(listening(port, certificate)), "--save", "", "--dir", own,
        "--unixsocket", own / "s",
        "--repl-diskless-sync", "no", "--repl-diskless-load", "swapdb",
    ]  # fmt: skip
    ca = certificate.ca if certificate else None
    if port == door.upstream:
        command += ["--replica-announce-port", str(door.port)]
        return Node(port, own, command, ca=ca, door=door)
    return Node(port, own, [*command, "--replicaof", HOST, str(door.port)], ca=ca)


def _watcher(
    binary: Path, own: Path, port: int, certificate: Certificate | None, lines: list[str]
) -> Node:
    own.mkdir()
    heard = [f"{name} {value}" for name, value in listening(port, certificate).items()]
    (own / "sentinel.conf").write_text("\n".join([*heard, *lines, ""]))
    command: list[str | Path] = [binary, own / "sentinel.conf", "--sentinel"]
    return Node(port, own, command, ca=certificate.ca if certificate else None)


def _lines(own: int, servers: list[int], names: dict[int, str], down_after: int) -> Iterator[str]:
    """Return what the sentinel at port `own` reads: whom it watches, and who else does."""
    yield f"sentinel myid {names[own]}"
    yield f"sentinel monitor {SERVICE} {HOST} {servers[0]} {_QUORUM}"
    yield f"sentinel down-after-milliseconds {SERVICE} {down_after}"
    yield f"sentinel failover-timeout {SERVICE} {_FAILOVER}"
    yield f"sentinel parallel-syncs {SERVICE} {_REPLICAS}"
    for port in servers[1:]:
        yield f"sentinel known-replica {SERVICE} {HOST} {port}"
    for port, name in names.items():
        if port != own:
            yield f"sentinel known-sentinel {SERVICE} {HOST} {port} {name}"


def _paired(words: list[bytes]) -> dict[str, str]:
    """Return a flat list of names and values as what it means."""
    told = [word.decode() for word in words]
    return dict(zip(told[::2], told[1::2], strict=True))
