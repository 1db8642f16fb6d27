"""The fake vendors as fixtures; named in `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smsctl.vendors.lane import Lane
from tests.fakes.aliyun import FakeAliyun
from tests.fakes.receiver import FakeReceiver
from tests.fakes.siteverify import FakeSiteverify


@pytest.fixture
def aliyun() -> Iterator[FakeAliyun]:
    """Alibaba Cloud on loopback."""
    with FakeAliyun() as fake:
        yield fake


@pytest.fixture
def siteverify() -> Iterator[FakeSiteverify]:
    """Turnstile's siteverify on loopback."""
    with FakeSiteverify() as fake:
        yield fake


@pytest.fixture
def lane() -> Iterator[Lane]:
    """A blocking lane; its threads end with the test."""
    lane = Lane(threads=4, queue=4, blocking=True)
    yield lane
    lane.close()


@pytest.fixture
def receiver() -> Iterator[FakeReceiver]:
    """Return chat robots and webhooks that are told of alerts."""
    with FakeReceiver() as fake:
        yield fake
