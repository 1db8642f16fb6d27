"""All contestants, by the names under which the tables show them: a peer's has its release."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from benchmarks.peers.contestant import AsyncContestant, Contestant
from benchmarks.peers.limits_library import limits, limits_later, limits_tested_first
from benchmarks.peers.ours import guard, guard_later
from benchmarks.peers.pyrate import pyrate
from benchmarks.peers.throttled_library import throttled
from benchmarks.peers.tutorial import check_then_act, count_first

GUARD = "smsctl, with the code"
LIMITS_LATER = f"limits.aio {version('limits')} FixedWindow"

_LIMITS = f"limits {version('limits')}"

SYNC: Mapping[str, Contestant] = {
    GUARD: guard,
    f"{_LIMITS} FixedWindow": limits("FixedWindow"),
    f"{_LIMITS} MovingWindow": limits("MovingWindow"),
    f"{_LIMITS} SlidingWindowCounter": limits("SlidingWindowCounter"),
    f"{_LIMITS}, all tested, then all hit": limits_tested_first,
    f"pyrate-limiter {version('pyrate-limiter')}": pyrate,
    f"throttled-py {version('throttled-py')} fixed window": throttled,
    "tutorial: check, then act": check_then_act,
    "tutorial: count, then check": count_first,
}

ASYNC: Mapping[str, AsyncContestant] = {
    GUARD: guard_later,
    LIMITS_LATER: limits_later("FixedWindow"),
    f"limits.aio {version('limits')} MovingWindow": limits_later("MovingWindow"),
    f"limits.aio {version('limits')} SlidingWindowCounter": limits_later("SlidingWindowCounter"),
}
