"""Where things lie in the store, and how the policy travels to a script.

The order of keys is the same for every script: secret, codes, wrong tries, three days' tallies,
then the tracks. All names share one hash tag, so that a script's keys live on one slot of a
cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from smsctl.core.edges import Edges
from smsctl.core.policy import Policy
from smsctl.core.rules import MAX_TRACKS, Track

_GRACE = 7_200_000  # ms that a count outlives its window, so that a clock may step by two hours
_KINDS = {"phone": 1, "all": 2}


@dataclass(frozen=True, slots=True)
class Keys:
    """The names of everything under one prefix."""

    prefix: str

    def secret(self) -> str:
        return f"{{{self.prefix}}}:secret"

    def audit(self) -> str:
        return f"{{{self.prefix}}}:audit"

    def day(self, date: str) -> str:
        return f"{{{self.prefix}}}:day:{date}"

    def track(self, track: Track, subject: str) -> str:
        return f"{{{self.prefix}}}:{track.name}:{subject}"

    def script(
        self, dates: Sequence[str], phone: str, purpose: str, tracked: Iterable[tuple[Track, str]]
    ) -> list[str]:
        """Return the keys of a script call, in the order that every script expects."""
        tag = f"{{{self.prefix}}}"
        keys = [f"{tag}:secret", f"{tag}:code:{phone}:{purpose}", f"{tag}:wrong:{phone}"]
        keys += [f"{tag}:day:{date}" for date in dates]
        keys += [f"{tag}:{track.name}:{subject}" for track, subject in tracked]
        return keys


def pack(policy: Policy, around: Edges, counted: Sequence[Track]) -> bytes:
    """Return the policy as `parts/moment.lua` and `parts/judge.lua` read it; times in ms."""
    if len(counted) > MAX_TRACKS:
        raise ValueError(f"a request may be counted in {MAX_TRACKS} tracks, not {len(counted)}")
    code = policy.code
    return msgspec.msgpack.encode(
        [
            code.wrong_max,
            round(code.wrong_window * 1000),
            code.live,
            round(code.ttl * 1000),
            code.tries,
            around.days,
            [_packed(track, around) for track in counted],
        ]
    )


def _packed(track: Track, around: Edges) -> list[object]:
    longest = max(rule.window.length for rule in track.rules)
    starts = {"rolling": False, "day": around.days, "month": around.months}[track.unit]
    row: list[object] = [
        0 if track.unit == "rolling" else 1,
        _KINDS.get(track.per, 0),
        starts,
        track.keep,
        longest + _GRACE,
    ]
    for rule in track.rules:
        row += [rule.max, rule.window.length, int(rule.mode == "enforce"), rule.name]
    return row
