"""What operators override for a while: pauses, raised fuses, who is denied and who is allowed.

All overrides together are one small book with a version. Every process judges by its own copy, and
each script call says by which version and until when that judgement holds; the store turns an
outdated one away. So an override is in force everywhere with the next decision, and costs no round
trip while nothing changes.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Literal, Protocol

from smsctl.core.phone import Phone
from smsctl.core.rules import Per

OverrideKind = Literal["pause", "raise", "deny", "allow"]
TargetKind = Literal["phone", "prefix", "network"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom a denial or an allowance is for."""

    kind: TargetKind
    value: str
    """A phone's keyed name, the beginning of numbers in E.164, or a network in CIDR form."""
    shown: str
    """What people are shown: a phone masked, the others as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One override. It ends by itself."""

    id: str
    """Eight hexadecimal digits, made up when it was given."""
    kind: OverrideKind
    until: float
    """Unix seconds by the store's clock; infinite where it has no end."""
    since: float
    reason: str
    author: str
    """`user@host`."""
    purpose: str | None = None
    """A pause of this purpose alone."""
    country: str | None = None
    """A pause of this country alone."""
    rule: str | None = None
    """The fuse that is raised."""
    max: int = 0
    """To how much."""
    target: Target | None = None
    """Whom a denial or an allowance is for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OverrideEffect:
    """What the overrides mean for one request; equal effects are one object, compared as one."""

    refused: Literal["denied", "paused"] | None = None
    ends: float | None = None
    """When the pause that refuses ends, Unix seconds by the store's clock; None for a denial."""
    exempt: frozenset[Per] = frozenset()
    """Rules per these do not apply: an allowed phone's own, an allowed address's own."""
    raised: Mapping[str, int] = field(default_factory=dict)
    """The new `max` of raised rules."""
    version: bytes = b""
    """Of the book; empty where there never was an override, else 8 bytes."""
    until: float | None = None
    """Unix seconds by the store's clock, to when it holds; None where no override in force ends."""


NO_OVERRIDES = OverrideEffect()
"""No override was ever given."""


class Overrides:
    """The book: every override that had not ended when it was last written."""

    def __init__(self, version: bytes = b"", overrides: Sequence[Override] = ()) -> None:
        self.version = version
        self.overrides = tuple(overrides)
        self._targets = {kind: _Targets(self.overrides, kind) for kind in ("deny", "allow")}
        self._rest = [
            override for override in self.overrides if override.kind in {"pause", "raise"}
        ]
        self._ends = sorted(
            {override.until for override in self.overrides if override.until < math.inf}
        )
        self._effects: dict[Hashable, OverrideEffect] = {}

    def effect(
        self,
        *,
        phone: Phone,
        name: str,
        address: str | None,
        purpose: str,
        now: float,
    ) -> OverrideEffect:
        """Return what the overrides in force at `now` mean for a request.

        `name` is the phone's keyed name, `address` canonical as from `read_address`. A pause stops
        everybody; a denial whom it names, unless an allowance names him as exactly. An allowance
        besides lifts the rules per phone and prefix, that of a network those per address.
        """
        until = next((end for end in self._ends if end > now), None)
        ends = now
        for override in self._rest:
            if override.kind == "pause" and (
                override.purpose in {None, purpose} and override.country in {None, phone.country}
            ):
                ends = max(ends, override.until)
        if ends > now:
            return self._same(until, refused="paused", ends=ends)
        denied = self._targets["deny"].rank(phone.e164, name, address, now)
        allowed = self._targets["allow"].rank(phone.e164, name, address, now)
        if denied and denied > allowed:
            return self._same(until, refused="denied")
        exempt: frozenset[Per] = frozenset()
        if allowed:
            exempt = self._targets["allow"].exempt(phone.e164, name, address, now)
        return self._same(until, exempt=exempt, raised=self.raised(now))

    def raised(self, now: float) -> Mapping[str, int]:
        """Return what the raised fuses admit at `now`, by rule."""
        found: dict[str, int] = {}
        for override in self._rest:
            if override.rule is not None and override.until > now:
                found[override.rule] = max(override.max, found.get(override.rule, 0))
        return found

    def concerning(
        self, *, phone: Phone | None, name: str | None, address: str | None, now: float
    ) -> Sequence[Override]:
        """Return the overrides in force that concern somebody, pauses and raised fuses included."""
        return [
            override
            for override in self.overrides
            if override.until > now and _is_for(override, phone, name, address)
        ]

    def _same(
        self,
        until: float | None,
        *,
        refused: Literal["denied", "paused"] | None = None,
        ends: float | None = None,
        exempt: frozenset[Per] = frozenset(),
        raised: Mapping[str, int] | None = None,
    ) -> OverrideEffect:
        """Return the one effect of this meaning."""
        raised = raised or {}
        meaning = (until, refused, ends, exempt, tuple(sorted(raised.items())))
        found = self._effects.get(meaning)
        if found is None:
            found = self._effects[meaning] = OverrideEffect(
                refused=refused,
                ends=ends,
                exempt=exempt,
                raised=raised,
                version=self.version,
                until=until,
            )
        return found


