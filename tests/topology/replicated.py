"""A primary and its replicas, each of which hears it over a link that can be broken.

Guards come over a link as well: after a failover it leads them to the new primary, as the address
of a managed Redis does. Knows no sentinel and no guard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.topology.links import HOST, Link, linked
from tests.topology.nodes import Node, PortTakenError, ended, free_ports, start, until


@dataclass
class Replicated:
    """The servers, and the ways between them."""

    primary: Node
    replicas: list[Node]
    ties: list[Link]
    """From each replica to the primary."""
    way: Link
    """From the guards to the primary."""

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.way.port}/0"

    @property
    def socket(self) -> Path:
        """Where the first primary listens, besides."""
        return self.primary.folder / "s"

    def await_followed(self, count: int) -> None:
        """Return when so many replicas are up to date."""
        until(lambda: self.primary.followers() == count, what=f"{count} replicas that follow")

    def await_copied(self) -> None:
        """Return when the first replica has all that was written."""
        until(
            lambda: _offset(self.replicas[0]) >= _offset(self.primary),
            what="a replica that has everything",
        )

    def fail_over(self) -> None:
        """Kill the primary; its first replica takes its place, and the old one follows it."""
        former, self.primary = self.primary, self.replicas[0]
        former.kill()
        self.primary.ask("REPLICAOF", "NO", "ONE")
        self.way.upstream = self.primary.port
        self.replicas[0] = former
        start([former], "--replicaof", HOST, str(self.primary.port))
        self.await_followed(1)

    def switch_over(self) -> Node:
        """As `hand_over`, also while others write; the way still leads to the old primary."""
        former, self.primary = self.primary, self.replicas[0]
        self.replicas[0] = former
        former.ask("FAILOVER")
        self.await_followed(1)
        return former

    def hand_over(self) -> Node:
        """Promote the first replica and lead the way there; return the old primary, which lives.

        It follows the new one from then on, and connections that led to it still do. Nobody may be
        writing meanwhile.
        """
        self.await_copied()
        former, self.primary = self.primary, self.replicas[0]
        self.replicas[0] = former
        until(lambda: _offset(self.primary) >= _offset(former), what="a replica that has it all")
        self.primary.ask("REPLICAOF", "NO", "ONE")
        former.ask("REPLICAOF", HOST, str(self.primary.port))
        self.await_followed(1)
        self.way.upstream = self.primary.port
        return former


@contextmanager
def replicated(binary: Path, folder: Path, *, replicas: int) -> Iterator[Replicated]:
    """Run a primary with so many replicas until the block ends."""
    while True:
        nodes = [_server(binary, folder, port) for port in free_ports(1 + replicas)]
        with ExitStack() as stack:
            stack.enter_context(ended(nodes))
            first, *rest = nodes
            ties = [stack.enter_context(linked(first.port)) for _ in rest]
            way = stack.enter_context(linked(first.port))
            made = Replicated(first, rest, ties, way)
            try:
                start([first])  # a replica that finds nobody waits a second
                for node, tie in zip(rest, ties, strict=True):
                    start([node], "--replicaof", HOST, str(tie.port))
            except PortTakenError:
                continue
            made.await_followed(replicas)
            yield made
            return


def _offset(node: Node) -> int:
    """Return how far a server is in what is replicated."""
    told = node.fields("INFO", "replication")
    return int(told.get("slave_repl_offset") or told["master_repl_offset"])


def _server(binary: Path, folder: Path, port: int) -> Node:
    own = folder / str(port)
    own.mkdir()
    command: list[str | Path] = [
        binary, "--port", str(port), "--bind", HOST, "--unixsocket", own / "s", "--save", "",
        "--dir", own, "--repl-diskless-sync", "no", "--repl-diskless-load", "swapdb",
    ]  # fmt: skip
    return Node(port, own, command)
