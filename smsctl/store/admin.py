"""The operator's side of the store: what is held, cleared, counted and written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

import msgspec

from smsctl.core.admin import Act, Day, Level, LiveCode, Selection, Standing
from smsctl.core.rules import MAX_TRACKS
from smsctl.core.tracks import selected_tracks
from smsctl.store import replies
from smsctl.store.calls import Scripts
from smsctl.store.command import Command
from smsctl.store.format import AUDIT_GENERATION
from smsctl.store.records import day_cells

_NOBODY = "-"
_ACTS = 1000


class RedisAdmin:
    """Answers operators, from the same keys that the guard decides by."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def show(self, selection: Selection) -> Standing:
        levels: list[Level] = []
        codes: list[LiveCode] = []
        wrong = 0
        selected = selected_tracks(self._scripts.policy, selection)
        purposes = list(selection.purposes) if selection.phone else []
        # One call shows twelve tracks and one purpose's codes; most policies need no second.
        while selected or purposes:
            purpose = purposes.pop(0) if purposes else _NOBODY
            part, selected = selected[:MAX_TRACKS], selected[MAX_TRACKS:]
            shown = replies.standing(
                await self._scripts.call(
                    "show", phone=selection.phone or _NOBODY, purpose=purpose, tracks=part
                ),
                subjects=[subject for _, subject in part],
                purpose=purpose,
            )
            levels += shown.levels
            codes += shown.codes
            wrong = shown.wrong
        return Standing(levels=levels, codes=codes, wrong=wrong)

    async def reset(self, selection: Selection, *, codes: bool) -> None:
        selected = selected_tracks(self._scripts.policy, selection)
        purposes = list(self._scripts.policy.purposes) if codes else []
        while selected or purposes:
            purpose = purposes.pop(0) if purposes else None
            part, selected = selected[:MAX_TRACKS], selected[MAX_TRACKS:]
            replies.done(
                await self._scripts.call(
                    "reset",
                    "1" if purpose is not None else "",
                    phone=selection.phone or _NOBODY,
                    purpose=purpose or _NOBODY,
                    tracks=part,
                )
            )

    async def usage(self, days: int) -> Sequence[Day]:
        keys = self._scripts.keys
        # A day more than asked for: the store's clock, not this host's, says which is the last.
        latest = date.fromisoformat(self._scripts.edges().dates[2])
        dates = [(latest - timedelta(days=back)).isoformat() for back in range(days + 1, -1, -1)]
        asked: list[Command] = [("TIME",)]
        for day in dates:
            # Both at one moment: meanwhile refusals move from the one into the other.
            asked += [("HGETALL", keys.day(day)), ("GET", keys.refusals(day))]
        told = await self._scripts.connection.read([("MULTI",), *asked, ("EXEC",)])
        now, *held = replies.executed(told)
        today = self._scripts.date(replies.seconds(now))
        found = [
            Day.of(day, day_cells(replies.raw_pairs(tally), refusals, self._scripts.newer))
            for day, tally, refusals in zip(dates, held[::2], held[1::2], strict=True)
            if day <= today
        ]
        return found[-days:]

    async def record(self, act: Act) -> None:
        replies.done(
            await self._scripts.connection.call(
                "record",
                [self._scripts.keys.audit],
                [msgspec.json.encode({"generation": AUDIT_GENERATION, **asdict(act)})],
            )
        )

    async def acts(self) -> Sequence[Act]:
        (kept,) = await self._scripts.connection.read(
            [("LRANGE", self._scripts.keys.audit, 0, _ACTS - 1)]
        )
        try:
            return [act for each in kept if (act := self._act(each)) is not None]
        except (msgspec.MsgspecError, UnicodeError, TypeError):
            raise replies.unreadable() from None

    def _act(self, kept: bytes) -> Act | None:
        if msgspec.json.decode(kept, type=_Audit).generation != AUDIT_GENERATION:
            self._scripts.newer.note("audit", kept)
            return None
        return msgspec.json.decode(kept, type=Act)


class _Audit(msgspec.Struct):
    """What every generation of an audit record has."""

    generation: object
