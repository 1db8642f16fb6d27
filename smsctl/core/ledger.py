"""The store's meaning in plain Python: the model the scripts are held to, and a store for tests.

Tracks, codes and tallies live in dictionaries; the clock is yours. Nothing here is shared between
processes or survives them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from smsctl.core.admin import Cell, Day, Level, LiveCode, Selection, Standing
from smsctl.core.edges import edges
from smsctl.core.policy import Policy
from smsctl.core.ports import (
    Clear,
    Guess,
    LimitExceeded,
    NewCode,
    Repeated,
    Request,
    Reserved,
    Settlement,
    State,
    Taken,
    VerifyResult,
)
from smsctl.core.rules import KEPT_BY, Rule, Track
from smsctl.core.tracks import request_tracks, selected_tracks

_STEP = 5000  # ms that a clock may step back before a code counts as issued in the future
_MOST = 101  # what the largest rolling rule admits, and one

Place = tuple[str, str]
"""A track's name and its subject's."""


@dataclass(slots=True)
class Timeline:
    """The admitted times of a rolling track, newest first, in ms."""

    times: list[int] = field(default_factory=list)
    floor: int = -1
    """The newest time before the last reset: later times lie beyond it."""

    def push(self, now: int) -> int:
        """Add one admission, never before the one that came before it; return its time."""
        at = max(now, self.times[0] if self.times else self.floor + 1)
        self.times = [at, *self.times][:_MOST]
        return at

    def wait(self, rule: Rule, now: int) -> int:
        """Return the ms until the rule admits one more."""
        if len(self.times) < rule.max:
            return 0
        return max(0, self.times[rule.max - 1] + rule.window.length - now)


@dataclass(slots=True)
class Count:
    """What a calendar track used in one window."""

    end: int = 0
    """When the window ends, ms."""
    epoch: int = 0
    """How often it was reset."""
    used: int = 0


@dataclass(slots=True)
class Kept:
    """One code's record."""

    new: NewCode
    issued: int
    seen: int
    """When it was last guessed at, or issued: its clock does not run back from there."""
    expires: int
    tries: int
    took: list[tuple[Track, Place, object]]
    state: State = "pending"
    test: bool = False
    alive: bool = True
    verified: bool = False
    settlement: Settlement | None = None


