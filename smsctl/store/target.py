"""Where a store is, read from its URL, and how redis-py is told."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast
from urllib.parse import SplitResult, unquote, urlsplit

from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import phrase

_DATABASE = re.compile(r"/?|/[0-9]{1,4}")
_SERVICE = re.compile(r"/(?P<service>[^/]+)(/(?P<database>[0-9]{1,4})?)?")
_REDIS, _SENTINEL = 6379, 26379


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One server and how to reach it."""

    scheme: Literal["redis", "rediss", "unix"]
    host: str = "localhost"
    port: int = _REDIS
    path: str = ""
    database: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str = ""
    """A file of the CA that signed a rediss server's certificate; empty: the system's."""
    timeout: float = 1.0
    """Seconds for one answer."""
    private: tuple[Path, ...] = ()
    """Folders that only this user may change, as only he may run the server; empty: anybody's."""

    @property
    def place(self) -> str:
        """Where it is, without user and password."""
        if self.scheme == "unix":
            return f"unix://{self.path}"
        return f"{self.scheme}://{self.address}/{self.database}"

    @property
    def address(self) -> str:
        """Host and port, as a URL writes them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def pool_options(self, module: Any) -> dict[str, Any]:
        """Return what a connection pool of `redis` or `redis.asyncio` takes."""
        options: dict[str, Any] = {
            "socket_timeout": self.timeout,
            "socket_connect_timeout": self.timeout,
            "db": self.database,
            "username": self.username,
            "password": self.password,
            "protocol": 2,  # what every managed proxy speaks; and no HELLO on connecting
        }
        if self.scheme == "unix":
            kind = module.connection.UnixDomainSocketConnection
            options |= {"connection_class": kind, "path": self.path}
            return options | (self._greeting(kind) if self.private else {})
        options |= {"host": self.host, "port": self.port, "socket_keepalive": True}
        if self.scheme == "redis":
            return options | {"connection_class": module.connection.Connection}
        options |= {"connection_class": module.connection.SSLConnection}
        options |= {"ssl_check_hostname": True}  # before redis-py 6 it is not its default
        return options | ({"ssl_ca_certs": self.ca} if self.ca else {})

    def connection(self, module: Any, *, parser: object, retry: object) -> Any:
        """Return a connection of `redis` or `redis.asyncio` that reads through `parser`."""
        options = self.pool_options(module)
        kind = options.pop("connection_class")
        made = kind(parser_class=lambda *_, **__: parser, retry=retry, **options)
        # No CLIENT SETINFO. Which options tell redis-py, and what their None means, has changed.
        made.driver_info = made.lib_name = made.lib_version = None
        return made

    def _greeting(self, kind: Any) -> dict[str, Any]:
        from smsctl.store.peer import Welcome  # noqa: PLC0415 - only what is used

        welcome = Welcome(self.private, Path(self.path))
        asynchronous = inspect.iscoroutinefunction(kind.on_connect)
        return {"redis_connect_func": welcome.greet_async if asynchronous else welcome.greet}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinels:
    """A primary and its replicas, watched by sentinels that know which is which."""

    seeds: tuple[Target, ...]
    """The sentinels."""
    service: str
    primary: Target
    """How to reach a primary; the sentinels say where it is."""

    @property
    def timeout(self) -> float:
        return self.primary.timeout

    @property
    def place(self) -> str:
        """Where it is, without user and password."""
        hosts = ",".join(seed.address for seed in self.seeds)
        return f"{self.primary.scheme}+sentinel://{hosts}/{self.service}/{self.primary.database}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A Redis Cluster, on one slot of which everything lies."""

    seeds: tuple[Target, ...]
    """Some of its nodes."""
    key: str
    """Any key of the store: all share its slot."""

    @property
    def timeout(self) -> float:
        return self.seeds[0].timeout

    @property
    def place(self) -> str:
        """Where it is, without user and password."""
        hosts = ",".join(seed.address for seed in self.seeds)
        return f"{self.seeds[0].scheme}+cluster://{hosts}"


Site: TypeAlias = Target | Sentinels | Cluster
"""Where a store is."""


def read_target(url: str, *, ca: str = "", timeout: float = 1.0, prefix: str = "sms") -> Site:
    """Return the server, or servers, that `store.url` names. Raises ConfigError."""
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
        if "//" not in url or parts.query or parts.fragment:
            raise ValueError
        match parts.scheme.partition("+"):
            case ["unix", "", _]:
                return _socket(parts, timeout)
            case ["redis" | "rediss", "", _]:
                return _server(parts, ca, timeout)
            case ["redis" | "rediss", _, "sentinel"]:
                return _sentinels(parts, ca, timeout)
            case ["redis" | "rediss", _, "cluster"]:
                return _cluster(parts, ca, timeout, f"{{{prefix}}}")
            case _:
                raise ValueError
    except ValueError:
        raise ConfigError(
            Problem(
                "store.url",
                phrase("not a store that smsctl can reach"),
                phrase(
                    "write redis://user:password@host:6379/0, rediss://…, unix:///path, "
                    "redis+sentinel://host1,host2/service/0, redis+cluster://host1,host2 "
                    "or embedded"
                ),
            )
        ) from None


def _socket(parts: SplitResult, timeout: float) -> Target:
    if parts.hostname or not parts.path:
        raise ValueError
    username, password = _credentials(parts)
    return Target(
        scheme="unix",
        path=unquote(parts.path),
        username=username,
        password=password,
        timeout=timeout,
    )


def _server(parts: SplitResult, ca: str, timeout: float) -> Target:
    if not _DATABASE.fullmatch(parts.path):
        raise ValueError
    (only,) = _nodes(parts, _REDIS, ca, timeout)
    return replace(only, database=int(parts.path.strip("/") or 0))


def _sentinels(parts: SplitResult, ca: str, timeout: float) -> Sentinels:
    path = _SERVICE.fullmatch(parts.path)
    if path is None:
        raise ValueError
    seeds = tuple(_nodes(parts, _SENTINEL, ca, timeout))
    database = int(path["database"] or 0)
    return Sentinels(
        seeds=seeds, service=unquote(path["service"]), primary=replace(seeds[0], database=database)
    )


def _cluster(parts: SplitResult, ca: str, timeout: float, key: str) -> Cluster:
    if parts.path not in {"", "/", "/0"}:  # a cluster has no other database
        raise ValueError
    return Cluster(seeds=tuple(_nodes(parts, _REDIS, ca, timeout)), key=key)


def _nodes(parts: SplitResult, port: int, ca: str, timeout: float) -> Iterator[Target]:
    username, password = _credentials(parts)
    hosts = parts.netloc.rpartition("@")[2].split(",")
    for each in hosts:
        node = urlsplit(f"//{each}")
        if len(hosts) > 1 and not node.hostname:
            raise ValueError
        yield Target(
            scheme=cast(Literal["redis", "rediss"], parts.scheme.partition("+")[0]),
            host=node.hostname or "localhost",
            port=node.port or port,
            username=username,
            password=password,
            ca=ca,
            timeout=timeout,
        )


def _credentials(parts: SplitResult) -> tuple[str | None, str | None]:
    username = unquote(parts.username) if parts.username else None
    return username, unquote(parts.password) if parts.password else None
