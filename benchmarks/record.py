"""What does remembering every decision cost, and what does a million refusals leave of it?

The day's real sends are made by the guard; then a million phones from a million addresses are
refused by the fuse. `events`, `why` and `report` must still tell every send, and the server's
memory must be what it was.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.frame.guards import SECRET, guard, reserve, scripts
from benchmarks.frame.pour import pour
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from smsctl.config import load, policy
from smsctl.core.blocking import run_blocking
from smsctl.core.naming import Keyring
from smsctl.core.policy import Policy
from smsctl.store.connection import BlockingConnection
from smsctl.store.history import RedisHistory

SENDS = sized(5_000, 500)
MILLION = sized(1_000_000, 30_000)
ASKED = 20
"""Phones about which `why` is asked."""

_SMSCTL = Path(sys.executable).parent / "smsctl"
_CONFIG = f"""\
limits:
  - {{name: phone-minute, per: phone, max: 1, window: 60s}}
  - {{name: phone-hour, per: phone, max: 5, window: 1h}}
  - {{name: ip-day, per: ip, max: 10, window: day}}
  - {{name: fuse, per: all, max: {SENDS}, window: day}}
"""


def main() -> None:
    """Measure, print and write down."""
    report = Report("record")
    with stage() as where, TemporaryDirectory() as folder:
        config = Path(folder, "config.yaml")
        config.write_text(_CONFIG, encoding="ascii")
        environ = {
            "HOME": folder,
            "SMSCTL_CONFIG": str(config),
            "SMSCTL_STORE__URL": where.url,
            "SMSCTL_CODE__SECRET": SECRET.decode(),
        }
        limits = policy(load(config, environ=environ))
        empty = where.memory()
        _send(where, limits)
        before = where.memory()
        events = sum(where.client.memory_usage(key) or 0 for key in where.client.keys("*:events:*"))
        pour(where, limits, reserve, range(SENDS, SENDS + MILLION))
        after = where.memory()
        report.bar("memory grown by a million refusals", (after - before) / 1e6, "≤", 1, " MB")
        today = _tell(report, environ)
        report.bar("keys without an expiry", where.eternal(), "=", 0)
        _table(report, where, limits, today=today, events=events)
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


def _phone(number: int) -> str:
    return f"139{number:08}"


def _send(where: Stage, limits: Policy) -> None:
    with guard(BlockingConnection(where.target), limits) as sending:
        for number in range(SENDS):
            assert sending.send(_phone(number), ip=f"198.18.{number // 256}.{number % 256}")


def _tell(report: Report, environ: dict[str, str]) -> str:
    """Ask the commands, as somebody on call would; return the date."""
    told = _ask(environ, "events", "--since", "1d")["events"]
    settled = [each for each in told if each["event"] == "settled" and each["state"] == "sent"]
    report.bar("sends that `events` tells", len(settled), "=", SENDS)
    page = _ask(environ, "report", "--days", "1")
    summed = page["total"]
    report.bar("sends that `report` tells", summed["sent"], "=", SENDS)
    report.bar("refusals that it counts", summed["refused"], "=", MILLION)
    known = 0
    for number in range(0, SENDS, SENDS // ASKED):
        entries = _ask(environ, "why", _phone(number))["entries"]
        known += [each["kind"] for each in entries] == ["send"]
    report.bar(f"of {ASKED} phones, those whose send `why` tells", known, "=", ASKED)
    return str(page["days"][0]["date"])


def _ask(environ: dict[str, str], *words: str) -> Any:
    ran = subprocess.run(
        [_SMSCTL, *words, "--json"],
        env={"PATH": os.defpath, **environ},
        capture_output=True,
        check=True,
    )
    return json.loads(ran.stdout)


def _table(report: Report, where: Stage, limits: Policy, *, today: str, events: int) -> None:
    connection = BlockingConnection(where.target)
    history = RedisHistory(scripts(connection, limits), Keyring(SECRET))
    offenders = run_blocking(history.offenders(today))["ip"]
    remembered = run_blocking(history.refusals())
    run_blocking(connection.close())
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


if __name__ == "__main__":
    main()
