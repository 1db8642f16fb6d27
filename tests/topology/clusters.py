"""A cluster of three primaries and three replicas, all of them processes of the embedded binary.

Their files already name everybody and who has which slots; a server waits two seconds after its
start all the same until it takes writes. Knows no guard.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis.crc import key_slot

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

SLOT = key_slot(b"{sms}")
"""Where everything under the prefix `sms` lies."""
_PRIMARIES = 3
_LAST = 16383
_SLOTS = 8  # the place of the first slots in a line of CLUSTER NODES
_PATIENCE = 500  # ms without an answer until a node is taken for dead


@dataclass
class Cluster:
    """The nodes, each behind a door, and with each the name that the cluster knows it by."""

    nodes: list[Node]
    names: list[str]

    @property
    def url(self) -> str:
        scheme = "rediss" if self.nodes[0].ca else "redis"
        return f"{scheme}+cluster://" + ",".join(f"{HOST}:{node.seen}" for node in self.nodes)

    def name(self, node: Node) -> str:
        return self.names[self.nodes.index(node)]

    def owner(self) -> Node:
        """Return the living node that serves the slot, by its own account."""
        (owner,) = self._owners()
        return owner

    def others(self) -> list[Node]:
        """Return the living primaries that serve other slots, each by its own account."""
        owner = self.owner()
        return [
            node for node in self._alive() if node is not owner and "master" in self._own(node)[2]
        ]

    def replica(self) -> Node:
        """Return the replica of the slot's owner."""
        owner = self.owner()
        (own,) = [line[0] for line in self._map(owner) if line[3] == self.name(owner)]
        return self._named(own)

    def promoted(self, former: Node) -> Node:
        """Return the node that serves the slot in place of `former`, once all agree."""

        def agreed() -> Node | None:
            owners = self._owners()
            well = all(self._well(node) for node in self._alive())
            return owners[0] if well and owners and former not in owners else None

        return until(agreed, what="another owner of the slot")  # type: ignore[no-any-return]

    def revive(self) -> None:
        """Mend what was broken, start again what was killed or frozen; return when all is well."""
        for node in self.nodes:
            if node.door:
                node.door.mend()
            if not node.alive:
                node.kill()
                start([node])
        self.await_whole()

    def clear(self) -> None:
        """Forget every key."""
        for node in (self.owner(), *self.others()):
            node.ask("FLUSHALL")

    def await_owner(self, node: Node) -> None:
        """Return when `node` alone serves the slot."""
        until(lambda: self._owners() == [node], what="one owner of the slot")

    def await_whole(self) -> None:
        """Return when every node finds the cluster well, and each primary has its replica."""
        until(lambda: all(self._well(node) for node in self.nodes), what="a cluster that is well")
        until(
            lambda: sum(node.followers() == 1 for node in self.nodes) == _PRIMARIES,
            what="a replica of each primary",
        )

    def begin_move(self, source: Node, target: Node) -> None:
        """Have both know that the slot is on its way from one to the other."""
        target.ask("CLUSTER", "SETSLOT", SLOT, "IMPORTING", self.name(source))
        source.ask("CLUSTER", "SETSLOT", SLOT, "MIGRATING", self.name(target))

    def move_keys(self, source: Node, target: Node, most: int) -> int:
        """Move at most so many keys of the slot; return how many there were to move."""
        keys: list[bytes] = source.ask("CLUSTER", "GETKEYSINSLOT", SLOT, most)
        if keys:
            source.ask("MIGRATE", HOST, target.seen, "", 0, 5000, "KEYS", *keys)
        return len(keys)

    def end_move(self, source: Node, target: Node) -> None:
        """Have everybody know that `target` serves the slot from now on."""
        for node in dict.fromkeys([target, source, *self.others()]):
            node.ask("CLUSTER", "SETSLOT", SLOT, "NODE", self.name(target))

    @property
    def moves_at_once(self) -> bool:
        """Say whether a slot can be moved whole, as Valkey 9 does."""
        return b"MIGRATESLOTS" in b"".join(self.nodes[0].ask("CLUSTER", "HELP"))

    def move_at_once(self, source: Node, target: Node) -> None:
        """Begin to move the slot whole."""
        where = ("SLOTSRANGE", SLOT, SLOT, "NODE", self.name(target))
        source.ask("CLUSTER", "MIGRATESLOTS", *where)

    def _owners(self) -> list[Node]:
        return [node for node in self._alive() if self._serves(node)]

    def _alive(self) -> list[Node]:
        return [node for node in self.nodes if node.alive]

    def _map(self, node: Node) -> list[list[str]]:
        """Return what the node thinks: name, address, flags, primary, …, its slots."""
        return [line.split() for line in node.ask("CLUSTER", "NODES").decode().splitlines()]

    def _named(self, name: str) -> Node:
        return self.nodes[self.names.index(name)]

    def _own(self, node: Node) -> list[str]:
        """Return what the node thinks of itself."""
        (own,) = [line for line in self._map(node) if "myself" in line[2]]
        return own

    def _serves(self, node: Node) -> bool:
        return any(_within(slots) for slots in self._own(node)[_SLOTS:])

    def _well(self, node: Node) -> bool:
        return node.fields("CLUSTER", "INFO")["cluster_state"] == "ok"


