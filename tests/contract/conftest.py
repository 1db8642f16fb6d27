"""What the contract's tests start from, and the two files that say where the program is not yet."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.contract import valkey
from tests.contract.program import Host
from tests.contract.vendor import Vendor

HERE = Path(__file__).parent
PENDING: dict[str, dict[str, str]] = tomllib.loads((HERE / "pending.toml").read_text("utf-8"))
COLLECTED: pytest.StashKey[set[tuple[str, str]]] = pytest.StashKey()
"""The tests of this suite, by file and name."""
MakeHost = Callable[..., Host]
NOON = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
"""The zone in which it is noon: no day and no month ends while the tests run."""
_numbers = itertools.count()


@pytest.hookimpl(tryfirst=True)  # before -k and -m take tests away
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is not built yet: a test that passes all the same fails until its line goes."""
    ours = [item for item in items if item.path.parent == HERE]
    config.stash[COLLECTED] = {(item.path.stem, item.name) for item in ours}
    for item in ours:
        item.add_marker(pytest.mark.contract)
        if reason := PENDING.get(item.path.stem, {}).get(item.name):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a server that every test shares; hosts keep apart by their prefix."""
    with valkey.running(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Host]:
    """Return a host without a configuration, on which nothing was run yet."""
    host = Host(tmp_path / "home")
    yield host
    if any(host.home.iterdir()):  # perhaps an embedded store
        host("store", "stop")


@pytest.fixture(scope="session")
def make_host(store_url: str, tmp_path_factory: pytest.TempPathFactory) -> MakeHost:
    """Return a maker of configured hosts; the store of each is empty."""

    def make(text: str = "") -> Host:
        number = next(_numbers)
        environ = {
            "SMSCTL_STORE__URL": store_url,
            "SMSCTL_STORE__PREFIX": f"host{number}",
            "SMSCTL_SECRET": "a-secret-of-the-contract-tests",
        }
        zone = "" if "timezone:" in text else f"\ntimezone: {NOON}\n"
        return Host(tmp_path_factory.mktemp("home"), environ).configure(text + zone)

    return make


@pytest.fixture
def host(make_host: MakeHost) -> Host:
    """Return a host with the console gateway, the default limits and a store of its own."""
    return make_host()


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """Return the vendors' servers on loopback."""
    with Vendor() as running:
        yield running
