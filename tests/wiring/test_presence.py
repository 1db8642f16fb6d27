"""A guard's process leaves its policy in the store: at its opening, and each hour."""

from __future__ import annotations

import asyncio
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
