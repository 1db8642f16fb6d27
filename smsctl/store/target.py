"""Where a store is, read from its URL, and how redis-py is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit

from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import phrase

_DATABASE = re.compile(r"/?|/[0-9]{1,4}")
_POOL = 32  # connections of one process; a caller beyond them waits up to the timeout


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One server and how to reach it."""

    scheme: Literal["redis", "rediss", "unix"]
    host: str = "localhost"
    port: int = 6379
    path: str = ""
    database: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str = ""
    """A file of the CA that signed a rediss server's certificate; empty: the system's."""
    timeout: float = 1.0
    """Seconds for one answer."""

    @property
    def place(self) -> str:
        """Where it is, without user and password."""
        if self.scheme == "unix":
            return f"unix://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/{self.database}"

    def pool_options(self, module: Any) -> dict[str, Any]:
        """Return what a connection pool of `redis` or `redis.asyncio` takes."""
        options: dict[str, Any] = {
            "max_connections": _POOL,
            "timeout": self.timeout,
            "socket_timeout": self.timeout,
            "socket_connect_timeout": self.timeout,
            "db": self.database,
            "username": self.username,
            "password": self.password,
            "protocol": 2,  # what every managed proxy speaks; and no HELLO on connecting
            "driver_info": None,  # nor CLIENT SETINFO
        }
        if self.scheme == "unix":
            kind = module.connection.UnixDomainSocketConnection
            return options | {"connection_class": kind, "path": self.path}
        options |= {"host": self.host, "port": self.port, "socket_keepalive": True}
        if self.scheme == "redis":
            return options | {"connection_class": module.connection.Connection}
        options |= {"connection_class": module.connection.SSLConnection}
        return options | ({"ssl_ca_certs": self.ca} if self.ca else {})


def read_target(url: str, *, ca: str = "", timeout: float = 1.0) -> Target:
    """Return the server that `redis://`, `rediss://` or `unix://` names. Raises ConfigError."""
    if ca and not Path(ca).is_file():
        raise ConfigError(
            Problem(
                "store.ca",
                phrase("there is no file {path}", path=ca),
                phrase("name the file with the CA's certificate; empty is the system's"),
            )
        )
    try:
        parts = urlsplit(url)
        socket = parts.scheme == "unix"
        if parts.scheme not in {"redis", "rediss", "unix"} or parts.query or parts.fragment:
            raise ValueError
        if "//" not in url or (socket and (parts.hostname or not parts.path)):
            raise ValueError
        if not socket and not _DATABASE.fullmatch(parts.path):
            raise ValueError
        return Target(
            scheme=cast(Literal["redis", "rediss", "unix"], parts.scheme),
            host=parts.hostname or "localhost",
            port=parts.port or 6379,
            path=unquote(parts.path) if socket else "",
            database=0 if socket else int(parts.path.strip("/") or 0),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            ca=ca,
            timeout=timeout,
        )
    except ValueError:
        raise ConfigError(
            Problem(
                "store.url",
                phrase("not a store that smsctl can reach"),
                phrase(
                    "write redis://user:password@host:6379/0, rediss://…, unix:///path or embedded"
                ),
            )
        ) from None
