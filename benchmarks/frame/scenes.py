"""Servers of which one holds few phones and the other many, each with an address and a code."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.frame.guards import commands, open_policy, reserve, scripts
from benchmarks.frame.pour import pour
from benchmarks.frame.stage import Stage, stage
from smsctl.core.policy import CodePolicy, Policy
from smsctl.core.rules import Window
from smsctl.store.connection import BlockingConnection

DAYS = 90
"""Of usage, with all that a day can hold."""

_KEYS = 3  # of a phone and its address: the code, and a limit of each
_SHARED = 4  # the secret's fingerprint, the day's tally and its events, the fuse
_HEAD = 19  # words of a command before its first limit
_CODE = 4  # the place of the code's key among them


def _lasting(policy: Policy) -> Policy:
    """Let what refuses a phone, and its code, last longer than the filling and the laps."""
    rules = tuple(
        replace(rule, window=Window.read("12h")) if rule.name == "phone-minute" else rule
        for rule in policy.rules
    )
    return replace(policy, rules=rules, code=CodePolicy(ttl=12 * 3600.0))


POLICY = _lasting(open_policy())


@dataclass(frozen=True, slots=True)
class Scene:
    """A server that holds so many phones."""

    where: Stage
    phones: int
    bytes: float
    """Of the server's memory, for each phone and its address."""

    @property
    def name(self) -> str:
        return f"{self.phones:,}"

    def forget(self, strangers: int) -> None:
        """Leave so many phones as there were, where a lap brought so many new ones."""
        new = range(self.phones, self.phones + strangers)
        gone = [
            str(key)
            for asked in commands(POLICY, reserve, new)
            for key in (asked[_CODE], *asked[_HEAD : _HEAD + 2])
        ]
        self.where.client.delete(*gone)


@contextmanager
def scenes(few: int, many: int, *, preload: str = "") -> Iterator[Sequence[Scene]]:
    """Run both servers, filled; `preload` is a library that they load first."""
    with ExitStack() as servers:
        before = os.environ.get("LD_PRELOAD", "")
        os.environ["LD_PRELOAD"] = preload or before
        small, large = servers.enter_context(stage()), servers.enter_context(stage())
        os.environ["LD_PRELOAD"] = before
        yield [_filled(small, few), _filled(large, many)]


def _filled(where: Stage, phones: int) -> Scene:
    empty = where.memory()
    pour(where, POLICY, reserve, range(phones))
    full = where.memory()
    if where.client.dbsize() != phones * _KEYS + _SHARED:
        raise RuntimeError("not every phone was taken in")
    _remember(where)
    return Scene(where, phones, (full - empty) / phones)


def _remember(where: Stage) -> None:
    """Write what the days before today have left behind: 90 tallies with all that one can hold."""
    told: list[str | int] = []
    for hour in range(24):
        about = f"|login|CN|{hour}"
        for outcome in ("sent", "rejected", "unknown", "verified"):
            told += [outcome + about, 200 + hour]
        for reason in ("captcha", "country", "denied", "locked", *(r.name for r in POLICY.rules)):
            told += [f"refused:{reason}{about}", 99]
    keys = scripts(BlockingConnection(where.target), POLICY).keys
    today = date.today()  # noqa: DTZ011 - which day is today's is not the point
    for back in range(1, DAYS + 1):
        where.client.hset(keys.day((today - timedelta(days=back)).isoformat()), items=told)
