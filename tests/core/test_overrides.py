"""What operators' overrides mean for a request."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from smsctl.core.overrides import NO_OVERRIDES, Override, Overrides, Target
from smsctl.core.phone import Phone

PHONE = Phone("CN", "86", "16212345678")
NAMES = {PHONE.e164: "name-1"}


def override(kind: str, *, until: float = 100.0, **more: object) -> Override:
    fields: dict[str, object] = {
        "id": "1",
        "kind": kind,
        "until": until,
        "since": 0.0,
        "reason": "r",
        "author": "a@h",
    }
    return Override(**(fields | more))  # type: ignore[arg-type]


def target(kind: str, value: str) -> Target:
    return Target(kind=kind, value=value, shown=value)  # type: ignore[arg-type]


def ruled(*overrides: Override, address: str | None = "198.51.100.7", now: float = 50.0) -> object:
    book = Overrides(b"12345678", overrides)
    return book.effect(phone=PHONE, name="name-1", address=address, purpose="login", now=now)


def outcome(*overrides: Override, **more: object) -> object:
    return ruled(*overrides, **more).refused  # type: ignore[arg-type,attr-defined]


def test_no_overrides_rule_nothing() -> None:
    """An empty book has no version, and refuses nobody."""
    effect = Overrides().effect(phone=PHONE, name="x", address=None, purpose="login", now=0.0)
    assert (effect.refused, effect.version, effect.until) == (None, b"", None)
    assert NO_OVERRIDES.version == b""


def test_a_pause_stops_what_it_is_for_and_ends_by_itself() -> None:
    """All, one purpose or one country; afterwards nothing, to the second."""
    assert outcome(override("pause")) == "paused"
    assert outcome(override("pause", purpose="login", country="CN")) == "paused"
    assert outcome(override("pause", purpose="pay")) is None
    assert outcome(override("pause", country="US")) is None
    assert outcome(override("pause"), now=100.0) is None
    both = ruled(override("pause", until=60.0), override("pause", until=90.0, purpose="login"))
    assert both.ends == 90.0  # type: ignore[attr-defined]


def test_whoever_a_pause_stops_has_the_same_effect() -> None:
    """Whenever he asks: what is prepared for one serves the flood that it is to stop."""
    book = Overrides(b"12345678", [override("pause")])
    told = {
        book.effect(phone=PHONE, name=f"name-{now}", address=None, purpose="login", now=now)
        for now in (50.0, 50.5, 61.0)
    }
    assert len(told) == 1


def test_a_pause_comes_before_an_allowance() -> None:
    """Stop it now means everybody."""
    allowed = override("allow", target=target("phone", "name-1"))
    assert outcome(override("pause"), allowed) == "paused"


def test_the_more_exact_override_stands() -> None:
    """A phone before a prefix, a longer prefix before a shorter, a longer network likewise."""
    deny, allow = "deny", "allow"
    assert outcome(override(deny, target=target("prefix", "+86162"))) == "denied"
    assert outcome(override(deny, target=target("prefix", "+86163"))) is None
    wide, narrow = target("prefix", "+86162"), target("prefix", "+861621234")
    assert outcome(override(deny, target=wide), override(allow, target=narrow)) is None
    assert outcome(override(deny, target=narrow), override(allow, target=wide)) == "denied"
    phone = target("phone", "name-1")
    assert outcome(override(deny, target=narrow), override(allow, target=phone)) is None
    assert outcome(override(deny, target=phone), override(allow, target=phone)) is None
    net, part = target("network", "198.51.100.0/24"), target("network", "198.51.100.7/32")
    assert outcome(override(deny, target=net)) == "denied"
    assert outcome(override(deny, target=net), address=None) is None
    assert outcome(override(deny, target=net), override(allow, target=part)) is None
    assert outcome(override(deny, target=part), override(allow, target=net)) == "denied"


def test_an_allowance_lifts_its_own_rules_alone() -> None:
    """A phone's and its prefix's; a network's those per address; never a fuse."""
    phone = ruled(override("allow", target=target("phone", "name-1")))
    net = ruled(override("allow", target=target("network", "198.51.0.0/16")))
    assert phone.exempt == {"phone", "prefix"}  # type: ignore[attr-defined]
    assert net.exempt == {"ip"}  # type: ignore[attr-defined]


def test_the_highest_raise_in_force_counts() -> None:
    """One that has ended does not."""
    effect = ruled(
        override("raise", rule="fuse", max=8000),
        override("raise", rule="fuse", max=7000, until=60.0),
        override("raise", rule="fuse", max=9000, until=40.0),
    )
    assert effect.raised == {"fuse": 8000}  # type: ignore[attr-defined]
    assert effect.until == 60.0  # type: ignore[attr-defined]


def test_equal_effects_are_one() -> None:
    """They key a cache of packed policies."""
    book = Overrides(b"12345678", [override("deny", target=target("prefix", "+86162"))])
    asked = {"phone": PHONE, "name": "x", "address": None, "purpose": "login"}
    assert book.effect(**asked, now=1.0) is book.effect(**asked, now=2.0)  # type: ignore[arg-type]


NETWORKS = ["198.51.100.0/24", "198.51.0.0/16", "198.51.100.7/32", "2001:db8::/32", "0.0.0.0/0"]
PREFIXES = ["+86", "+86162", "+8616212", "+8613", "+1"]


def naive(overrides: Sequence[Override], address: str | None, now: float) -> str | None:
    """Judge by looking at each override."""
    best = {"deny": 0.0, "allow": 0.0}
    for each in overrides:
        if each.until <= now:
            continue
        if each.kind == "pause":
            return "paused"
        if each.target is None:
            continue
        kind, value = each.target.kind, each.target.value
        rank = 0.0
        if kind == "phone" and value == "name-1":
            rank = 1000
        elif kind == "prefix" and PHONE.e164.startswith(value):
            rank = len(value)
        elif kind == "network" and address is not None:
            network, host = ipaddress.ip_network(value), ipaddress.ip_network(address)
            if network.version == host.version and host.subnet_of(network):  # type: ignore[arg-type]
                rank = 1 + network.prefixlen * 13 // (32 if network.version == 4 else 128)
        best[each.kind] = max(best[each.kind], rank)
    return "denied" if best["deny"] and best["deny"] > best["allow"] else None


TARGETS = st.one_of(
    st.sampled_from(["name-1", "name-2"]).map(lambda name: target("phone", name)),
    st.sampled_from(PREFIXES).map(lambda prefix: target("prefix", prefix)),
    st.sampled_from(NETWORKS).map(lambda network: target("network", network)),
)


@given(
    st.lists(
        st.builds(
            lambda kind, whom, until: override(kind, target=whom, until=until),
            st.sampled_from(["deny", "allow"]),
            TARGETS,
            st.sampled_from([10.0, 50.0, 51.0, 90.0]),
        ),
        max_size=8,
    ),
    st.sampled_from([None, "198.51.100.7", "198.51.7.7", "203.0.113.1", "2001:db8:1:2::/64"]),
)
def test_the_index_judges_as_looking_at_each_would(
    overrides: list[Override], address: str | None
) -> None:
    """Over random books."""
    assert outcome(*overrides, address=address) == naive(overrides, address, 50.0)
