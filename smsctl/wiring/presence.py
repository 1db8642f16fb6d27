"""This process among the hosts of its store: the fingerprint of its policy is left there.

A guard leaves it when it opens, and again once an hour while it decides; a thread beside the
decisions does it, over a connection of its own.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress

from smsctl.config import Config, policy
from smsctl.core.blocking import run_blocking
from smsctl.core.decision import Decision
from smsctl.core.errors import StoreUnavailable
from smsctl.core.hosts import Hosts, fingerprint_of
from smsctl.store.calls import Scripts
from smsctl.store.hosts import RedisHosts
from smsctl.wiring.background import Background, Hourly
from smsctl.wiring.journal import write_down
from smsctl.wiring.parts import store_of


async def announce(hosts: Hosts, config: Config) -> None:
    """Leave this host's fingerprint in the store; a store that is away stops nobody."""
    with suppress(StoreUnavailable):
        await hosts.announce(socket.gethostname(), fingerprint_of(policy(config)))


class Presence:
    """Announces a guard's process as long as it decides."""

    def __init__(self, config: Config, environ: Mapping[str, str], *, blocking: bool) -> None:
        self._config = config
        self._environ = environ
        self._blocking = blocking
        self._background = Background("announce", self._announce, blocking=blocking)
        self._hourly = Hourly(self._background)

    def begin(self) -> None:
        """Announce the process.

        An event loop goes on meanwhile. For threads it is done when this returns: a process may
        fork after it has opened its guard, and a thread would not be in the child.
        """
        if self._blocking:
            self._hourly.begin()
        else:
            self._hourly.remind()

    def note(self, decision: Decision) -> None:
        """Log a decision, as the guard's journal."""
        write_down(decision)
        self._hourly.remind()

    async def close(self) -> None:
        """Wait for what is under way, as long as the store may take."""
        await self._background.close(2 * self._config.store.timeout)

    def _announce(self) -> None:
        _, connection = store_of(self._config, self._environ, blocking=True)
        scripts = Scripts(
            connection,
            policy=policy(self._config),
            prefix=self._config.store.prefix,
            fingerprint=bytes(16),  # no policy is sent
        )
        try:
            run_blocking(announce(RedisHosts(scripts), self._config))
        finally:
            run_blocking(connection.close())
