"""What does remembering every decision cost, and what does a million refusals leave of it?

The day's real sends are made first; then a million phones from a million addresses are refused by
the fuse. Every send must still be told, and the server's memory must be what it was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from benchmarks.frame.guards import SECRET, SHIPPED, commands, reserve, scripts, settle
from benchmarks.frame.pour import pour
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from smsctl.core.admin import Day
from smsctl.core.blocking import run_blocking
from smsctl.core.breakdown import by_cells
from smsctl.core.history import Admitted, Settled
from smsctl.core.naming import Keyring
from smsctl.core.rules import Rule, Window
from smsctl.store.admin import RedisAdmin
from smsctl.store.connection import BlockingConnection
from smsctl.store.history import RedisHistory
from smsctl.store.scripts import script

SENDS = sized(5_000, 500)
MILLION = sized(1_000_000, 30_000)
_FUSE = Rule(name="fuse", per="all", max=SENDS, window=Window.read("day"))
_POLICY = replace(SHIPPED, rules=(*(rule for rule in SHIPPED.rules if rule.per != "all"), _FUSE))


def main() -> None:
    """Measure, print and write down."""
    report = Report("record")
    with stage() as where:
        for name in ("reserve", "settle"):
            where.client.script_load(script(name).text)
        empty = where.memory()
        for call in (reserve, settle):
            _run(where, commands(_POLICY, call, range(SENDS)))
        before = where.memory()
        events = sum(where.client.memory_usage(key) or 0 for key in where.client.keys("*:events:*"))
        pour(where, _POLICY, reserve, range(SENDS, SENDS + MILLION))
        after = where.memory()
        _tell(report, where, events, after - before)
        report.table(
            "Memory of the server, MB",
            ["when", "MB"],
            [
                ["empty", empty / 1e6],
                [f"after {SENDS:,} sends", before / 1e6],
                [f"after {MILLION:,} refusals", after / 1e6],
            ],
        )
    report.close()


def _tell(report: Report, where: Stage, events: int, grown: int) -> None:
    connection = BlockingConnection(where.target)
    asked = scripts(connection, _POLICY)
    history, admin = RedisHistory(asked, Keyring(SECRET)), RedisAdmin(asked)
    (day,) = run_blocking(admin.usage(1))
    found = run_blocking(history.events(day.date, most=10 * SENDS)).events
    admitted = {each.request_id for each in found if isinstance(each, Admitted)}
    settled = {each.request_id for each in found if isinstance(each, Settled)}
    offenders = run_blocking(history.offenders(day.date))["ip"]
    remembered = run_blocking(history.refusals())
    run_blocking(connection.close())
    report.bar("memory grown by a million refusals", grown / 1e6, "≤", 1, " MB")
    report.bar("sends still told", len(admitted & settled), "=", SENDS)
    report.bar("refusals counted", _refused(day), "=", MILLION)
    report.bar("keys without an expiry", where.eternal(), "=", 0)
    report.table(
        "What is remembered",
        ["of", "figure"],
        [
            ["bytes of a send in the record", events / SENDS],
            ["refusals one by one", len(remembered.entries)],
            ["offenders", len(offenders.entries)],
            ["their error", offenders.error],
        ],
    )


def _refused(day: Day) -> int:
    return sum(share.refused for share in by_cells([day], "rule"))


def _run(where: Stage, asked: Any) -> None:
    pipeline = where.client.pipeline(transaction=False)
    for command in asked:
        pipeline.execute_command(*command)
    pipeline.execute()


if __name__ == "__main__":
    main()
