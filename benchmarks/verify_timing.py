"""What does the time that `verify` takes tell a stranger about a phone's code?

One caller, all kinds of rejections interleaved by chance, on a store without an fsync for each
write. Nothing was promised here: the differences are measured and reported.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from benchmarks.frame.guards import SECRET, guard, new_code, open_policy, request, wrong_guess
from benchmarks.frame.pour import pour
from benchmarks.frame.report import Report, sized
from benchmarks.frame.stage import Stage, stage
from benchmarks.frame.three import phone
from smsctl import Guard, Rejected
from smsctl.core.naming import Keyring
from smsctl.core.policy import CodePolicy
from smsctl.store.connection import BlockingConnection
from smsctl.store.store import RedisStore

EACH = sized(20_000, 800)
JITTER = 1000.0
"""µs that a network adds to or takes from an answer; a good one."""

_POLICY = open_policy()
_KEYRING = Keyring(SECRET)
_PATIENT = replace(_POLICY, code=CodePolicy(tries=255))
"""Makes codes that outlive as many tries as lock a phone."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A rejection, and what came before it."""

    name: str
    reason: str
    tries: int | None
    """Wrong tries before; None where there never was a code."""
    writes: str


_KINDS = (
    Kind("wrong", "mismatch", 0, "the try, the code"),
    Kind("none: never sent, expired or used", "missing", None, "nothing"),
    Kind("burning: the last wrong try", "exhausted", 2, "the try, the code twice"),
    Kind("burnt before", "missing", 3, "nothing"),
    Kind("locked", "locked", 20, "nothing"),
)


def main() -> None:
    """Measure, print and write down."""
    report = Report("verify_timing")
    with stage() as where:
        for place, kind in enumerate(_KINDS):
            _prepare(where, kind, range(place * EACH, (place + 1) * EACH))
        with guard(BlockingConnection(where.target), _POLICY) as asked:
            _tell(_times(asked), report)
    report.close()


def _prepare(where: Stage, kind: Kind, numbers: range) -> None:
    if kind.tries is None:
        return
    policy = _PATIENT if kind.reason == "locked" else _POLICY
    pour(where, policy, _reserve, numbers)
    for _ in range(kind.tries):
        pour(where, policy, _verify, numbers)


def _reserve(store: RedisStore, number: int) -> Coroutine[Any, Any, object]:
    return store.reserve(replace(request(number), phone=_name(number)), new_code(number))


def _verify(store: RedisStore, number: int) -> Coroutine[Any, Any, object]:
    return store.verify(replace(wrong_guess(number), phone=_name(number)))


def _name(number: int) -> str:
    return _KEYRING.name("phone", phone(number))


def _times(asked: Guard) -> Mapping[Kind, Sequence[float]]:
    """Return the µs of each call, ascending."""
    calls = [(kind, place * EACH + n) for place, kind in enumerate(_KINDS) for n in range(EACH)]
    Random(12).shuffle(calls)
    times: dict[Kind, list[float]] = {kind: [] for kind in _KINDS}
    gc.collect()
    gc.disable()  # its pauses would fall on anybody
    for kind, number in calls:
        start = time.perf_counter()
        answer = asked.verify(phone(number), "000000")
        times[kind].append(1e6 * (time.perf_counter() - start))
        if not (isinstance(answer, Rejected) and answer.reason == kind.reason):
            raise RuntimeError(f"{kind.name} was answered otherwise")
    gc.enable()
    return {kind: sorted(each) for kind, each in times.items()}


def _tell(times: Mapping[Kind, Sequence[float]], report: Report) -> None:
    wrong = times[_KINDS[0]]
    spread = (_share(wrong, 0.84) - _share(wrong, 0.16)) / 2  # σ, were it a bell
    rows: list[list[object]] = []
    for kind, each in times.items():
        apart = _share(each, 0.5) - _share(wrong, 0.5)
        calls = ["", ""]
        if each is not wrong:
            calls = [f"{max(1, (noise / apart) ** 2):,.0f}" for noise in (spread, JITTER)]
        figures = [round(_share(each, share), 1) for share in (0.5, 0.9, 0.99)]
        rows.append([kind.name, *figures, round(apart, 1), kind.writes, *calls])
    report.table(
        f"Time to the answer of verify, µs ({EACH:,} calls each, interleaved)",
        [
            "rejected",
            "p50",
            "p90",
            "p99",
            "from wrong",
            "it writes",
            f"calls, σ {spread:.0f} µs",
            f"calls, σ {JITTER / 1000:.0f} ms",
        ],
        rows,
    )
    report.note(
        "“Calls”: as many as a stranger would have to average to tell this kind from wrong, "
        "(σ/Δ)²: beside the server, and over a network. A live code gives him two: each is "
        f"counted, the third burns the code, and {_POLICY.code.wrong_max} in 24 h lock the phone."
    )
    report.note(
        "The difference is the writing that counting a try takes. It stays: a try that is compared "
        "before it is counted could be had for free."
    )


def _share(ascending: Sequence[float], share: float) -> float:
    return ascending[int(share * len(ascending))]


if __name__ == "__main__":
    main()
