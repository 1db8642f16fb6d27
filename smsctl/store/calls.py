"""Calls scripts with what they all begin with: the moment, the policy, the keys of the subjects.

What is the same for a whole day and for all requests of one form is put together once.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from smsctl.core.edges import Edges, edges
from smsctl.core.overrides import NO_OVERRIDES, OverrideEffect
from smsctl.core.policy import Policy
from smsctl.core.ports import Request
from smsctl.core.rules import Track
from smsctl.core.tracks import request_tracks
from smsctl.store.command import Argument
from smsctl.store.connection import Connection
from smsctl.store.format import Newer
from smsctl.store.layout import Keys, pack_policy

Clock = Callable[[], float]
"""Seconds since the epoch."""

NOBODY = "-"
"""Stands for an absent subject."""

_Form: TypeAlias = tuple[str, str, bool, bool, bool, OverrideEffect]
_FORMS = 1000
_OWN = {"phone", "ip", "prefix"}  # what differs between requests of one form


@dataclass(slots=True)
class _Day:
    """What calls have in common from one midnight to the next."""

    around: Edges
    records: tuple[list[str], list[str]]
    forms: dict[_Form, tuple[bytes, list[tuple[str, str]]]] = field(default_factory=dict)
    """The packed policy, and of each track's key the beginning and whose name follows, if any."""


class Scripts:
    """Calls scripts under one prefix, policy and secret."""

    def __init__(
        self,
        connection: Connection,
        *,
        policy: Policy,
        prefix: str,
        fingerprint: bytes,
        clock: Clock | None = None,
    ) -> None:
        """Without `clock` the server's own is used, as production must."""
        self.connection = connection
        self.policy = policy
        self.keys = Keys(prefix)
        self.newer = Newer()
        self._fingerprint = fingerprint
        self._clock = clock
        self._day = self._begin((clock or time.time)())

    def edges(self) -> Edges:
        """Return the calendar boundaries around now."""
        return self._today().around

    def moment(self, server: float) -> float:
        """Return what time it is, from the seconds that the server answers to TIME."""
        return self._clock() if self._clock is not None else server

    def date(self, server: float) -> str:
        """Return the day that it is then."""
        now = datetime.fromtimestamp(self.moment(server), UTC)
        return now.astimezone(self.policy.timezone).date().isoformat()

    def call(
        self,
        name: str,
        *arguments: Argument,
        phone: str = NOBODY,
        purpose: str = NOBODY,
        country: str = NOBODY,
        tracks: Sequence[tuple[Track, str]] = (),
    ) -> Awaitable[Any]:
        """Run one script about these subjects and return its reply."""
        day = self._today()
        keys = self.keys.head(day.records, phone, purpose, NOBODY)
        keys += [self.keys.track(track) + subject for track, subject in tracks]
        packed = self._pack(day, [track for track, _ in tracks], about=f"{purpose}|{country}")
        return self.connection.call(name, keys, [self.now(), packed, *arguments])

    def ask(
        self, name: str, request: Request, *arguments: Argument, request_id: str = NOBODY
    ) -> Awaitable[Any]:
        """Run one script about a request and return its reply."""
        day = self._today()
        form = (
            request.purpose,
            request.country,
            request.ip is None,
            request.test,
            request.outage,
            request.effect,
        )
        packed, tracks = day.forms.get(form) or self._prepare(day, form, request)
        keys = self.keys.head(day.records, request.phone, request.purpose, request_id)
        keys += [start + getattr(request, own) if own else start for start, own in tracks]
        return self.connection.call(name, keys, [self.now(), packed, *arguments])

    def _prepare(
        self, day: _Day, form: _Form, request: Request
    ) -> tuple[bytes, list[tuple[str, str]]]:
        counted = request_tracks(self.policy, request)
        starts = []
        for track, subject in counted:
            start = self.keys.track(track)
            starts.append((start, track.per) if track.per in _OWN else (start + subject, ""))
        prepared = (
            self._pack(
                day,
                [track for track, _ in counted],
                about=f"{request.purpose}|{request.country}",
                effect=request.effect,
            ),
            starts,
        )
        if len(day.forms) >= _FORMS:
            day.forms.clear()  # of overrides that are no longer in force
        day.forms[form] = prepared
        return prepared

    def _pack(
        self,
        day: _Day,
        tracks: Sequence[Track],
        *,
        about: str,
        effect: OverrideEffect = NO_OVERRIDES,
    ) -> bytes:
        return pack_policy(
            self.policy, day.around, tracks, self._fingerprint, effect=effect, about=about
        )

    def now(self) -> Argument:
        """Return what a script is told of the time: nothing where it asks the server's clock."""
        return "" if self._clock is None else round(self._clock() * 1000)

    def _today(self) -> _Day:
        now = (self._clock or time.time)()
        _, start, end, _ = self._day.around.days
        if not start <= now * 1000 < end:
            self._day = self._begin(now)
        return self._day

    def _begin(self, now: float) -> _Day:
        around = edges(now, self.policy.timezone)
        return _Day(around, self.keys.records(around.dates))