def _is_for(override: Override, phone: Phone | None, name: str | None, address: str | None) -> bool:
    target = override.target
    if target is None:
        return phone is None or override.country in {None, phone.country}
    if target.kind == "phone":
        return target.value == name
    if target.kind == "prefix":
        return phone is not None and phone.e164.startswith(target.value)
    return address is not None and any(
        _Targets([override], override.kind).within(address, override.since)
    )


class _Targets:
    """Who is named by the overrides of one kind, found without looking at each."""

    def __init__(self, overrides: Sequence[Override], kind: OverrideKind) -> None:
        self._phones: dict[str, float] = {}
        self._prefixes: dict[int, dict[str, float]] = {}
        self._networks: dict[tuple[int, int], dict[int, float]] = {}
        for override in overrides:
            if override.kind == kind and override.target is not None:
                self._add(override.target, override.until)

    def rank(self, number: str, name: str, address: str | None, now: float) -> int:
        """Return how exactly somebody is named: 0 not at all, a phone before all others."""
        if self._phones.get(name, 0) > now:
            return _EXACT
        found = max([0, *(len(prefix) for prefix in self._named(number, now))])
        return max([found, *(_network_rank(*key) for key in self.within(address, now))])

    def exempt(self, number: str, name: str, address: str | None, now: float) -> frozenset[Per]:
        """Return what rules an allowance lifts."""
        lifted: set[Per] = set()
        if self._phones.get(name, 0) > now or any(self._named(number, now)):
            lifted |= {"phone", "prefix"}
        if any(self.within(address, now)):
            lifted.add("ip")
        return frozenset(lifted)

    def _add(self, target: Target, until: float) -> None:
        if target.kind == "phone":
            kept, key = self._phones, target.value
            kept[key] = max(until, kept.get(key, 0))
        elif target.kind == "prefix":
            named = self._prefixes.setdefault(len(target.value), {})
            named[target.value] = max(until, named.get(target.value, 0))
        else:
            network = ip_network(target.value)
            place = (network.version, network.prefixlen)
            within = self._networks.setdefault(place, {})
            first = int(network.network_address)
            within[first] = max(until, within.get(first, 0))

    def _named(self, number: str, now: float) -> Iterator[str]:
        for length, named in self._prefixes.items():
            if named.get(number[:length], 0) > now:
                yield number[:length]

    def within(self, address: str | None, now: float) -> Iterator[tuple[int, int]]:
        """Yield version and length of each network that an address is in."""
        if address is None or not self._networks:
            return
        packed = int(ip_network(address).network_address)
        version, width = (6, 128) if ":" in address else (4, 32)
        for (of_version, length), within in self._networks.items():
            first = packed >> (width - length) << (width - length)
            if of_version == version and within.get(first, 0) > now:
                yield of_version, length


_EXACT = 1000


def _network_rank(version: int, length: int) -> int:
    """Return how exact a network is, beside prefixes of 4 to 13 characters: below a phone."""
    return 1 + length * 13 // (32 if version == 4 else 128)  # noqa: PLR2004 - IPv4


class OverrideBook(Protocol):
    """Where the overrides are kept."""

    async def read(self) -> tuple[Overrides, float]:
        """Return the book, and what the store's clock says in Unix seconds."""

    async def write(self, overrides: Sequence[Override], *, before: bytes) -> bool:
        """Put these overrides in place of version `before`; False if it is no longer that."""
