"""Several servers: failovers, replicas that were cut off, and a slot that moves, under load.

The primary changes once; what the last one holds is judged. The servers are those of the topology
tests, which measure what a failover costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.faults.load import Crew, Load
from tests.faults.trial import Report, Scale, judge, report
from tests.topology.clusters import Cluster, cluster
from tests.topology.links import HOST, REPLICA
from tests.topology.nodes import Node
from tests.topology.replicated import replicated
from tests.topology.sentinels import Sentinels, sentinels

_SHARE = 0.3  # of a row's decisions: five more servers run beside the callers
_TIMEOUT = 0.4  # s; with `strict` half of it is for the replicas

_DOWN_AFTER = 1500  # ms; under load a sentinel that is quicker takes the living for dead

_GRACE = 0.01  # s; an attempt to connect that was under way is over by then
_SEEN = 5  # callers that must have been refused before the name moves

Change = Callable[[Load], None]
"""Makes another server the primary."""


@dataclass(frozen=True)
class _Play:
    playing: AbstractContextManager[Load]
    half: int
    """Answers before the change, and after it."""


def sentinels_promote(name: str, scale: Scale, crew: Crew, binary: Path, folder: Path) -> Report:
    """The primary is killed; replication is asynchronous, so nothing is promised."""
    return replace(_sentinels(name, scale, crew, binary, folder), promised=False)


def sentinels_promote_strict(
    name: str, scale: Scale, crew: Crew, binary: Path, folder: Path
) -> Report:
    """The primary is killed; it comes back as a replica of the new one."""
    return _sentinels(name, scale, crew, binary, folder, strict=True)


def sentinels_promote_cut(
    name: str, scale: Scale, crew: Crew, binary: Path, folder: Path
) -> Report:
    """Before the primary is killed its replicas miss what it does."""
    return _sentinels(name, scale, crew, binary, folder, strict=True, cut=True)


def cluster_promotes_strict(
    name: str, scale: Scale, crew: Crew, binary: Path, folder: Path
) -> Report:
    """The slot's owner is killed; it comes back as a replica of the new one."""
    return _cluster(name, scale, crew, binary, folder)


def cluster_promotes_cut(name: str, scale: Scale, crew: Crew, binary: Path, folder: Path) -> Report:
    """Before the slot's owner is killed its replica misses what it does."""
    return _cluster(name, scale, crew, binary, folder, cut=True)


def slot_moves(name: str, scale: Scale, crew: Crew, binary: Path, folder: Path) -> Report:
    """The slot moves to another node, key by key."""
    with cluster(binary, folder) as nodes:

        def change(load: Load) -> None:
            source, target = nodes.owner(), nodes.others()[0]
            nodes.begin_move(source, target)
            while nodes.move_keys(source, target, 20):
                load.wait(0, unavailable=1)
            nodes.end_move(source, target)

        play = _play(scale, crew, folder, nodes.url)
        return _report(name, play, change, nodes.owner)


def name_moves(name: str, scale: Scale, crew: Crew, binary: Path, folder: Path) -> Report:
    """The replica is promoted, then the name moves; the old primary is its replica from then on."""
    return _moved(name, scale, crew, binary, folder, befall=lambda _: None)


def name_moves_orphaned(name: str, scale: Scale, crew: Crew, binary: Path, folder: Path) -> Report:
    """As `name_moves`, and the old primary loses the new one."""

    def orphan(former: Node) -> None:
        former.ask("CONFIG", "SET", "replica-serve-stale-data", "no")
        former.ask("REPLICAOF", HOST, "1")

    return _moved(name, scale, crew, binary, folder, befall=orphan)


def _moved(
    name: str,
    scale: Scale,
    crew: Crew,
    binary: Path,
    folder: Path,
    *,
    befall: Callable[[Node], None],
) -> Report:
    with replicated(binary, folder, replicas=1) as pair:
        play = _play(scale, crew, folder, pair.url)
        with play.playing as load:
            load.wait(play.half)
            former = pair.switch_over()
            befall(former)
            load.wait(0, unavailable=_SEEN)
            moved = time.monotonic()
            pair.way.upstream = pair.primary.port
            load.wait(play.half)
        history, findings = judge(pair.primary.target, load.policy, load.files)
        late = [
            d for d in history.deeds if d.began >= moved + _GRACE and d.outcome == "unavailable"
        ]
        findings.add("unforeseen", len(late), "callers are told of the old primary")
        return report(name, history, findings, [(moved, moved)])


def _sentinels(
    name: str,
    scale: Scale,
    crew: Crew,
    binary: Path,
    folder: Path,
    *,
    strict: bool = False,
    cut: bool = False,
) -> Report:
    with sentinels(binary, folder, down_after=_DOWN_AFTER) as service:
        change = _failover(service, service.primary(), scale, cut=cut)
        play = _play(scale, crew, folder, service.url, strict=strict)
        return _report(name, play, change, service.primary)


def _cluster(
    name: str, scale: Scale, crew: Crew, binary: Path, folder: Path, *, cut: bool = False
) -> Report:
    with cluster(binary, folder) as nodes:
        change = _failover(nodes, nodes.owner(), scale, cut=cut)
        play = _play(scale, crew, folder, nodes.url, strict=True)
        return _report(name, play, change, nodes.owner)


def _failover(servers: Sentinels | Cluster, former: Node, scale: Scale, *, cut: bool) -> Change:
    def change(load: Load) -> None:
        if cut and former.door:
            former.door.break_off("cut", REPLICA)
            load.wait(0, unavailable=scale.inside // 4)
        former.kill()
        servers.promoted(former)
        servers.revive()

    return change


def _play(scale: Scale, crew: Crew, folder: Path, url: str, *, strict: bool = False) -> _Play:
    playing = crew.playing(
        folder,
        url,
        fuse=scale.fuse,
        width=scale.width,
        life=scale.life,
        timeout=_TIMEOUT,
        strict=strict,
    )
    return _Play(playing, max(scale.before, int(scale.decisions * _SHARE) // 2))


def _report(name: str, play: _Play, change: Change, primary: Callable[[], Node]) -> Report:
    """Play, change the primary in the middle, and judge the one that is left in the end."""
    with play.playing as load:
        load.wait(play.half)
        began = time.monotonic()
        change(load)
        load.wait(play.half)
    history, findings = judge(primary().target, load.policy, load.files)
    # From the kill to the first answer: nobody mends a failover, it is over when it is over.
    return report(name, history, findings, [(began, began)])
