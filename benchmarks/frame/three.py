"""The three limits that every contestant keeps, and who asks: made-up phones and addresses."""

from __future__ import annotations

from dataclasses import dataclass

NEVER = 100_000_000  # a total that no run comes near


@dataclass(frozen=True, slots=True)
class Three:
    """One message for a phone in 60 s, so many for an address and for all in a day."""

    phone: int = 1
    address: int = 10
    total: int = NEVER


def phone(number: int) -> str:
    """Return a phone that nobody else has."""
    return f"+86138{number:08d}"


def address(number: int) -> str:
    """Return an address that nobody else has, from the range for private networks."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def public_address(number: int) -> str:
    """Return an address that nobody else has, as a client behind a proxy may have it."""
    return f"1.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
