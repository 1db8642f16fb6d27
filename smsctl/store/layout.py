"""Where things lie in the store, and how the policy travels to a script.

The order of keys is the same for every script about a request: secret, codes, wrong tries, three
days' tallies, the request id, the overrides, three days' events and refusals, earlier refusals,
alerts, then the tracks. All names share one hash tag: a script's keys live on one slot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smsctl.core.alerts import fuse_edge
from smsctl.core.edges import Edges
from smsctl.core.history import Humanity
from smsctl.core.overrides import NO_OVERRIDES, OverrideEffect
from smsctl.core.policy import Policy
from smsctl.core.ports import Guess, Request
from smsctl.core.rules import MAX_TRACKS, Blame, Rule, Track
from smsctl.core.tracks import OUTAGE

_FINGERPRINT = 16  # bytes
_NO_VERSION = bytes(8)
_ENDLESS = 2**47  # ms; the year 6429
_UNITS = {"rolling": 0, "day": 1, "month": 2}
_KINDS = {"phone": 1, "ip": 2, "all": 3}
BLAMES: Sequence[Blame] = ("account", "phone", "number")
"""For whose sake a send was rejected, by the number that is kept of it."""


class Keys:
    """The names of everything under one prefix."""

    def __init__(self, prefix: str) -> None:
        self._tag = f"{{{prefix}}}"
        self.secret = f"{self._tag}:secret"
        self.audit = f"{self._tag}:audit"
        self.hosts = f"{self._tag}:hosts"
        self.version = f"{self._tag}:overrides"
        self.overrides = f"{self._tag}:overrides:book"
        self.earlier = f"{self._tag}:refusals:earlier"
        self.alerts = f"{self._tag}:alerts"

    def day(self, date: str) -> str:
        """Return the name of a day's tally."""
        return f"{self._tag}:day:{date}"

    def events(self, date: str) -> str:
        """Return the name of a day's record of sends."""
        return f"{self._tag}:events:{date}"

    def refusals(self, date: str) -> str:
        """Return the name of what is remembered of a day's refusals and not yet digested."""
        return f"{self._tag}:refusals:{date}"

    def track(self, track: Track) -> str:
        """Return the beginning of the name of a track's key; its subject follows."""
        return f"{self._tag}:{track.name}:"

    def records(self, dates: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the keys of three days, those before the request id's and those behind it."""
        return [self.day(date) for date in dates], [
            self.version,
            *map(self.events, dates),
            *map(self.refusals, dates),
            self.earlier,
            self.alerts,
        ]

    def head(
        self, records: tuple[list[str], list[str]], phone: str, purpose: str, request: str
    ) -> list[str]:
        """Return what the keys of every script begin with; `records` of three days among them."""
        tag, (tallies, rest) = self._tag, records
        code, wrong = f"{tag}:code:{phone}:{purpose}", f"{tag}:wrong:{phone}"
        return [self.secret, code, wrong, *tallies, f"{tag}:request:{request}", *rest]


def pack_policy(
    policy: Policy,
    around: Edges,
    counted: Sequence[Track],
    fingerprint: bytes,
    *,
    effect: OverrideEffect = NO_OVERRIDES,
    about: str = "|",
) -> bytes:
    """Return the policy as `parts/moment.lua` reads it, the tracks as `parts/judge.lua` does.

    `about` is what is counted, `purpose|country`. Behind the tracks is what `reserve.lua` reads
    besides: what the rules are called, and the fuses' thresholds.
    """
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
            effect.version or _NO_VERSION,
            _u(6, _ENDLESS if effect.until is None else _ms(effect.until)),
            _text(about),
            *(_track(track) for track in counted),
            _described([rule for track in counted for rule in track.rules]),
            *_thresholds(policy, counted, effect),
        ]
    )


_HUMANITY: Mapping[Humanity, bytes] = {
    "none": b"n",
    "passed": b"p",
    "outage": b"o",
    "skipped": b"s",
    "refused": b"r",
    "test": b"t",
}
HUMANITY = {flag[0]: humanity for humanity, flag in _HUMANITY.items()}
"""How a human check ended, by the byte that is kept of it."""
_MOST = 255  # bytes that one byte can count


def pack_who(asked: Request | Guess) -> bytes:
    """Return who asks, as `parts/turn_away.lua` and `parts/event.lua` keep it."""
    if isinstance(asked, Guess):
        return b"%bn%c%b\0" % (asked.names, len(asked.encrypted), asked.encrypted)
    codes = " ".join(asked.captcha_codes).encode("utf-8", "replace")[:_MOST]
    flag, encrypted = _HUMANITY[asked.captcha], asked.encrypted
    return b"%b%b%c%b%c%b" % (asked.names, flag, len(encrypted), encrypted, len(codes), codes)


def pack_code(request_id: str, *rest: str | bytes) -> bytes:
    """Return a code's request id, attempt, digest and challenge as `parts/codes.lua` keeps them."""
    told = [each if isinstance(each, bytes) else each.encode() for each in (request_id, *rest)]
    return b"".join([b"%c%b" % (len(each), each) for each in told])


def _thresholds(
    policy: Policy, counted: Sequence[Track], effect: OverrideEffect
) -> Iterator[bytes]:
    rules = [rule for track in counted for rule in track.rules]
    for number, rule in enumerate(rules, start=1):
        if rule.fuse and rule.name != OUTAGE:
            for percent in policy.thresholds:
                level = -(-rule.max * percent // 100)
                edge = fuse_edge(rule, percent, raised=rule.name in effect.raised)
                yield _u(1, number) + _u(4, level) + _u(4, rule.max) + _text(edge)


def _described(rules: Sequence[Rule]) -> bytes:
    told = _u(1, len(rules)) + b"".join([_u(4, rule.max) + _text(rule.name) for rule in rules])
    return _u(2, len(told)) + told


def _text(text: str) -> bytes:
    return _u(1, len(text)) + text.encode()


def _track(track: Track) -> bytes:
    rules = b"".join(_rule(rule) for rule in track.rules)
    longest = max(rule.window.length for rule in track.rules)
    kind = _u(1, _UNITS[track.unit]) + _u(1, _KINDS.get(track.per, 0))
    return kind + _u(6, longest) + _u(2, len(rules)) + rules


def _rule(rule: Rule) -> bytes:
    limit = _u(4, rule.max) + _u(6, rule.window.length) + _u(1, int(rule.mode == "enforce"))
    return limit + _text(rule.name)


def _u(size: int, number: int) -> bytes:
    """Return an unsigned number of `size` bytes, as Lua's struct reads it after `>`."""
    return number.to_bytes(size, "big")


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
