"""The topologies as fixtures, and which tests wait for the long form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.topology.clusters import Cluster, cluster
from tests.topology.sentinels import Sentinels, sentinels


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Carry out `long_but`."""
    for item in items:
        but = item.get_closest_marker("long_but")
        if but and f"[{but.args[0]}" not in item.name:
            item.add_marker(pytest.mark.long)


@pytest.fixture
def service(binary: Path, tmp_path: Path) -> Iterator[Sentinels]:
    """Return a primary, two replicas and three sentinels."""
    with sentinels(binary, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def shared_cluster(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Run one cluster for all tests of this process; they take it through `nodes`."""
    with cluster(binary, tmp_path_factory.mktemp("cluster", numbered=True)) as running:
        yield running


@pytest.fixture
def nodes(shared_cluster: Cluster) -> Iterator[Cluster]:
    """Return a cluster that is well and holds nothing; it is mended afterwards."""
    shared_cluster.clear()
    yield shared_cluster
    shared_cluster.revive()
