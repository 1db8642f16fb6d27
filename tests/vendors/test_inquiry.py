"""Many questions: once each, at a bounded pace, within a deadline. No test waits for a clock."""

from __future__ import annotations

import threading
from collections import Counter

from smsctl.vendors.inquiry import Inquiry


class Clock:
    """A clock that a pause moves."""

    def __init__(self) -> None:
        self.at = 100.0
        self.pauses: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        with self._lock:
            self.pauses.append(seconds)
            self.at += seconds


def test_a_question_is_asked_once_in_a_run() -> None:
    """Named twice, and again later: one request, and the same answer."""
    asked: Counter[str] = Counter()

    def ask(question: str) -> str:
        asked[question] += 1
        return question.upper()

    inquiry = Inquiry(ask, seconds=60)
    told = inquiry.answers(["a", "b", "a"])
    assert told == {"a": "A", "b": "B"}
    assert inquiry.answers(["b", "c"]) == {"b": "B", "c": "C"}
    assert asked == Counter(a=1, b=1, c=1)


def test_no_second_sees_more_than_eight_questions() -> None:
    """The ninth waits until the first is a second old: below the vendor's ten."""
    clock, starts = Clock(), []

    def ask(question: int) -> int:
        starts.append(clock.now())
        return question

    Inquiry(ask, seconds=60, now=clock.now, pause=clock.pause).answers(range(30))
    starts.sort()
    assert len(starts) == 30
    assert clock.pauses == [1.0, 1.0, 1.0]
    assert max(Counter(starts).values()) <= 8


def test_what_is_throttled_is_asked_again_later_and_later() -> None:
    """Half a second, one, two: then it was answered."""
    clock, told = Clock(), iter(["no", "no", "no", "yes"])
    inquiry: Inquiry[str, str] = Inquiry(
        lambda _: next(told),
        seconds=60,
        again=lambda question, answer: answer == "no",
        now=clock.now,
        pause=clock.pause,
    )
    assert inquiry.answers(["a"]) == {"a": "yes"}
    assert clock.pauses == [0.5, 1.0, 2.0]


def test_patience_ends_with_the_time_for_all() -> None:
    """An answer that stays no is told as it is, and the deadline is not passed."""
    clock = Clock()
    inquiry: Inquiry[str, str] = Inquiry(
        lambda _: "no",
        seconds=5.0,
        again=lambda question, answer: answer == "no",
        now=clock.now,
        pause=clock.pause,
    )
    assert inquiry.answers(["a"]) == {"a": "no"}
    assert (clock.pauses, clock.at) == ([0.5, 1.0, 2.0], 103.5)


def test_what_is_not_asked_for_again_is_asked_exactly_once() -> None:
    """Only what `again` names is repeated."""
    asked: list[str] = []
    Inquiry(asked.append, seconds=60).answers(["a", "b"])
    assert sorted(asked) == ["a", "b"]


def test_a_call_that_hangs_is_left_behind() -> None:
    """The others' answers come; the wall clock ends the wait, and nothing is asked after it."""
    release, asked = threading.Event(), []

    def ask(question: str) -> str:
        asked.append(question)
        if question == "hangs":
            release.wait()
        return question

    inquiry = Inquiry(ask, seconds=0.2)
    try:
        assert inquiry.answers(["hangs", "a", "b"]) == {"a": "a", "b": "b"}
        assert inquiry.answers(["a", "c"]) == {"a": "a"}
    finally:
        release.set()
    assert "c" not in asked
