"""Which parts, put together: from a configuration to a guard."""

from __future__ import annotations

import os
from pathlib import Path

from smsctl.config import load
from smsctl.core.guard import AsyncGuard, Guard
from smsctl.wiring.parts import assemble


def open_guard(config: str | Path | None = None, *, defaults: bool = False) -> Guard:
    """Return a guard for threads, as the configuration says.

    Without `config` the file is searched for: `$SMSCTL_CONFIG`, then
    `$XDG_CONFIG_HOME/smsctl/config.yaml`, then `/etc/smsctl/config.yaml`. Where there is none,
    ConfigError is raised, unless `defaults` says that a console gateway and an embedded store are
    meant. Raises ConfigError and StoreUnavailable.
    """
    parts = assemble(
        load(config, environ=os.environ, defaults=defaults), environ=os.environ, blocking=True
    )
    return Guard(parts.flow, close=parts.close)


def open_async_guard(config: str | Path | None = None, *, defaults: bool = False) -> AsyncGuard:
    """Return a guard for event loops; see `open_guard`."""
    parts = assemble(
        load(config, environ=os.environ, defaults=defaults), environ=os.environ, blocking=False
    )
    return AsyncGuard(parts.flow, close=parts.close)
