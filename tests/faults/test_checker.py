"""The checker can't pass vacuously: each kind of breach, seeded by one, is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checker import End, check
from tests.faults.history import Deed, History, Recorder, Taken, read_history
from tests.faults.world import LOGIN, PAY, world

POLICY = world(fuse=4, zone="Asia/Shanghai")


def send(phone: int, purpose: str = LOGIN, *, turn: int = 0, **more: Any) -> Deed:
    fields: dict[str, Any] = {
        "act": "send",
        "phone": f"phone-{phone}",
        "ip": f"ip-{phone // 2}",
        "purpose": purpose,
        "request": f"{phone}-{purpose}-{turn}",
        "began": 1.0 + phone,
        "ended": 1.5 + phone,
        "outcome": "sent",
    }
    return Deed(**(fields | more))


def verify(phone: int, outcome: str, *, turn: int = 0, **more: Any) -> Deed:
    left = {"mismatch": 2 - turn, "exhausted": 0}.get(outcome, 0)
    kind = outcome if outcome in {"verified", "unavailable"} else "rejected"
    fields: dict[str, Any] = {
        "act": "verify",
        "request": "",
        "outcome": kind,
        "detail": outcome,
        "left": left,
        "began": 10.0 + turn,
        "ended": 10.5 + turn,
    }
    return send(phone, **(fields | more))


# Phone 0: two wrong tries, then right. Phone 1: burnt. Phone 2: no answer, then refused.
GOOD = [
    send(0),
    verify(0, "mismatch"),
    verify(0, "mismatch", turn=1),
    verify(0, "verified", turn=2),
    verify(0, "missing", turn=3),
    send(1),
    send(1, turn=1, outcome="refused", detail="once"),
    verify(1, "mismatch"),
    verify(1, "mismatch", turn=1),
    verify(1, "exhausted", turn=2),
    send(2, outcome="unavailable"),
    send(2, turn=1, outcome="refused", detail="once"),
    *(send(3, PAY, turn=turn) for turn in range(3)),
    verify(3, "unavailable", purpose=PAY),
]
TAKEN = [Taken(deed.request, deed.ended) for deed in GOOD if deed.outcome == "sent"]
USED = {
    **{("once", f"phone-{number}"): count for number, count in enumerate((1, 1, 1))},
    ("thrice", "phone-3"): 3,
    ("address", "ip-0"): 2,
    ("address", "ip-1"): 4,
    ("fuse", "all"): 3,
}
WRONG = {"phone-0": 2, "phone-1": 3, "phone-3": 1}
END = End(used=USED, wrong=WRONG)


def found(
    deeds: list[Deed] | None = None,
    taken: list[Taken] | None = None,
    end: End | None = END,
    **more: Any,
) -> dict[str, int]:
    history = History(GOOD if deeds is None else deeds, TAKEN if taken is None else taken)
    counts = check(history, POLICY, end, **more).counts
    return {str(column): count for column, count in counts.items()}


def used(**more: int) -> End:
    """Return the end with other counts; `once_phone_0` is that rule's for that phone."""
    changed = {
        (n.partition("_")[0], n.partition("_")[2].replace("_", "-")): c for n, c in more.items()
    }
    return replace(END, used=USED | changed)


def test_a_good_history_has_no_findings() -> None:
    """Whether or not the call without an answer was counted."""
    assert found() == {}
    assert found(end=used(once_phone_2=0, fuse_all=2, address_ip_1=3)) == {}
    assert found(end=replace(END, wrong=WRONG | {"phone-3": 0})) == {}


@pytest.mark.parametrize(
    ("deeds", "column"),
    [
        ([send(0, turn=9)], "overshoot"),
        ([send(3, PAY, turn=9)], "overshoot"),
        ([send(0, turn=9, outcome="unknown")], "overshoot"),
        ([send(0, PAY, turn=turn, ip="ip-9") for turn in range(3)]
         + [send(1, PAY, turn=turn, ip="ip-9") for turn in range(3)], "overshoot"),
        ([send(number, turn=9, ip=None) for number in (6, 7, 8)], "overshoot"),
        ([verify(0, "verified", turn=3)], "successes"),
        ([verify(9, "verified")], "successes"),
        ([verify(1, "mismatch", turn=1)], "guesses"),
        ([verify(0, "mismatch", left=0)], "guesses"),
        ([verify(1, "mismatch", began=99.0, left=7)], "guesses"),
        ([verify(9, "mismatch")], "guesses"),
        ([send(8, outcome="unforeseen", detail="KeyError")], "unforeseen"),
        ([send(8, PAY, outcome="sent", ended=0.0)], "unforeseen"),
    ],
    ids=[
        "rolling by one", "rolling of three by one", "an unknown send counts", "calendar by one",
        "fuse by one", "second success", "success without a code", "fourth comparison",
        "a try used twice", "compared after the end", "compared with nothing", "a stranger's error",
        "sent but not taken",
    ],
)  # fmt: skip
def test_one_deed_too_many_is_found(deeds: list[Deed], column: str) -> None:
    """An overshoot by one, a second success, a fourth comparison."""
    taken = TAKEN + [
        Taken(d.request, d.ended) for d in deeds if d.outcome in {"sent", "unknown"} and d.ended
    ]
    assert found(GOOD + deeds, taken, end=None)[column] == 1


