"""Which parts, put together: from a configuration to a guard."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from smsctl.config import Config, load
from smsctl.core.flow import Flow
from smsctl.core.guard import AsyncGuard, Guard
from smsctl.wiring.parts import assemble
from smsctl.wiring.presence import Presence

_log = logging.getLogger("smsctl.alerts")


def open_guard(config: str | Path | None = None, *, defaults: bool = False) -> Guard:
    """Return a guard for threads, as the configuration says.

    Without `config` the file is searched for: `$SMSCTL_CONFIG`, then
    `$XDG_CONFIG_HOME/smsctl/config.yaml`, then `/etc/smsctl/config.yaml`. Where there is none,
    ConfigError is raised, unless `SMSCTL_GATEWAY__PROVIDER` names a gateway, or `defaults` says
    that a console gateway and an embedded store are meant. Imports what the vendors need. Raises
    ConfigError and StoreUnavailable; what is wrong with the alerts alone stops no send and is
    logged.
    """
    flow, close = _opened(config, defaults=defaults, blocking=True)
    return Guard(flow, close=close)


def open_async_guard(config: str | Path | None = None, *, defaults: bool = False) -> AsyncGuard:
    """Return a guard for event loops; see `open_guard`."""
    flow, close = _opened(config, defaults=defaults, blocking=False)
    return AsyncGuard(flow, close=close)


def _opened(
    path: str | Path | None, *, defaults: bool, blocking: bool
) -> tuple[Flow, Callable[[], Coroutine[Any, Any, None]]]:
    from smsctl.wiring.libraries import import_libraries  # noqa: PLC0415 - no command needs it

    config = _load(path, defaults=defaults)
    import_libraries(config)
    presence = Presence(config, os.environ, blocking=blocking)
    parts = assemble(config, environ=os.environ, blocking=blocking, journal=presence.note)
    presence.begin()

    async def close() -> None:
        try:
            await presence.close()
        finally:
            await parts.close()

    return parts.flow, close


def _load(path: str | Path | None, *, defaults: bool) -> Config:
    config = load(path, environ=os.environ, defaults=defaults, needs="sending")
    for problem in config.lacking("sending"):
        _log.warning("%s", problem)
    return config
