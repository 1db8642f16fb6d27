"""Delivering alerts: to each channel at least once, and none holds up another."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from smsctl.config.alerts import Alerts
from smsctl.core.alerts import LEASE, Alert
from smsctl.core.policy import Policy
from smsctl.testing import Clock
from smsctl.vendors.notify.delivery import Channel, News
from smsctl.wiring.alerts import delivering
from smsctl.wiring.alerts.channels import channels
from smsctl.wiring.alerts.delivering import Delivered, deliver_all
from smsctl.wiring.alerts.words import news
from tests.fakes.receiver import FakeReceiver
from tests.fakes.vendor import Answer
from tests.guards import Bench, MakeBench
from tests.vendors.test_notify import written

START = Clock()()
blocking = pytest.mark.parametrize("make_bench", ["sync"], indirect=True)
"""Delivering is a thread's business, whichever face the guard has."""


def raise_some(bench: Bench, *subjects: str) -> None:
    """Raise an alert of each subject, now."""
    now = bench.clock()
    for subject in subjects:
        alert = Alert(kind="gateway", subject=subject, ends=now + 60, at=now)
        assert bench.ask(bench.outbox.raise_alert(alert))


def test_what_a_dead_process_borrowed_is_told_by_the_next(
    make_bench: MakeBench,
) -> None:
    """At least once: its lease runs out, and not before."""
    bench = make_bench()
    raise_some(bench, "x")
    (borrowed,) = bench.ask(bench.outbox.borrow())
    assert bench.ask(bench.outbox.borrow()) == []
    assert [each.alert for each in bench.ask(bench.outbox.pending())] == [borrowed.alert]
    bench.clock.advance(LEASE - 1)
    assert bench.ask(bench.outbox.borrow()) == []
    bench.clock.advance(2)
    (again,) = bench.ask(bench.outbox.borrow())
    assert (again.alert, again.attempts) == (borrowed.alert, 2)
    # Whoever was slow and not dead finds that it is somebody else's by now.
    bench.ask(bench.outbox.give_back(borrowed, frozenset({"a"}), done=True))
    assert len(bench.ask(bench.outbox.pending())) == 1


def two_ways(receiver: FakeReceiver) -> Sequence[Channel]:
    """Return a channel that some tests break, and one that is well."""
    broken = written("wecom", name="broken", url=receiver.url_of("wecom"))
    well = written("slack", name="well", url=receiver.url_of("slack"))
    return channels(Alerts(channels=(broken, well)))


def words(alert: Alert) -> News:
    return news(alert, language="en", zone=Policy().timezone)


@blocking
def test_a_failing_channel_holds_up_no_other_and_is_told_later(
    make_bench: MakeBench, receiver: FakeReceiver
) -> None:
    """Each channel gets each alert once; what failed waits in the outbox."""
    bench = make_bench()
    raise_some(bench, "x")
    ways = two_ways(receiver)
    receiver.script_for("wecom", Answer(200, {"errcode": 45009}))
    first = deliver_all(bench.outbox, ways, words)
    assert ([name for _, name in first.told], len(first.failures)) == (["well"], 1)
    second = deliver_all(bench.outbox, ways, words)
    assert ([name for _, name in second.told], second.failures) == (["broken"], [])
    assert deliver_all(bench.outbox, ways, words) == Delivered(told=[], failures=[])
    assert len(receiver.told) == 2


@blocking
def test_what_a_broken_channel_never_takes_holds_up_nothing(
    make_bench: MakeBench, receiver: FakeReceiver
) -> None:
    """However much of it waits, the next alert comes to who can be told, in its first round."""
    bench = make_bench()
    ways = two_ways(receiver)
    receiver.script_for("wecom", *[Answer(200, {"errcode": 45009})] * 100)
    raise_some(bench, *(f"old{number}" for number in range(45)))
    assert [len(deliver_all(bench.outbox, ways, words).told) for _ in range(3)] == [20, 20, 5]
    bench.clock.advance(1)
    raise_some(bench, "new")
    assert [alert.subject for alert, _ in deliver_all(bench.outbox, ways, words).told] == ["new"]


@blocking
def test_a_silent_channel_is_waited_for_once_a_round(
    make_bench: MakeBench, receiver: FakeReceiver
) -> None:
    """Twenty alerts of ten seconds each would outlast the lease, and be told twice elsewhere."""
    bench = make_bench()
    raise_some(bench, *(f"x{number}" for number in range(5)))
    ways = two_ways(receiver)
    receiver.script_for("wecom", "reset")
    done = deliver_all(bench.outbox, ways, words)
    assert [name for _, name in done.told] == ["well"] * 5
    assert [(each.channel, each.fault.answered) for each in done.failures] == [("broken", False)]
    pending = bench.ask(bench.outbox.pending())
    assert {each.taken_by for each in pending} == {frozenset({"well"})}


@blocking
def test_no_delivery_is_begun_that_could_outlast_the_lease(
    make_bench: MakeBench, receiver: FakeReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left waits for the next round, nobody's by then."""
    bench = make_bench()
    raise_some(bench, "a", "b")
    moments = iter([0.0, LEASE - 74])  # when it begins, and when the first is told
    monkeypatch.setattr(delivering, "monotonic", lambda: next(moments))
    done = deliver_all(bench.outbox, two_ways(receiver)[1:], words)
    assert [alert.subject for alert, _ in done.told] == ["a"]
    assert done.failures == []
    assert [each.alert.subject for each in bench.ask(bench.outbox.borrow())] == ["b"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    "alert",
    [
        Alert(kind="fuse", subject="fuse@8000", level=80, ends=1.0, at=START, figures=(6400, 8000)),
        Alert(kind="fuse", subject="fuse", level=100, ends=1.0, at=START, figures=(5, 5)),
        Alert(kind="conversion", subject="login", level=30, ends=1.0, at=START, figures=(1, 50)),
        Alert(kind="gateway", subject="isv.AMOUNT_NOT_ENOUGH", ends=1.0, at=START),
        Alert(kind="gateway", subject="isv.SMS_TEMPLATE_ILLEGAL", ends=1.0, at=START),
        Alert(kind="captcha", subject="outage", ends=1.0, at=START),
        Alert(kind="test", subject="test", ends=1.0, at=START),
    ],
)
def test_every_alert_has_words_in_both_languages(alert: Alert, language: str) -> None:
    """With its figures, and nothing left unfilled."""
    told = news(alert, language=language, zone=Policy().timezone)  # type: ignore[arg-type]
    assert "{" not in told.whole
    assert told.title.startswith("smsctl")
    assert "@" not in told.title
    if alert.figures[1]:
        assert f"{alert.figures[1]:,}" in told.text
