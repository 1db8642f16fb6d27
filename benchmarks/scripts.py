"""What do the scripts cost the server, and what do phones cost its memory?

The time is the server's own (commandstats), over that of a script that does nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.frame.guards import Call, commands, look, open_policy, reserve, settle, verify
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from smsctl.store.command import Command
from smsctl.store.scripts import script

COUNT = 1_000
ROUNDS = sized(60, 15)
PHONES = sized(200_000, 20_000)

_NOTHING = "return 1"
_POLICY = open_policy()


def main() -> None:
    """Measure, print and write down."""
    report = Report("scripts")
    with stage() as where:
        for name in ("look", "reserve", "settle", "verify"):
            where.client.script_load(script(name).text)
        _times(where, report)
        _memory(where, report)
    report.close()


def _times(where: Stage, report: Report) -> None:
    empty: Command = ("EVALSHA", where.client.script_load(_NOTHING), 0)
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(ROUNDS):
        where.clear()
        base = _script(where, [empty] * 4 * COUNT)
        for name, call, first in _CASES:
            spent = _script(where, commands(_POLICY, call, range(first, first + COUNT)))
            rows.setdefault(name, []).append((spent, base, spent / base))
    # The least of several rounds: whatever else the machine does only adds.
    base = min(each[1] for spent in rows.values() for each in spent)
    told = {name: min(each[0] for each in spent) for name, spent in rows.items()}
    report.table(
        f"Time in the script, µs (least of {ROUNDS} rounds; `{_NOTHING}`: {base:.2f})",
        ["call", "µs", "over nothing"],
        [[name, spent, spent / base] for name, spent in told.items()],
    )
    for name, bar in (("reserve, refused with its tally", 14), ("reserve, new phone", 45)):
        ratios = sorted(each[2] for each in rows[name])
        report.bar(
            f"script time, {name}", (told[name] / base, ratios[0], ratios[-1]), "≤", bar, "x"
        )


_CASES: tuple[tuple[str, Call, int], ...] = (
    ("reserve, new phone", reserve, 0),
    ("reserve, refused with its tally", reserve, 0),
    ("look, nothing refuses", look, COUNT),
    ("look, refused with its tally", look, 0),
    ("verify, nothing to compare", verify, COUNT),
    ("verify, wrong", verify, 0),
)


def _script(where: Stage, asked: Sequence[Command]) -> float:
    """Return the µs of a call."""
    before = where.spent()
    _run(where, asked)
    spent = where.spent().since(before)
    return spent.script / spent.scripts


def _run(where: Stage, asked: Sequence[Command]) -> list[Any]:
    pipeline = where.client.pipeline(transaction=False)
    for command in asked:
        pipeline.execute_command(*command)
    return pipeline.execute()


def _memory(where: Stage, report: Report) -> None:
    where.clear()
    empty = where.memory()
    codes: list[str] = []
    for first in range(0, PHONES, COUNT):
        numbers = range(first, first + COUNT)
        asked = commands(_POLICY, reserve, numbers)
        _run(where, asked)
        _run(where, commands(_POLICY, settle, numbers))
        codes += [str(command[4]) for command in asked]
    full = where.memory()
    eternal = where.eternal()
    where.client.config_set("lazyfree-lazy-user-del", "no")  # gone when DEL answers
    where.client.delete(*codes)  # what their expiry does after five minutes
    expired = where.memory()
    where.client.delete(*where.client.keys("*:events:*"))  # what theirs does after nine days
    limits = where.memory()
    record, day = (expired - limits) / PHONES, (limits - empty) / PHONES
    minute = (full - expired) / PHONES + day
    report.table(
        f"Memory of a phone and its address, bytes ({PHONES:,} of each)",
        ["of", "bytes"],
        [
            ["limits and code, first minute", minute],
            ["limits after the code expired, for a day", day],
            ["the record of a send, for nine days", record],
        ],
    )
    report.bar("memory of a phone and its address, first minute", minute, "≤", 600, " B")
    report.bar("the same after the code expired", day, "≤", 300, " B")
    report.bar("keys without an expiry", eternal, "=", 0)


if __name__ == "__main__":
    main()
