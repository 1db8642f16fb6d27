"""Fixtures come from small plugin files."""

pytest_plugins = [
    "tests.fakes.fixtures",
    "tests.servers",
    "tests.guards",
    "tests.leaks",
    "tests.topology.figures",
]