@contextmanager
def cluster(
    binary: Path, folder: Path, *, certificate: Certificate | None = None
) -> Iterator[Cluster]:
    """Run one until the block ends."""
    while True:
        ports = free_ports(4 * _PRIMARIES)
        with ExitStack() as stack:
            doors = [stack.enter_context(linked(port)) for port in ports[::2]]
            pairs = [(door.port, bus) for door, bus in zip(doors, ports[1::2], strict=True)]
            names = [secrets.token_hex(20) for _ in pairs]
            nodes = [
                _node(binary, folder, door, bus, certificate)
                for door, (_, bus) in zip(doors, pairs, strict=True)
            ]
            for node, name in zip(nodes, names, strict=True):
                (node.folder / "nodes.conf").write_text(_map_of(pairs, names, name))
            stack.enter_context(ended(nodes))
            made = Cluster(nodes, names)
            try:
                start(nodes)
                made.await_whole()
            except PortTakenError:
                continue
            yield made
            return


def _node(
    binary: Path, folder: Path, door: Link, bus: int, certificate: Certificate | None
) -> Node:
    port = door.upstream
    own = folder / str(port)
    own.mkdir()
    command: list[str | Path] = [
        binary, *options(listening(port, certificate)), "--save", "", "--dir", own,
        "--unixsocket", own / "s",
        "--cluster-enabled", "yes", "--cluster-port", str(bus),
        "--cluster-announce-port", str(door.port),
        "--cluster-node-timeout", str(_PATIENCE), "--cluster-replica-validity-factor", "0",
        "--cluster-allow-replica-migration", "no",
        "--repl-diskless-sync", "no", "--repl-diskless-load", "swapdb",
    ]  # fmt: skip
    if certificate is None:
        return Node(port, own, command, door=door)
    command += ["--tls-cluster", "yes", "--cluster-announce-tls-port", str(door.port)]
    return Node(port, own, command, ca=certificate.ca, door=door)


def _map_of(pairs: list[tuple[int, int]], names: list[str], own: str) -> str:
    """Return the file in which the node `own` finds whom it knows: primaries, then replicas."""
    share = _LAST // _PRIMARIES + 1
    lines: list[str] = []
    for place, ((port, bus), name) in enumerate(zip(pairs, names, strict=True)):
        shard = place % _PRIMARIES
        flags = "myself," if name == own else ""
        if place < _PRIMARIES:
            slots = f"{shard * share}-{min(_LAST, (shard + 1) * share - 1)}"
            rest = f"{flags}master - 0 0 {shard + 1} connected {slots}"
        else:
            rest = f"{flags}slave {names[shard]} 0 0 {shard + 1} connected"
        lines.append(f"{name} {HOST}:{port}@{bus} {rest}")
    return "\n".join([*lines, f"vars currentEpoch {_PRIMARIES} lastVoteEpoch 0", ""])


def _within(slots: str) -> bool:
    if slots.startswith("["):  # on its way
        return False
    first, _, last = slots.partition("-")
    return int(first) <= SLOT <= int(last or first)
