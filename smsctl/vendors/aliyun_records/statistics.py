"""From the vendor's counts to values, a day each. Pure. A day without messages has no row.

Source: help.aliyun.com, QuerySendStatistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from smsctl.vendors.aliyun_fields import entries, whole
from smsctl.vendors.aliyun_records.values import DayCount


def counts_of(
    bodies: Iterable[object], *, first: date, last: date
) -> Mapping[date, DayCount | None]:
    """Return the count of each of these days; None where the vendor's cannot be read.

    Rows of other days are not counted. The same row on two pages is one; where two rows of a day
    differ, the larger stands, and the count is disputed.
    """
    found: dict[date, DayCount | None] = {
        first + timedelta(days=n): None for n in range((last - first).days + 1)
    }
    bodies = list(bodies)
    rows = [row for body in bodies for row in entries(getattr(_within(body), "target_list", None))]
    told = {day: [row for row in rows if _day(row) == day] for day in found}
    whole_list = (
        all(_within(body) is not None for body in bodies)
        # Where a row's day is unreadable, it may be any that has no row.
        and all(_day(row) is not None for row in rows)
        and len(rows) >= max(map(rows_told, bodies), default=0)
    )
    for day, same in told.items():
        if same:
            found[day] = _merged([_count(day, row) for row in same])
        elif whole_list:
            found[day] = DayCount(day=day, total=0, delivered=0, failed=0, waiting=0)
    return found


def rows_told(body: object) -> int:
    """Return how many rows the vendor says that there are."""
    return whole(getattr(_within(body), "total_size", None)) or 0


def _within(body: object) -> Any:
    return getattr(body, "data", None)


def _day(row: Any) -> date | None:
    told = str(whole(getattr(row, "send_date", None)) or "")
    try:
        return datetime.strptime(f"{told}+0000", "%Y%m%d%z").date()
    except ValueError:
        return None


def _count(day: date, row: Any) -> DayCount | None:
    total = _natural(getattr(row, "total_count", None))
    if total is None:
        return None
    return DayCount(
        day=day,
        total=total,
        delivered=_natural(getattr(row, "responded_success_count", None)),
        failed=_natural(getattr(row, "responded_fail_count", None)),
        waiting=_natural(getattr(row, "no_responded_count", None)),
    )


def _merged(told: list[DayCount | None]) -> DayCount | None:
    counts = [each for each in told if each is not None]
    if len(counts) < len(told):
        return None
    most = max(counts, key=lambda each: each.total)
    if all(each == most for each in counts):
        return most
    return replace(most, disputed=True)


def _natural(told: object) -> int | None:
    number = whole(told)
    return number if number is not None and number >= 0 else None
