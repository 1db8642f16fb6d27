"""No thread of a lane outlives its test."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Wait for the lanes' threads: every test closes its lanes and releases what hangs."""
    yield
    for thread in threading.enumerate():
        if thread.name == "smsctl-lane":
            thread.join(5.0)
            assert not thread.is_alive()