@pytest.mark.parametrize(
    ("end", "column"),
    [
        (used(fuse_all=4), "consumed"),
        (used(address_ip_0=3), "consumed"),
        (used(once_phone_2=2), "consumed"),
        (used(once_phone_0=0), "forgotten"),
        (used(fuse_all=1), "forgotten"),
        (replace(END, wrong=WRONG | {"phone-0": 3}), "consumed"),
        (replace(END, wrong=WRONG | {"phone-2": 1}), "consumed"),
        (replace(END, wrong=WRONG | {"phone-1": 2}), "forgotten"),
        (replace(END, eternal=["{sms}:x"]), "eternal"),
    ],
)
def test_a_count_that_is_off_by_one_is_found(end: End, column: str) -> None:
    """A refusal that consumed, a send or a try that was forgotten, a key that never goes."""
    assert found(end=end) == {column: 1}


@pytest.mark.parametrize(
    ("taken", "count"),
    [
        ([Taken("0-login-0", 9.0)], 1),
        ([Taken("1-login-1", 9.0)], 1),
        ([Taken("2-login-0", 9.0)], 1),
        ([Taken("0-login-0", 9.0)] * 2, 2),
    ],
    ids=["twice", "though refused", "though unavailable", "three times"],
)
def test_a_second_sms_is_found(taken: list[Taken], count: int) -> None:
    """Two for one request id, or one for a caller who was told that there is none."""
    assert found(taken=TAKEN + taken, end=None)["second"] == count


def test_a_killed_callers_sms_counts() -> None:
    """The gateway took it, so it counts against the limits although nobody was told."""
    lost = send(0, turn=9, outcome="none", ended=float("inf"))
    assert found([*GOOD, lost]) == {}
    counted = found([*GOOD, lost], [*TAKEN, Taken(lost.request, 9.0)], end=None)
    assert counted == {"overshoot": 1}


def test_sends_that_may_be_a_window_apart_are_no_overshoot() -> None:
    """What is reported is certain: the two are surely within one window, or nothing is said."""
    day = 86400.0
    later = send(0, turn=9, began=1.4 + day, ended=1.6 + day)
    taken = [*TAKEN, Taken(later.request, later.ended)]
    assert found([*GOOD, later], taken, end=None) == {}
    sooner = replace(later, began=0.8 + day, ended=0.9 + day)
    taken = [*TAKEN, Taken(sooner.request, sooner.ended)]
    assert found([*GOOD, sooner], taken, end=None) == {"overshoot": 1}


def test_each_window_has_its_own_share() -> None:
    """Where the server's clock passed a midnight, calendar rules admit as often again."""
    more = [send(number, turn=9, ip=None) for number in (6, 7, 8)]
    windows = {"fuse": 2}
    taken = TAKEN + [Taken(deed.request, deed.ended) for deed in more]
    assert found(GOOD + more, taken, end=None, windows=windows) == {}


def test_a_recorder_writes_before_and_after(tmp_path: Path) -> None:
    """A call without an answer is read back as one."""
    told: list[tuple[int, int]] = []
    recorder = Recorder(tmp_path / "a", lambda *counts: told.append(counts))
    first = recorder.call("send", "phone-1", "ip-0", LOGIN, "r1")
    recorder.taken("r1")
    recorder.call("send", "phone-2", None, LOGIN, "r2")
    recorder.answer(first, "sent")
    recorder.close()
    with (tmp_path / "a").open("ab") as torn:
        torn.write(b"[1,2,")
    history = read_history([tmp_path / "a"])
    assert [(d.request, d.outcome) for d in history.deeds] == [("r1", "sent"), ("r2", "none")]
    assert history.deeds[0].ended > history.deeds[0].began
    assert [taken.request for taken in history.taken] == ["r1"]
    assert told == [(1, 0)]
