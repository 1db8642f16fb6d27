"""Values that are addresses: what is accepted, and what of them is secret."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from smsctl.config.leaves import HIDDEN, Wrong
from smsctl.config.readers import words
from smsctl.core.phrase import Phrase, phrase

_STORES = {
    # scheme: what its path looks like
    "redis": r"/?|/[0-9]{1,4}",
    "rediss": r"/?|/[0-9]{1,4}",
    "unix": r"/.+",
    "redis+sentinel": r"/[^/]+(/([0-9]{1,4})?)?",
    "rediss+sentinel": r"/[^/]+(/([0-9]{1,4})?)?",
    "redis+cluster": r"/?|/0",
    "rediss+cluster": r"/?|/0",
}
_PASSWORD = re.compile(r"(?P<head>[a-z+]+://[^:@/]*:)(?P<password>.+)(?P<tail>@[^@]*)")

_STORE_HINT = phrase("write embedded, redis://user:password@host:6379/0, rediss:// or unix://")
_SEVERAL_HINT = phrase(
    "write redis+sentinel://host1,host2/service/0 or redis+cluster://host1,host2"
)
_HOST_HINT = phrase("write a host name, like dysmsapi.aliyuncs.com")


def endpoint(text: str) -> str:
    """Read a vendor's address: a host, or a URL; plain HTTP for loopback alone."""
    if not text:
        return text
    parts = _split(text if "://" in text else f"https://{text}", _HOST_HINT)
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or parts.query:
        raise Wrong(phrase("is no address of a vendor"), _HOST_HINT)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise Wrong(
            phrase("plain HTTP is for loopback addresses alone: the code would travel in the open"),
            phrase("write https://, or the host name without a scheme"),
        )
    return text


def proxy(text: str) -> str:
    """Read an HTTP(S) proxy, or nothing."""
    hint = phrase("write http://host:port, or leave it empty")
    if text and _split(text, hint).scheme not in {"http", "https"}:
        raise Wrong(phrase("is no HTTP(S) proxy"), hint)
    return text


def store(text: str) -> str:
    """Read where the store is."""
    if text == "embedded":
        return text
    scheme, separator, rest = words(text).partition("://")
    if scheme not in _STORES or not separator or not rest:
        raise Wrong(phrase("is no store that smsctl knows"), _STORE_HINT)
    if scheme == "unix" and not rest.partition("@")[2].startswith("/") and rest[0] != "/":
        raise Wrong(phrase("a socket's path begins with /"), phrase("write unix:///run/redis.sock"))
    if scheme in {"redis", "rediss"}:
        parts = _split(text, _STORE_HINT)
        if parts.query or parts.fragment or not re.fullmatch(_STORES[scheme], parts.path):
            raise Wrong(phrase("is a server and the number of a database"), _STORE_HINT)
    if "+" in scheme and not re.fullmatch(rf"[^/?#]+({_STORES[scheme]})", rest):
        raise Wrong(phrase("is no Sentinel service and no cluster"), _SEVERAL_HINT)
    return text


def without_password(text: str) -> str:
    """Return the address with its password masked."""
    return _PASSWORD.sub(rf"\g<head>{HIDDEN}\g<tail>", text)


def has_password(text: str) -> bool:
    """Say whether the address has a password in it."""
    return _PASSWORD.search(text) is not None


def _split(text: str, hint: Phrase) -> SplitResult:
    try:
        parts = urlsplit(words(text))
        if parts.hostname and not re.search(r"\s", text) and (parts.port is None or parts.port):
            return parts
    except ValueError:
        pass
    raise Wrong(phrase("is no usable address"), hint)


def is_loopback_url(text: str) -> bool:
    """Say whether a URL names this very host."""
    try:
        return _is_loopback(urlsplit(text).hostname or "")
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
