"""No thread of a lane outlives its test, and no deadline of a test pays for an import."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from smsctl.vendors.libraries import HTTP, SDK, missing


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Wait for the lanes' threads: every test closes its lanes and releases what hangs."""
    yield
    for thread in threading.enumerate():
        if thread.name == "smsctl-lane":
            thread.join(5.0)
            assert not thread.is_alive()


@pytest.fixture(scope="session", autouse=True)
def imported() -> None:
    """Import what a vendor's first call imports: under load that is longer than a test's hang."""
    assert missing(SDK + HTTP) is None
