"""The record of decisions, read back: sends one by one, refusals coalesced, offenders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from smsctl.core.history import Offenders, Page, Receipt, Refusals
from smsctl.core.naming import Keyring
from smsctl.store import records, replies
from smsctl.store.calls import Scripts
from smsctl.store.command import Command

_KEPT = 8 * 86_400  # s; how long `parts/digest.lua` keeps what it digested
_DAYS = 10  # what these eight days may touch, and a day on either side for clocks


class RedisHistory:
    """Reads what the scripts wrote; only the secret's owner can tell who is meant."""

    def __init__(self, scripts: Scripts, keyring: Keyring) -> None:
        self._scripts = scripts
        self._decrypt = keyring.decrypt
        self._newer = scripts.newer

    async def events(self, date: str, *, after: int = 0, most: int = 1000) -> Page:
        key = self._scripts.keys.events(date)
        (found,) = await self._scripts.connection.read([("LRANGE", key, after, after + most - 1)])
        packed = replies.texts(found)
        # What was taken out of the record left a blank (`parts/take_out.lua`).
        read = (records.event(entry, self._decrypt, self._newer) for entry in packed if entry)
        return Page([event for event in read if event is not None], after + len(packed))

    async def refusals(self) -> Refusals:
        keys, latest = self._scripts.keys, date.fromisoformat(self._scripts.edges().dates[2])
        # A day's rest is digested only where it grows: on a quiet system it lies there undigested.
        days = [latest - timedelta(days=back) for back in range(_DAYS, -1, -1)]
        asked: list[Command] = [("GET", keys.refusals(day.isoformat())) for day in days]
        now, kept, *recent = await self._at_once(("TIME",), ("LRANGE", keys.earlier, 0, -1), *asked)
        since = first = self._scripts.moment(replies.seconds(now)) - _KEPT
        packed = replies.texts(kept)
        blocks = list(records.earlier(packed, self._decrypt, self._newer))
        if records.rolled(packed):
            since = max([since, *(min(each.first for each in block) for block in blocks[:1])])
        entries = [each for block in blocks for each in block]
        for undigested in recent:
            entries += records.recent(undigested or b"", self._decrypt, self._newer)
        entries = [entry for entry in entries if entry.last >= first]
        entries.sort(key=lambda entry: entry.last, reverse=True)
        return Refusals(entries=entries, complete_since=since)

    async def offenders(self, date: str) -> Mapping[Literal["ip", "prefix"], Offenders]:
        keys = self._scripts.keys
        day = keys.day(date)
        addresses, prefixes, recent = await self._at_once(
            ("HGET", day, "offenders:ip"),
            ("HGET", day, "offenders:prefix"),
            ("GET", keys.refusals(date)),
        )
        return {
            "ip": records.offenders(addresses, recent or b"", "ip", self._decrypt, self._newer),
            "prefix": records.offenders(
                prefixes, recent or b"", "prefix", self._decrypt, self._newer
            ),
        }

    async def note(self, receipts: Sequence[Receipt]) -> None:
        if receipts:
            packed = [records.pack_receipt(each) for each in receipts]
            replies.done(await self._scripts.call("note", *packed))

    async def _at_once(self, *commands: Command) -> Sequence[Any]:
        """Return what these commands answer at one moment."""
        told = await self._scripts.connection.read([("MULTI",), *commands, ("EXEC",)])
        return replies.executed(told)
