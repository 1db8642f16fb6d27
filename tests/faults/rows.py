"""The rows of the table, in its order."""

from __future__ import annotations

from tests.faults import store_faults as store
from tests.faults.trial import Row
from tests.store import faulty

_ALWAYS = (*store.AOF, "--appendfsync", "always")
_EVERYSEC = (*store.AOF, "--appendfsync", "everysec")
_LRU = ("--maxmemory-policy", "allkeys-lru")
_DIR = ("--enable-protected-configs", "yes")  # so that its directory can be taken away
_borrowed = store.of_the_store

ROWS: tuple[Row, ...] = (
    Row(name="none", fault=store.nothing),
    Row(name="kill -9, fsync always", fault=store.killed, sign="reached", options=_ALWAYS),
    Row(name="kill -9, fsync everysec", fault=store.killed, sign="reached", options=_EVERYSEC),
    Row(name="SIGSTOP", fault=_borrowed(faulty.stopped), sign="did not answer in time"),
    Row(name="SCRIPT FLUSH", fault=store.forgetful),
    Row(name="BUSY, SCRIPT KILL", fault=_borrowed(faulty.busy), sign="busy with a script"),
    Row(name="OOM, noeviction", fault=_borrowed(faulty.out_of_memory), sign="out of memory"),
    Row(name="OOM, allkeys-lru", fault=store.evicting, promised=False, options=_LRU),
    Row(name="READONLY", fault=_borrowed(faulty.replica), sign="read-only replica"),
    Row(name="LOADING", fault=store.loading, sign="still loading", options=store.AOF),
    Row(name="MISCONF", fault=store.unsaved, sign="cannot save to disk", options=_DIR),
    Row(name="no connection left", fault=store.exhausted, sign="no connection left"),
)