class Ledger:
    """Decides like the scripts do: a `Store`, with `show`, `reset` and `usage` of an `Admin`."""

    def __init__(self, policy: Policy, *, clock: Callable[[], float]) -> None:
        """`clock` gives seconds since the epoch."""
        self._policy = policy
        self._clock = clock
        self._timelines: defaultdict[Place, Timeline] = defaultdict(Timeline)
        self._counts: dict[Place, Count] = {}
        self._codes: defaultdict[tuple[str, str], list[Kept]] = defaultdict(list)
        self._wrong: defaultdict[str, list[int]] = defaultdict(list)
        self._owners: dict[str, tuple[int, tuple[str, str]]] = {}
        self._tallies: defaultdict[str, Counter[Cell]] = defaultdict(Counter)

    async def look(
        self, request: Request, request_id: str | None
    ) -> Clear | LimitExceeded | Repeated | Taken:
        if request_id is not None and self._taken(request, request_id):
            return Taken()
        earlier = None if request_id is None else self._decided(request, request_id)
        if earlier is not None:
            return self._repeated(request, earlier)
        return self._refusal(request) or Clear()

    async def reserve(
        self, request: Request, code: NewCode
    ) -> Reserved | LimitExceeded | Repeated | Taken:
        now = self._now()
        if code.named and self._taken(request, code.request_id):
            return Taken()
        earlier = self._decided(request, code.request_id) if code.named else None
        if earlier is not None and earlier.new.attempt == code.attempt:
            return Reserved(
                expires_in=(earlier.expires - now) / 1000,
                retry_after=self._whole_wait(request) / 1000,
            )
        if earlier is not None:
            return self._repeated(request, earlier)
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        observed = self._judge(request)[2]
        took = [
            (track, place, self._consume(track, place)) for track, place in self._places(request)
        ]
        life = round(self._policy.code.ttl * 1000)
        kept = Kept(code, now, now, now + life, self._policy.code.tries, took, test=request.test)
        kept.state = "sent" if request.test else "pending"
        codes = self._codes[request.phone, request.purpose]
        codes[:] = [kept, *codes][:_MOST]
        if code.named:
            self._owners[code.request_id] = (now + life, (request.phone, request.purpose))
        self._tally(now, "test" if request.test else "pending", request)
        if request.outage:
            self._tally(now, "outage", request)
        for rule in observed:
            self._tally(now, "observed", request, rule.name)
        return Reserved(expires_in=life / 1000, retry_after=self._judge(request)[0] / 1000)

    async def settle(self, request: Request, code: NewCode, settlement: Settlement) -> State | None:
        for kept in self._codes[request.phone, request.purpose]:
            if kept.new.request_id == code.request_id and kept.new.attempt == code.attempt:
                if kept.state == "pending":
                    self._settle(kept, request, settlement)
                return kept.state
        return None

    async def verify(self, guess: Guess) -> VerifyResult:
        now = self._now()
        locked = self._lock(guess.phone)
        if locked:
            self._tally(now, "unverified", guess, "locked")
            return VerifyResult(result="locked", retry_after=locked / 1000)
        codes = self._codes[guess.phone, guess.purpose]
        compared = self._living(codes, guess.challenge or b"")
        if not compared:
            self._tally(now, "unverified", guess, "missing")
            return VerifyResult(result="missing")
        for kept in compared:
            kept.tries -= 1
            kept.seen = now
            if kept.new.digest == guess.digest:
                kept.verified = True
        if any(kept.verified for kept in compared):
            for kept in codes:
                kept.alive = False
            if not next(kept.test for kept in compared if kept.verified):
                self._tally(now, "verified", guess)
            return VerifyResult(result="verified")
        wrong = self._wrong[guess.phone]
        wrong.insert(0, max([now, *wrong[:1]]))
        left = max(kept.tries for kept in compared)
        for kept in compared:
            kept.alive = kept.tries > 0
        if left > 0:
            return VerifyResult(result="mismatch", tries_left=left)
        return VerifyResult(result="exhausted")

    async def turn_away(
        self,
        request: Request,
        reason: str,
        *,
        retry_after: float = 0.0,  # noqa: ARG002 - a ledger counts alone
        outage: bool = False,  # noqa: ARG002 - and tells nobody
    ) -> None:
        self._tally(self._now(), "refused", request, reason)

    async def show(self, selection: Selection) -> Standing:
        now = self._now()
        levels = [
            self._level(track, (track.name, subject), rule, now)
            for track, subject in selected_tracks(self._policy, selection)
            for rule in track.rules
        ]
        codes = [
            LiveCode(
                purpose=purpose,
                expires_in=(kept.expires - now) / 1000,
                tries_left=kept.tries,
            )
            for purpose in selection.purposes
            for kept in self._living(self._codes[selection.phone or "", purpose], None)
        ]
        window = round(self._policy.code.wrong_window * 1000)
        wrong = sum(at + window > now for at in self._wrong[selection.phone or ""])
        return Standing(levels=levels, codes=codes, wrong=wrong)

    async def reset(self, selection: Selection, *, codes: bool) -> None:
        for track, subject in selected_tracks(self._policy, selection):
            place = (track.name, subject)
            if track.unit == "rolling":
                timeline = self._timelines[place]
                timeline.floor = max([timeline.floor, *timeline.times[:1]])
                timeline.times = []
            elif place in self._counts:
                epoch = self._counts[place].epoch + 1
                self._counts[place] = Count(self._end(track), epoch)
        if codes:
            self._wrong[selection.phone or ""].clear()
            for purpose in self._policy.purposes:
                for kept in self._codes[selection.phone or "", purpose]:
                    kept.alive = False

    async def usage(self, days: int) -> list[Day]:
        dates = sorted(self._tallies)[-days:]
        return [Day.of(date, self._tallies[date]) for date in dates]

    # Rules

    def _refusal(self, request: Request) -> LimitExceeded | None:
        now = self._now()
        locked = self._lock(request.phone)
        if locked:
            self._tally(now, "refused", request, "locked")
            wait = max(locked, self._judge(request)[0])
            return LimitExceeded(rule="locked", fuse=False, retry_after=wait / 1000)
        wait, rule, _ = self._judge(request)
        if rule is None:
            return None
        self._tally(now, "refused", request, rule.name)
        return LimitExceeded(rule=rule.name, fuse=rule.fuse, retry_after=wait / 1000)

    def _whole_wait(self, request: Request) -> int:
        return max(self._lock(request.phone), self._judge(request)[0])

    def _judge(self, request: Request) -> tuple[int, Rule | None, list[Rule]]:
        """Return the wait until all admit, the rule to name, and the observed that would refuse."""
        now = self._now()
        waits = [
            (rule, self._wait(track, place, rule, now))
            for track, place in self._places(request)
            for rule in track.rules
        ]
        refusing = [(rule, wait) for rule, wait in waits if wait and rule.mode == "enforce"]
        observed = [rule for rule, wait in waits if wait and rule.mode == "observe"]
        if not refusing:
            return 0, None, observed
        named = max(refusing, key=lambda entry: (entry[0].fuse, entry[1]))[0]
        return max(wait for _, wait in refusing), named, observed

    def _wait(self, track: Track, place: Place, rule: Rule, now: int) -> int:
        if track.unit == "rolling":
            return self._timelines[place].wait(rule, now)
        count = self._count(track, place)
        return count.end - now if count.used >= rule.max else 0

    def _count(self, track: Track, place: Place) -> Count:
        """Return the count in force: one holds until its own end, whoever opened it."""
        count = self._counts.get(place)
        if count is None or count.end <= self._now():
            return Count(self._end(track))
        return count

    def _end(self, track: Track) -> int:
        around = edges(self._now() / 1000, self._policy.timezone)
        return around.days[2] if track.unit == "day" else around.months[2]

    def _consume(self, track: Track, place: Place) -> object:
        if track.unit == "rolling":
            return self._timelines[place].push(self._now())
        count = self._counts[place] = self._count(track, place)
        count.used += 1
        return count.end, count.epoch

    def _refund(self, track: Track, place: Place, taken: object) -> None:
        if track.unit == "rolling":
            times = self._timelines[place].times
            if taken in times:
                times.remove(taken)
            return
        count = self._counts.get(place)
        if count is not None and (count.end, count.epoch) == taken and count.used > 0:
            count.used -= 1
            if count.used == 0 and count.epoch == 0:
                del self._counts[place]

    def _places(self, request: Request) -> list[tuple[Track, Place]]:
        counted = request_tracks(self._policy, request)
        return [(track, (track.name, subject)) for track, subject in counted]

    def _level(self, track: Track, place: Place, rule: Rule, now: int) -> Level:
        if track.unit == "rolling":
            times = self._timelines[place].times[: track.keep]
            used = sum(at + rule.window.length > now for at in times)
        else:
            used = self._count(track, place).used
        wait = self._wait(track, place, rule, now)
        return Level(rule=rule.name, subject=place[1], used=used, retry_after=wait / 1000)

    # Codes

    def _taken(self, request: Request, request_id: str) -> bool:
        expires, owner = self._owners.get(request_id, (0, ("", "")))
        return self._now() < expires and owner != (request.phone, request.purpose)

    def _decided(self, request: Request, request_id: str) -> Kept | None:
        for kept in self._codes[request.phone, request.purpose]:
            if kept.new.request_id == request_id and self._now() < kept.expires:
                return kept
        return None

    def _repeated(self, request: Request, kept: Kept) -> Repeated:
        settled = kept.settlement
        return Repeated(
            state=kept.state,
            expires_in=(kept.expires - self._now()) / 1000,
            retry_after=self._whole_wait(request) / 1000,
            message_id=settled.message_id if settled else None,
            vendor_request_id=settled.vendor_request_id if settled else None,
            vendor_code=settled.vendor_code if settled else None,
        )

    def _settle(self, kept: Kept, request: Request, settlement: Settlement) -> None:
        # A code that verified did arrive, whatever the gateway says.
        state: State = settlement.state
        if state == "rejected" and kept.verified:
            state = "unknown"
        self._tally(kept.issued, "pending", request, by=-1)
        self._tally(kept.issued, state, request)
        kept.state, kept.settlement = state, settlement
        if state == "rejected":
            kept.alive = False
            for track, place, taken in kept.took:
                if track.per not in KEPT_BY[settlement.blame]:
                    self._refund(track, place, taken)

    def _living(self, codes: Iterable[Kept], challenge: bytes | None) -> list[Kept]:
        """Return the codes that can verify, newest first; None as challenge passes over none."""
        standing = [kept for kept in codes if kept.state != "rejected"][: self._policy.code.live]
        return [
            kept
            for kept in standing
            if kept.alive
            and self._in_time(kept)
            and (challenge is None or kept.new.challenge in {None, challenge})
        ]

    def _in_time(self, kept: Kept) -> bool:
        return kept.seen - _STEP <= self._now() < kept.expires

    def _lock(self, phone: str) -> int:
        policy = self._policy.code
        wrong = self._wrong[phone]
        if len(wrong) < policy.wrong_max:
            return 0
        return max(0, wrong[policy.wrong_max - 1] + round(policy.wrong_window * 1000) - self._now())

    # Time and tallies

    def _now(self) -> int:
        return round(self._clock() * 1000)

    def _tally(
        self, at: int, what: str, asked: Request | Guess, name: str = "", *, by: int = 1
    ) -> None:
        day = datetime.fromtimestamp(at / 1000, UTC).astimezone(self._policy.timezone).date()
        midnight = edges(at / 1000, self._policy.timezone).days[1]
        cell = Cell(what, name, asked.purpose, asked.country, (at - midnight) // 3_600_000)
        self._tallies[day.isoformat()][cell] += by
