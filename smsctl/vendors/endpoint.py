"""A vendor's address as the operator wrote it: `host[:port]` or a URL; plain HTTP stays at home."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import phrase

_HOST = re.compile(r"[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a vendor is asked."""

    protocol: Literal["http", "https"]
    host: str
    """With the port, where one was written."""
    path: str = ""

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.protocol}://{self.host}{self.path}"


def read_endpoint(text: str, *, path: str, whole_url: bool = False) -> Endpoint:
    """Return the endpoint that `text` says; without a scheme it is HTTPS.

    Only with `whole_url` may there be more behind the host.
    Raises ConfigError naming the configuration's `path` for anything else, and for plain HTTP to
    a host that is not loopback: the code would travel in the clear.
    """
    try:
        parts = urlsplit(text.strip() if "://" in text else f"https://{text.strip()}")
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    more = parts.username or parts.query or parts.fragment
    beyond = "" if whole_url else parts.path.strip("/")
    if not host or more or beyond or not _HOST.fullmatch(host):
        raise ConfigError(
            Problem(
                path,
                phrase("not the address of a vendor"),
                phrase("write a host name, like dysmsapi.aliyuncs.com"),
            )
        )
    match parts.scheme:
        case "https":
            return Endpoint("https", parts.netloc, parts.path.rstrip("/"))
        case "http" if _is_loopback(host):
            return Endpoint("http", parts.netloc, parts.path.rstrip("/"))
    raise ConfigError(
        Problem(
            path,
            phrase("plain HTTP is for loopback addresses alone"),
            phrase("write https://, or the host name without a scheme"),
        )
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
