"""`usage -o prom`: today's counts as a textfile for node_exporter, or for whoever scrapes a file.

Source: the Prometheus text exposition format 0.0.4. Counters begin anew at midnight, which `rate`
takes for a reset. What can be counted is there at 0 from the start: else the first is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate, product
from typing import TYPE_CHECKING, get_args

from smsctl.cli.commands.fuses import Fuse
from smsctl.cli.commands.usage.documents import admitted
from smsctl.core.admin import Day
from smsctl.core.answers import RefusedReason
from smsctl.core.blocking import run_blocking
from smsctl.core.history import Settled
from smsctl.core.policy import Policy

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms

_REASONS = sorted({*get_args(RefusedReason)} - {"limit", "fuse"})  # these two name their rule
_OUTCOMES = ("sent", "rejected", "unknown")
_BESIDES = {
    "verified": "Codes of today that were verified, by purpose.",
    "test": "Codes of today to test numbers, by purpose: nothing was sent.",
    "outage": "Sends of today without a captcha's verdict, by purpose.",
}
_FUSES = {
    "used": "What the fuse's window has used.",
    "max": "What the fuse admits, raised or not.",
    "ratio": "How full the fuse is.",
}
_CHUNKS = (500, *(5000,) * 40)  # places that are looked through for the last success, newest first

Labels = Mapping[str, str]
Sample = tuple[Labels, float]


def prom_text(
    day: Day, found: Sequence[Fuse], *, policy: Policy, last_success: float | None, now: float
) -> str:
    """Return the page of one day; `now` and `last_success` are Unix seconds."""
    purposes = policy.purposes
    lines = [*_metric("up", "gauge", "Whether the store answered.", [({}, 1)])]
    lines += _metric(
        "sends_total",
        "counter",
        "Sends of today by outcome and purpose.",
        _cells(day, _OUTCOMES, purposes),
    )
    for what, help_ in _BESIDES.items():
        cells = _cells(day, [what], purposes)
        counts = [({"purpose": of["purpose"]}, count) for of, count in cells]
        lines += _metric(f"{what}_total", "counter", help_, counts)
    pending = _cells(day, ["pending"], purposes)
    lines += _metric("pending", "gauge", "Sends whose outcome is not known yet.", pending)
    enforced = [rule.name for rule in policy.rules if rule.mode == "enforce"]
    refused = _named(day.refused, [*enforced, *_REASONS])
    lines += _metric("refused_total", "counter", "Refusals of today by rule or reason.", refused)
    observed = _named(day.observed, [r.name for r in policy.rules if r.mode == "observe"])
    lines += _metric("observed_total", "counter", "What observing rules would refuse.", observed)
    ratios: dict[str, list[Sample]] = {"used": [], "max": [], "ratio": []}
    for fuse in found:
        of, most = {"rule": fuse.rule.name}, fuse.rule.max
        for name, value in (("used", fuse.used), ("max", most), ("ratio", fuse.used / most)):
            ratios[name].append((of, value))
    for name, help_ in _FUSES.items():
        lines += _metric(f"fuse_{name}", "gauge", help_, ratios[name])
    if sent := admitted(day):
        share = day.outcomes.get("verified", 0) / sent
        told = "Verified codes over what was sent, or may have been."
        lines += _metric("conversion_ratio", "gauge", told, [({}, share)])
    if last_success is not None:
        lines += _metric(
            "last_success_timestamp_seconds",
            "gauge",
            "When the gateway last took a message.",
            [({}, last_success)],
        )
    return "\n".join([*lines, *_collected(now)]) + "\n"


def down_text(*, now: float) -> str:
    """Return the page of a store that does not answer."""
    up = _metric("up", "gauge", "Whether the store answered.", [({}, 0)])
    return "\n".join([*up, *_collected(now)]) + "\n"


def last_success(parts: Parts, today: str) -> float | None:
    """Return when the gateway last took a message, of today's and yesterday's newest events."""
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    for day in (today, yesterday):
        for size, back in zip(_CHUNKS, accumulate(_CHUNKS), strict=True):
            page = run_blocking(parts.history.events(day, after=-back, most=size))
            taken = [
                event.at
                for event in page.events
                if isinstance(event, Settled) and event.state == "sent"
            ]
            if taken:
                return max(taken)
            if page.after < size - back:
                break
    return None


def _named(counts: Mapping[str, int], known: Iterable[str]) -> list[Sample]:
    whole = {**dict.fromkeys(known, 0), **counts}
    return [({"rule": rule}, count) for rule, count in sorted(whole.items())]


def _cells(day: Day, outcomes: Sequence[str], purposes: Iterable[str]) -> list[Sample]:
    counts = dict.fromkeys(product(outcomes, purposes), 0)
    for cell, count in day.cells.items():
        if cell.what in outcomes:
            key = (cell.what, cell.purpose)
            counts[key] = counts.get(key, 0) + count
    return [
        ({"outcome": what, "purpose": purpose}, count)
        for (what, purpose), count in sorted(counts.items())
    ]


def _collected(now: float) -> Iterator[str]:
    told = "When this was written."
    return _metric("collected_timestamp_seconds", "gauge", told, [({}, now)])


def _metric(name: str, kind: str, help_: str, samples: Sequence[Sample]) -> Iterator[str]:
    if not samples:
        return
    yield f"# HELP smsctl_{name} {help_}"
    yield f"# TYPE smsctl_{name} {kind}"
    for labels, value in samples:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"smsctl_{name}{{{told}}} {value!r}" if told else f"smsctl_{name} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
