"""`usage --check` and its like: one line for monitoring, and an exit code from 0 to 3."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from smsctl.cli.commands import plugin
from smsctl.cli.commands.fuses import Fuse, fuses
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.core.admin import ADMITTED, Selection
from smsctl.core.blocking import run_blocking
from smsctl.core.edges import edges
from smsctl.core.phrase import phrase
from smsctl.core.rules import raise_rules

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms


def checked(run: Run, chosen: Sequence[str], warning: str | None, critical: str | None) -> Result:
    """Return the verdict of the one check that was asked for: fuse, conversion or gateway.

    Raises UsageError for several, and for thresholds that are none.
    """
    if len(chosen) > 1:
        raise UsageError("one check at a time")
    match chosen[0]:
        case "conversion":
            low, high = thresholds(warning or "50", critical or "30", falling=True)
            run.config().require("conversion")
            return verdict(_conversion(run.parts(), warning=high, critical=low))
        case "gateway":
            low, high = thresholds(warning or "5", critical or "20")
            return verdict(_gateway(run.parts(), warning=low, critical=high))
        case _:
            low, high = thresholds(warning or "80", critical or "95")
            found = fuses_in_force(run.parts())
            return verdict(plugin.verdict(found, warning=low, critical=high))


def _conversion(parts: Parts, *, warning: float, critical: float) -> plugin.PluginStatus:
    counts = _hours(parts, back=(1,))
    sent = sum(counts[what] for what in ADMITTED)
    least = parts.config.alerts.conversion.min
    verified = counts["verified"]
    return plugin.conversion(verified, sent, least=least, warning=warning, critical=critical)


def _gateway(parts: Parts, *, warning: float, critical: float) -> plugin.PluginStatus:
    counts = _hours(parts, back=(0, 1))
    failed = counts["rejected"] + counts["unknown"]
    made = failed + counts["sent"]
    return plugin.gateway(failed, made, warning=warning, critical=critical)


def _hours(parts: Parts, *, back: Sequence[int]) -> Counter[str]:
    """Return the outcomes of the hours that began so many hours before this one."""
    _, now = run_blocking(parts.overrides.read())
    days = run_blocking(parts.admin.usage(2))
    counts: Counter[str] = Counter()
    for hours in back:
        at = now - hours * 3600
        around = edges(at, parts.policy.timezone)
        hour = int(at * 1000 - around.days[1]) // 3_600_000
        for day in days:
            for cell, count in day.cells.items():
                if (day.date, cell.hour) == (around.dates[1], hour):
                    counts[cell.what] += count
    return counts


def fuses_in_force(parts: Parts) -> Sequence[Fuse]:
    """Return the fuses as they are in force, the raised ones raised."""
    book, now = run_blocking(parts.overrides.read())
    raised = book.raised(now)
    standing = run_blocking(parts.admin.show(Selection(all=True, raised=raised)))
    policy = replace(parts.policy, rules=raise_rules(parts.policy.rules, raised))
    return fuses(policy, standing, now=time.time())


def thresholds(warning: str, critical: str, *, falling: bool = False) -> tuple[float, float]:
    """Return the two thresholds, the lower one first: the critical one where less is worse.

    Raises UsageError.
    """
    early, late = plugin.read_percent(warning), plugin.read_percent(critical)
    if early is None or late is None:
        raise UsageError("-w and -c are percentages from 0 to 100")
    if falling and early < late:
        raise UsageError("-w is below -c", hint=phrase("warn before it is critical"))
    if not falling and early > late:
        raise UsageError("-w is above -c", hint=phrase("warn before it is critical"))
    return min(early, late), max(early, late)


def verdict(told: plugin.PluginStatus) -> Result:
    """Return the one line, and its exit code."""
    return plugin.result_of(told, "usage_check")
