"""Alerts that no single decision can raise: low conversion, and a fuse that was full before.

Both are looked for now and then, by `smsctl alert run` and by whoever delivers; the store sees
that each is raised once in its window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smsctl.config.alerts import Conversion
from smsctl.core.admin import ADMITTED, Admin, Day, Selection
from smsctl.core.alerts import Alert
from smsctl.core.blocking import run_blocking
from smsctl.core.edges import edges
from smsctl.core.pace import calendar_window
from smsctl.core.policy import Policy
from smsctl.core.rules import raise_rules
from smsctl.wiring.parts import Parts

_HOUR = 3600


def sweep(
    parts: Parts, conversion: Conversion, *, now: float, raised: Mapping[str, int]
) -> Sequence[Alert]:
    """Raise what is due at `now`; return what was new. Raises StoreUnavailable."""
    days = run_blocking(parts.admin.usage(2))
    due = [*low_conversion(days, parts.policy, conversion, now=now)]
    due += _full(parts.admin, parts.policy, raised, now)
    return [alert for alert in due if run_blocking(parts.outbox.raise_alert(alert))]


def low_conversion(
    days: Sequence[Day], policy: Policy, conversion: Conversion, *, now: float
) -> Iterator[Alert]:
    """Yield an alert for each purpose whose last whole hour converted too badly."""
    around = edges(now, policy.timezone)
    midnight = around.days[1] / 1000
    hour = int((now - midnight) // _HOUR) - 1
    date = around.dates[1]
    if hour < 0:
        hour, date, midnight = hour + 24, around.dates[0], around.days[0] / 1000
    day = next((each for each in days if each.date == date), None)
    if day is None or conversion.below == 0:
        return
    for purpose in policy.purposes:
        of_it = [
            (cell.what, count)
            for cell, count in day.cells.items()
            if cell.purpose == purpose and cell.hour == hour
        ]
        sent = sum(count for what, count in of_it if what in ADMITTED)
        verified = sum(count for what, count in of_it if what == "verified")
        if sent >= conversion.min and verified * 100 < conversion.below * sent:
            yield Alert(
                kind="conversion",
                subject=purpose,
                level=conversion.below,
                ends=midnight + (hour + 2) * _HOUR,
                at=now,
                figures=(verified, sent),
            )


def _full(admin: Admin, policy: Policy, raised: Mapping[str, int], now: float) -> Iterator[Alert]:
    """Yield the thresholds of calendar fuses that are reached: by whom may be long over."""
    rules = {rule.name: rule for rule in raise_rules(policy.rules, raised) if rule.fuse}
    standing = run_blocking(admin.show(Selection(all=True, raised=raised)))
    for level in standing.levels:
        rule = rules.get(level.rule)
        if rule is None or rule.window.unit == "rolling":
            continue
        _, ends = calendar_window(rule.window.unit, now, policy.timezone)
        subject = f"{rule.name}@{rule.max}" if rule.name in raised else rule.name
        for percent in policy.thresholds:
            if level.used * 100 >= percent * rule.max:
                yield Alert(
                    kind="fuse",
                    subject=subject,
                    level=percent,
                    ends=ends,
                    at=now,
                    figures=(level.used, rule.max),
                )
