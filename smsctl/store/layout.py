"""Where things lie in the store, and how the policy travels to a script.

The order of keys is the same for every script: secret, codes, wrong tries, three days' tallies,
the request id, then the tracks. All names share one hash tag, so that a script's keys live on one
slot of a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smsctl.core.edges import Edges
from smsctl.core.policy import Policy
from smsctl.core.rules import MAX_TRACKS, Rule, Track

_GRACE = 7_200_000  # ms that a count outlives its window, so that a clock may step by two hours
_UNITS = {"rolling": 0, "day": 1, "month": 2}
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

    def script(
        self,
        dates: Sequence[str],
        *,
        phone: str,
        purpose: str,
        request: str,
        tracked: Iterable[tuple[Track, str]],
    ) -> list[str]:
        """Return the keys of a script call, in the order that every script expects."""
        tag = f"{{{self.prefix}}}"
        keys = [self.secret(), f"{tag}:code:{phone}:{purpose}", f"{tag}:wrong:{phone}"]
        keys += [self.day(date) for date in dates]
        keys.append(f"{tag}:request:{request}")
        keys += [f"{tag}:{track.name}:{subject}" for track, subject in tracked]
        return keys


def pack_policy(policy: Policy, around: Edges, counted: Sequence[Track]) -> bytes:
    """Return the policy as `parts/moment.lua` reads it, and the rules as `parts/judge.lua` does."""
    if len(counted) > MAX_TRACKS:
        raise ValueError(f"a request may be counted in {MAX_TRACKS} tracks, not {len(counted)}")
    code = policy.code
    rules = [(place, track, rule) for place, track in enumerate(counted, 1) for rule in track.rules]
    head = _u(2, code.wrong_max) + _u(6, _ms(code.wrong_window))
    head += _u(1, code.live) + _u(4, _ms(code.ttl)) + _u(1, code.tries)
    head += b"".join(_u(6, edge) for edge in (*around.days, *around.months[1:]))
    return head + _u(1, len(rules)) + b"".join(_rule(*each) for each in rules)


def pack_tracks(counted: Sequence[Track]) -> bytes:
    """Return the tracks as `parts/tracks.lua` reads them."""
    return b"".join(_track(track) for track in counted)


def _rule(place: int, track: Track, rule: Rule) -> bytes:
    name = rule.name.encode()
    numbers = _u(1, place) + _u(1, _UNITS[track.unit]) + _u(1, _KINDS.get(track.per, 0))
    limit = _u(4, rule.max) + _u(6, rule.window.length) + _u(1, int(rule.mode == "enforce"))
    return numbers + limit + _u(1, len(name)) + name


def _track(track: Track) -> bytes:
    longest = max(rule.window.length for rule in track.rules)
    keep = track.keep if track.unit == "rolling" else 0
    numbers = _u(1, _UNITS[track.unit]) + _u(1, _KINDS.get(track.per, 0))
    return numbers + _u(2, keep) + _u(6, longest + _GRACE)


def _u(size: int, number: int) -> bytes:
    """Return an unsigned number of `size` bytes, as Lua's struct reads it after `>`."""
    return number.to_bytes(size, "big")


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
