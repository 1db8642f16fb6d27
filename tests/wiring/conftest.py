"""A configured vendor for every test here that asks one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.aliyun import FakeAliyun
from tests.wiring.online import Online


@pytest.fixture
def online(aliyun: FakeAliyun, tmp_path: Path) -> Online:
    """Return what runs the check against a fake account."""
    return Online(aliyun, tmp_path)
