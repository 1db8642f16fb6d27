"""A guard's process leaves its policy in the store: at its opening, and each hour."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from smsctl import StoreUnavailable, open_async_guard, open_guard
from smsctl.core.blocking import run_blocking
from smsctl.wiring.background import Background, Hourly
from tests.servers import PrivateServer

PHONE = "13800138000"


@pytest.fixture
def configured(server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a configuration file whose store is the private server."""
    monkeypatch.setenv("SMSCTL_SECRET", "sixteen bytes and more")
    file = tmp_path / "config.yaml"
    file.write_text(f"store: {{url: 'unix://{server.path}'}}\n", "utf-8")
    return file


def fields(server: PrivateServer) -> list[str]:
    with server.client as client:
        return sorted(name.decode() for name in client.hkeys("{sms}:hosts"))


def test_opening_a_guard_announces_its_host(configured: Path, server: PrivateServer) -> None:
    """For threads and for event loops alike; a closed guard has done so."""
    with open_guard(configured):
        pass
    (first,) = fields(server)
    assert first.endswith(" Asia/Shanghai")
    with configured.open("a") as file:
        file.write("timezone: UTC\n")

    async def opened() -> None:
        async with open_async_guard(configured):
            pass

    asyncio.run(opened())
    assert len(fields(server)) == 2


def test_a_store_that_is_away_stops_no_opening(
    configured: Path, server: PrivateServer, tmp_path: Path
) -> None:
    """It is told by the first decision, as ever."""
    configured.write_text(f"store: {{url: 'unix://{tmp_path}/nowhere'}}\n", "utf-8")
    with open_guard(configured) as guard, pytest.raises(StoreUnavailable):
        guard.send(PHONE, ip=None)


def test_it_is_announced_once_an_hour() -> None:
    """However many decisions there are meanwhile."""
    now, done = [0.0], []
    background = Background("test", lambda: done.append(now[0]), blocking=True)
    hourly = Hourly(background, clock=lambda: now[0])
    for minute in range(0, 200, 10):
        now[0] = 60.0 * minute
        hourly.remind()
        run_blocking(background.close(10))
    assert done == [0.0, 3600.0, 7200.0, 10800.0]


def test_a_guard_leaves_no_thread_behind_when_it_opens(configured: Path) -> None:
    """A process may fork then, as gunicorn does with --preload."""
    before = threading.active_count()
    with open_guard(configured):
        assert threading.active_count() == before


def test_a_decision_reminds_of_the_hour(configured: Path, server: PrivateServer) -> None:
    """A guard that was opened long ago is announced again by what it decides."""
    with open_guard(configured) as guard:
        with server.client as client:
            client.delete("{sms}:hosts")
        guard.verify(PHONE, "000000")
        assert fields(server) == []
        presence = guard._flow._ports.journal.__self__  # type: ignore[attr-defined]
        presence._hourly._clock = lambda: time.monotonic() + 3601
        guard.verify(PHONE, "000000")
    assert len(fields(server)) == 1


def test_where_no_thread_is_left_nothing_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has gone out by then; the next call asks again."""
    done: list[int] = []
    background = Background("test", lambda: done.append(1), blocking=True)

    def none_left(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as poor:
        poor.setattr(threading.Thread, "start", none_left)
        background.ask()
        run_blocking(background.close(1))
    background.ask()
    run_blocking(background.close(10))
    assert done == [1]


def test_a_forked_child_is_not_held_by_its_parents_lock() -> None:
    """The lock may have been taken at the moment of the fork."""
    background = Background("test", lambda: None, blocking=True)
    with background._lock:
        child = os.fork()
        if not child:
            signal.alarm(10)
            background.ask()
            os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
