"""All contestants, by the names under which the tables show them."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.peers.contestant import AsyncContestant, Contestant
from benchmarks.peers.limits_library import limits, limits_later, limits_tested_first
from benchmarks.peers.ours import guard, guard_later
from benchmarks.peers.pyrate import pyrate
from benchmarks.peers.throttled_library import throttled
from benchmarks.peers.tutorial import check_then_act, count_first

GUARD = "smsctl, with the code"
LIMITS_LATER = "limits.aio FixedWindow"

SYNC: Mapping[str, Contestant] = {
    GUARD: guard,
    "limits FixedWindow": limits("FixedWindow"),
    "limits MovingWindow": limits("MovingWindow"),
    "limits SlidingWindowCounter": limits("SlidingWindowCounter"),
    "limits, all tested, then all hit": limits_tested_first,
    "pyrate-limiter": pyrate,
    "throttled-py fixed window": throttled,
    "tutorial: check, then act": check_then_act,
    "tutorial: count, then check": count_first,
}

ASYNC: Mapping[str, AsyncContestant] = {
    GUARD: guard_later,
    LIMITS_LATER: limits_later("FixedWindow"),
    "limits.aio MovingWindow": limits_later("MovingWindow"),
    "limits.aio SlidingWindowCounter": limits_later("SlidingWindowCounter"),
}
