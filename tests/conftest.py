"""Fixtures come from small plugin files."""

import signal

# Who runs the suite in the background of a shell script has it ignore Ctrl-C, and all it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = [
    "tests.fakes.fixtures",
    "tests.servers",
    "tests.guards",
    "tests.leaks",
    "tests.topology.figures",
]
