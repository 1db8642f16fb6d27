"""A client address as limits count it: IPv4 by the address, IPv6 by its /64."""

from __future__ import annotations

import ipaddress
import socket
from typing import Literal

from smsctl.core.errors import InvalidAddress
from smsctl.core.phrase import phrase

_LONGEST = 45  # an IPv4-mapped IPv6 address written out

# RFC 1918, 6598, 1122, 3927, 4193, 4291. Documentation ranges count as public.
_PRIVATE = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "0.0.0.0/8",
    "::1/128",
    "::/128",
    "fc00::/7",
    "fe80::/10",
)
# Each as mask and first address, by the bytes of an address: the classes of `ipaddress` would take
# ten times as long as all that a request needs of it.
_MASKED: dict[int, list[tuple[int, int]]] = {4: [], 16: []}
for _network in map(ipaddress.ip_network, _PRIVATE):
    _MASKED[_network.max_prefixlen // 8].append(
        (int(_network.netmask), int(_network.network_address))
    )

_MAPPED = bytes(10) + b"\xff\xff"  # an IPv4 address within IPv6, RFC 4291 2.5.5.2


def read_address(text: object, *, private: Literal["refuse", "count"]) -> str:
    """Return the subject that a client address counts as: `203.0.113.7` or `2001:db8::/64`.

    An IPv4-mapped address is unwrapped. Raises InvalidAddress for what is not one address, and
    for a private one where `private` is `refuse`.
    """
    try:
        if not isinstance(text, str) or len(text) > _LONGEST:
            raise ValueError
        packed = _packed(text.strip())
    except (OSError, ValueError):
        raise InvalidAddress(
            "not one client address",
            hint=phrase("give one IPv4 or IPv6 address, without port, zone or list"),
        ) from None
    if private == "refuse" and _is_private(packed):
        raise InvalidAddress(
            phrase(
                "{address} is a private address: it is usually the proxy's own",
                address=_spelled(packed),
            ),
            hint=phrase(
                "pass the client's address from the trusted proxy, or set address.private to count"
            ),
        )
    if len(packed) == 4:  # noqa: PLR2004 - IPv4
        return _spelled(packed)
    return f"{_spelled(packed[:8] + bytes(8))}/64"


def _packed(text: str) -> bytes:
    """Return the 4 or 16 bytes of an address. Raises OSError and ValueError."""
    if ":" not in text:
        return socket.inet_pton(socket.AF_INET, text)
    packed = socket.inet_pton(socket.AF_INET6, text)
    return packed[12:] if packed.startswith(_MAPPED) else packed


def _spelled(packed: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)  # noqa: PLR2004


def _is_private(packed: bytes) -> bool:
    number = int.from_bytes(packed)
    for mask, first in _MASKED[len(packed)]:  # noqa: SIM110 - a generator takes twice as long
        if number & mask == first:
            return True
    return False
