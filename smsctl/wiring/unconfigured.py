"""What there is without a configuration: perhaps an embedded store of this user, else an error."""

from __future__ import annotations

from collections.abc import Mapping

from smsctl.config import places
from smsctl.core.errors import ConfigError, Problem, StoreUnavailable
from smsctl.core.phrase import phrase
from smsctl.store.embedded import EmbeddedServer, state_directory


def own_store(environ: Mapping[str, str]) -> bool:
    """Say whether this user's embedded store exists; makes nothing, and starts nothing.

    Raises StoreUnavailable if a stranger's server could answer in its place.
    """
    try:
        directory = state_directory(environ)
    except StoreUnavailable:
        return False  # a user without a home has none
    return EmbeddedServer(directory, environ).exists()


def unconfigured(environ: Mapping[str, str]) -> ConfigError:
    """Return the error of a command that does nothing without a configuration."""
    hint = phrase(
        "looked for {places}; name another file with --config, write one with smsctl config init, "
        "or load a service's variables from {file}: {line}",
        places=", ".join(map(str, places.searched(environ))),
        file=places.ENVIRONMENT_FILE,
        line=places.load_line(),
    )
    return ConfigError(Problem("", phrase("there is no configuration"), hint))
