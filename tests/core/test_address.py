"""What a client address counts as."""

from __future__ import annotations

import pytest

from smsctl.core.address import read_address
from smsctl.core.errors import InvalidAddress


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("0:0:0:0:0:FFFF:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:DB8:0:0:ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:0:1::", "2001:db8:0:1::/64"),
    ],
)
def test_an_address_counts_as_one_subject_in_any_spelling(text: str, subject: str) -> None:
    """IPv4 by the address, IPv6 by its /64, IPv4-mapped as what it maps."""
    assert read_address(text, private="refuse") == subject


@pytest.mark.parametrize(
    "text",
    [
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "0.0.0.0",
        "::ffff:10.0.0.1",
        "::1",
        "::",
        "fd00::1",
        "fe80::1",
    ],
)
def test_a_private_address_is_refused_unless_it_counts(text: str) -> None:
    """It is usually the proxy's own, and all visitors would share it."""
    with pytest.raises(InvalidAddress, match="private address"):
        read_address(text, private="refuse")
    assert read_address(text, private="count")


@pytest.mark.parametrize("text", ["172.32.0.1", "100.128.0.1", "11.0.0.1", "fec0::1", "192.0.2.1"])
def test_what_lies_beside_the_private_ranges_is_public(text: str) -> None:
    """The ranges end where their RFCs say."""
    assert read_address(text, private="refuse")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "203.0.113.7:80",
        "[2001:db8::1]",
        "203.0.113.7, 10.0.0.1",
        "203.0.113.0/24",
        "fe80::1%eth0",
        "203.0.113.07",
        "256.1.1.1",
        "1",
        "203.0.113.7\x00",
        "1" * 1_000_000,
        "\udcff",
    ],
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    """No port, zone, list, network or name; the message does not repeat it."""
    with pytest.raises(InvalidAddress) as caught:
        read_address(text, private="count")
    assert str(caught.value) == "not one client address"
