"""A client address as limits count it: IPv4 by the address, IPv6 by its /64."""

from __future__ import annotations

import ipaddress
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
# Each as mask and first address: a sixth of the time that `address in network` takes.
_MASKED: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
for _network in map(ipaddress.ip_network, _PRIVATE):
    _MASKED[_network.version].append((int(_network.netmask), int(_network.network_address)))


def read_address(text: object, *, private: Literal["refuse", "count"]) -> str:
    """Return the subject that a client address counts as: `203.0.113.7` or `2001:db8::/64`.

    An IPv4-mapped address is unwrapped. Raises InvalidAddress for what is not one address, and
    for a private one where `private` is `refuse`.
    """
    try:
        if not isinstance(text, str) or len(text) > _LONGEST or "%" in text:
            raise ValueError
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        raise InvalidAddress(
            "not one client address",
            hint=phrase("give one IPv4 or IPv6 address, without port, zone or list"),
        ) from None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    number = int(address)
    if private == "refuse" and any(
        number & mask == first for mask, first in _MASKED[address.version]
    ):
        raise InvalidAddress(
            phrase(
                "{address} is a private address: it is usually the proxy's own", address=address
            ),
            hint=phrase(
                "pass the client's address from the trusted proxy, or set address.private to count"
            ),
        )
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    return str(address)
