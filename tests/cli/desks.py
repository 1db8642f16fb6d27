"""A desk over a private server, with a configuration that a test writes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smsctl.config import places
from tests.cli.desk import SECRET, Desk
from tests.servers import PrivateServer

PHONE = "13800138000"
OTHER = "13900139000"
MASKED = "+86138****8000"
IP = "203.0.113.7"

MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(server: PrivateServer, tmp_path: Path) -> MakeDesk:
    """Return a maker of desks: `make_desk(yaml)`; the store is a server that holds nothing."""

    def make(written: str = "timezone: Asia/Shanghai\n") -> Desk:
        file = tmp_path / "config.yaml"
        file.touch(mode=0o600)
        file.write_text(written, encoding="utf-8")
        return Desk(
            {
                "SMSCTL_CONFIG": str(file),
                "SMSCTL_STORE__URL": server.url,
                "SMSCTL_SECRET": SECRET,
                "SMSCTL_STATE_DIR": str(tmp_path / "state"),
            }
        )

    return make


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """Return a desk under the default policy."""
    return make_desk()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Return the desk of somebody without a configuration, in a home where nothing is yet."""
    monkeypatch.setattr(places, "SYSTEM_FILE", tmp_path / "etc" / "config.yaml")
    monkeypatch.setattr(places, "ENVIRONMENT_FILE", tmp_path / "etc" / "environment")
    home = tmp_path / "home"
    home.mkdir()
    made = Desk({"HOME": str(home), "PATH": os.environ["PATH"]})
    yield made
    made("store", "stop")
