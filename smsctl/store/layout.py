"""Where things lie in the store, and how the policy travels to a script.

The order of keys is the same for every script: secret, codes, wrong tries, three days' tallies,
the request id, then the tracks. All names share one hash tag, so that a script's keys live on one
slot of a cluster.
"""

from __future__ import annotations

from collections.abc import Sequence

from smsctl.core.edges import Edges
from smsctl.core.policy import Policy
from smsctl.core.rules import MAX_TRACKS, Rule, Track

_FINGERPRINT = 16  # bytes
_UNITS = {"rolling": 0, "day": 1, "month": 2}
_KINDS = {"phone": 1, "all": 2}


class Keys:
    """The names of everything under one prefix."""

    def __init__(self, prefix: str) -> None:
        self._tag = f"{{{prefix}}}"
        self.secret = f"{self._tag}:secret"
        self.audit = f"{self._tag}:audit"

    def day(self, date: str) -> str:
        return f"{self._tag}:day:{date}"

    def track(self, track: Track) -> str:
        """Return the beginning of the name of a track's key; its subject follows."""
        return f"{self._tag}:{track.name}:"

    def head(self, days: Sequence[str], phone: str, purpose: str, request: str) -> list[str]:
        """Return what the keys of every script begin with; the tallies of `days` are among them."""
        tag = self._tag
        code, wrong = f"{tag}:code:{phone}:{purpose}", f"{tag}:wrong:{phone}"
        return [self.secret, code, wrong, *days, f"{tag}:request:{request}"]


def pack_policy(
    policy: Policy, around: Edges, counted: Sequence[Track], fingerprint: bytes
) -> bytes:
    """Return the policy as `parts/moment.lua` reads it, the tracks as `parts/judge.lua` does."""
    if len(counted) > MAX_TRACKS:
        raise ValueError(f"a request may be counted in {MAX_TRACKS} tracks, not {len(counted)}")
    if len(fingerprint) != _FINGERPRINT:
        raise ValueError("a fingerprint of another length")
    code = policy.code
    return b"".join(
        [
            *(_u(6, edge) for edge in around.days),
            _u(2, code.wrong_max) + _u(6, _ms(code.wrong_window)) + _u(1, len(counted)),
            _u(1, code.live) + _u(4, _ms(code.ttl)) + _u(1, code.tries),
            fingerprint,
            *(_u(6, edge) for edge in around.months[1:]),
            *(_track(track) for track in counted),
        ]
    )


def pack_code(request_id: str, *rest: str | bytes) -> bytes:
    """Return a code's request id, attempt, digest and challenge as `parts/codes.lua` keeps them."""
    told = [each if isinstance(each, bytes) else each.encode() for each in (request_id, *rest)]
    return b"".join([b"%c%b" % (len(each), each) for each in told])


def _track(track: Track) -> bytes:
    rules = b"".join(_rule(rule) for rule in track.rules)
    longest = max(rule.window.length for rule in track.rules)
    kind = _u(1, _UNITS[track.unit]) + _u(1, _KINDS.get(track.per, 0))
    return kind + _u(6, longest) + _u(2, len(rules)) + rules


def _rule(rule: Rule) -> bytes:
    name = rule.name.encode()
    limit = _u(4, rule.max) + _u(6, rule.window.length) + _u(1, int(rule.mode == "enforce"))
    return limit + _u(1, len(name)) + name


def _u(size: int, number: int) -> bytes:
    """Return an unsigned number of `size` bytes, as Lua's struct reads it after `>`."""
    return number.to_bytes(size, "big")


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
