"""The rows of the table, in its order."""

from __future__ import annotations

from tests.faults import cli_faults as cli
from tests.faults import embedded_faults as embedded
from tests.faults import shim
from tests.faults import store_faults as store
from tests.faults import topology_faults as topology
from tests.faults import vendor_faults as vendor
from tests.faults import way_faults as way
from tests.faults.trial import Row, Special
from tests.store import faulty

_ALWAYS = (*store.AOF, "--appendfsync", "always")
_EVERYSEC = (*store.AOF, "--appendfsync", "everysec")
_LRU = ("--maxmemory-policy", "allkeys-lru")
_DIR = ("--enable-protected-configs", "yes")  # so that its directory can be taken away
_borrowed = store.of_the_store

ROWS: tuple[Row | Special, ...] = (
    Row(name="none", fault=store.nothing),
    Row(name="kill -9, fsync always", fault=store.killed, sign="reached", options=_ALWAYS),
    Row(
        name="kill -9, fsync everysec",
        fault=store.killed,
        sign="reached",
        options=_EVERYSEC,
        promised=False,
    ),
    Row(
        name="kill -9, fsync everysec, disk busy",
        fault=shim.killed_unsynced,
        sign="reached",
        options=_EVERYSEC,
        program=shim.shimmed,
        needs=shim.missing,
        promised=False,
        slow=True,
        share=0.3,
    ),
    Row(name="SIGSTOP", fault=_borrowed(faulty.stopped), sign="did not answer in time"),
    Row(name="SCRIPT FLUSH", fault=store.forgetful),
    Row(name="BUSY, SCRIPT KILL", fault=_borrowed(faulty.busy), sign="busy with a script"),
    Row(name="OOM, noeviction", fault=_borrowed(faulty.out_of_memory), sign="out of memory"),
    Row(name="OOM, allkeys-lru", fault=store.evicting, promised=False, options=_LRU),
    Row(name="READONLY", fault=_borrowed(faulty.replica), sign="read-only replica"),
    Row(name="LOADING", fault=store.loading, sign="still loading"),
    Row(name="MISCONF", fault=store.unsaved, sign="cannot save to disk", options=_DIR),
    Row(name="no connection left", fault=store.exhausted),
    Row(
        name="disk full, fsync everysec",
        fault=shim.full_disk,
        sign="cannot save to disk",
        options=_EVERYSEC,
        program=shim.shimmed,
        needs=shim.missing,
    ),
    Row(
        name="clock ±2 min",
        fault=shim.stepped(120),
        program=shim.shimmed,
        needs=shim.missing,
    ),
    Row(
        name="clock ±1 h",
        fault=shim.stepped(3600),
        shared=False,
        program=shim.shimmed,
        needs=shim.missing,
    ),
    Row(
        name="clock to and fro over midnight",
        fault=shim.to_and_fro,
        windows={"address": 2, "fuse": 2},
        program=shim.before_midnight,
        needs=shim.missing,
    ),
    Row(name="lost replies", fault=way.lost_replies, sign="reached", proxied=True, share=0.3),
    Row(name="resets", fault=way.resets, sign="reached", proxied=True, share=0.3),
    Row(name="replies that never come", fault=way.silence, sign="in time", proxied=True, share=0.3),
    Row(name="late replies", fault=way.late_replies, proxied=True, share=0.3),
    Row(name="replies in pieces", fault=way.sliced_replies, proxied=True, share=0.3),
    Row(
        name="replica cut off, then promoted",
        fault=way.promoted,
        sign="reached",
        once=True,
        slow=True,
        promised=False,
    ),
    Special(name="the name moves, READONLY", run=topology.name_moves),
    Special(name="the name moves, MASTERDOWN", run=topology.name_moves_orphaned),
    Special(name="Sentinel failover", run=topology.sentinels_promote, slow=True),
    Special(name="Sentinel failover, strict", run=topology.sentinels_promote_strict, slow=True),
    Special(
        name="cut off, promoted by Sentinel, strict", run=topology.sentinels_promote_cut, slow=True
    ),
    Special(name="Cluster failover, strict", run=topology.cluster_promotes_strict, slow=True),
    Special(
        name="cut off, promoted by a cluster, strict",
        run=topology.cluster_promotes_cut,
        slow=True,
    ),
    Special(name="Cluster, the slot moves", run=topology.slot_moves, slow=True),
    Row(name="cancelled callers", fault=store.nothing, sign="cancelled", cancel=True),
    Special(name="gateway in every fault mode", run=vendor.gateway_moods),
    Special(name="captcha in every fault mode", run=vendor.captcha_moods),
    Special(name="killed command lines", run=cli.killed_lines),
    Special(name="embedded: killed, started by all at once", run=embedded.races),
    Special(name="embedded: disk full", run=embedded.full_disk),
)
