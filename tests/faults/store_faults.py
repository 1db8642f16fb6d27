"""Faults of the server's own: it is gone, it hangs, it is full, it does not take writes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from redis.exceptions import BusyLoadingError, RedisError

from smsctl.core.blocking import run_blocking
from smsctl.store.connection import BlockingConnection
from smsctl.store.health import health
from smsctl.wiring.check.store import health_items
from tests.faults.players import KEYRING
from tests.faults.trial import Trial
from tests.servers import PrivateServer
from tests.store import faulty

AOF = ("--appendonly", "yes", "--aof-use-rdb-preamble", "no")


_SLOWLY = ("--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024")
_CACHE = """
for i = 1, 3000 do redis.call('SET', 'cache:' .. i, string.rep('x', 1000), 'EX', 600) end
"""


@contextmanager
def nothing(trial: Trial) -> Iterator[None]:
    """No fault: the load alone."""
    trial.proof += 1
    yield


@contextmanager
def killed(trial: Trial) -> Iterator[None]:
    """Killed as by `kill -9`, then started again."""
    trial.server.kill()
    yield
    trial.server.start()
    trial.server.await_answer()


@contextmanager
def loading(trial: Trial) -> Iterator[None]:
    """Ended in order, then started again so slowly that callers meet it loading."""
    with trial.server.client as client:
        client.eval("for i = 1, 2000 do redis.call('SET', 'cache:' .. i, 'x', 'EX', 60) end", 0)
        client.shutdown(save=True)
    trial.server.process.wait()
    trial.server.start(*_SLOWLY)
    _await_loading(trial.server)
    yield
    with trial.server.client as client:
        client.config_set("key-load-delay", 0)
    trial.server.await_answer()


@contextmanager
def unsaved(trial: Trial) -> Iterator[None]:
    """It can't write its snapshot."""
    disk = trial.folder / "disk"
    disk.mkdir(exist_ok=True)
    with trial.server.client as client:
        client.config_set("dir", str(disk))
    with faulty.no_disk(trial.server):
        yield


@contextmanager
def forgetful(trial: Trial) -> Iterator[None]:
    """Its cache of scripts is emptied."""
    with trial.server.client as client:
        client.script_flush()
        yield
        trial.proof += client.info("errorstats").get("errorstat_NOSCRIPT", {}).get("count", 0) > 0
        client.config_resetstat()


@contextmanager
def evicting(trial: Trial) -> Iterator[None]:
    """Another program fills its memory, and it throws away what was used longest ago."""
    with trial.server.client as client:
        client.config_set("maxmemory", client.info("memory")["used_memory"] + (1 << 18))
        client.eval(_CACHE, 0)
        trial.note = f"`config check` calls it an error: {_said_by_check(trial)}"
        yield
        trial.proof += client.info("stats")["evicted_keys"] > 0
        client.config_set("maxmemory", 0)


@contextmanager
def exhausted(trial: Trial) -> Iterator[None]:
    """All its connections are taken by others."""
    with trial.server.client as client:
        client.config_set("maxclients", 1)
        client.client_kill_filter(_type="normal", skipme=True)
        rejected = client.info("stats")["rejected_connections"]
        trial.load.wait(1, unavailable=1)
        yield
        trial.proof += client.info("stats")["rejected_connections"] > rejected
        client.config_set("maxclients", 10_000)


def of_the_store(
    fault: Callable[[PrivateServer], AbstractContextManager[object]],
) -> Callable[[Trial], AbstractContextManager[None]]:
    """Return the fault of the store's own tests as a fault of a trial."""

    @contextmanager
    def over(trial: Trial) -> Iterator[None]:
        with fault(trial.server):
            yield

    return over


def _said_by_check(trial: Trial) -> str:
    """Return what `config check` says of the policy; fails where that is no error."""
    connection = BlockingConnection(trial.server.target)
    found = run_blocking(health(connection, prefix="sms", clock=time.time))
    run_blocking(connection.close())
    items = health_items(found, synced=None, fingerprint=KEYRING.fingerprint(), real=True)
    (item,) = (item for item in items if item.check == "store.eviction")
    assert item.level == "error"
    return str(item.message)


def _await_loading(server: PrivateServer) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            with server.client as client:
                client.ping()
        except BusyLoadingError:
            return
        except (RedisError, OSError):
            assert server.process.poll() is None, "the server ended at once"
        time.sleep(0.001)
    raise AssertionError("the server was never seen loading")
