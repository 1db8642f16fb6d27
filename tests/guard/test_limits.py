"""Gate two: every kind of rule, to the millisecond, over both faces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smsctl import Refused, Sent
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy
from smsctl.testing import Clock, Declined, FakeGateway
from tests.guards import PHONE, Bench, MakeBench
from tests.histories import everything, rule


def policy(*rules: object, **more: object) -> Policy:
    return replace(Policy(), rules=rules, **more)  # type: ignore[arg-type]


def test_a_rolling_window_ends_to_the_millisecond(bench: Bench) -> None:
    """Invariant 1: the 60 s of a phone are over after 60.000 s, and not after 59.999 s."""
    assert bench.send().retry_after == 60
    bench.clock.advance(59.999)
    refused = bench.send()
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.rule) == ("limit", "phone-minute")
    assert refused.retry_after == pytest.approx(0.001)
    bench.clock.advance(0.001)
    assert bench.send()


def test_five_an_hour_and_ten_a_day_roll(bench: Bench) -> None:
    """Invariant 1: the sixth in an hour waits for the first to be an hour old."""
    for _ in range(5):
        assert bench.send(ip=None)
        bench.clock.advance(61)
    refused = bench.send(ip=None)
    assert isinstance(refused, Refused)
    assert (refused.rule, refused.retry_after) == ("phone-hour", 3600 - 5 * 61)


def test_a_calendar_day_ends_at_local_midnight(make_bench: MakeBench) -> None:
    """Invariant 7: a day of the configured zone begins at its midnight, 16:00 UTC in Shanghai."""
    bench = make_bench(
        policy(rule("ip-day", "ip", 2, "day")), clock=Clock("2026-11-23T23:59:50+08:00")
    )
    answers = [bench.send() for _ in range(3)]
    assert [bool(answer) for answer in answers] == [True, True, False]
    assert answers[2].retry_after == 10
    bench.clock.advance(10)
    assert bench.send()


def test_a_month_ends_with_its_last_day(make_bench: MakeBench) -> None:
    """A month's rule admits again on the first of the next one."""
    bench = make_bench(
        policy(rule("month", "phone", 1, "month")), clock=Clock("2026-02-10T00:00:00+08:00")
    )
    assert bench.send()
    assert bench.send().retry_after == 19 * 86400
    bench.clock.set("2026-03-01T00:00:00+08:00")
    assert bench.send()


@pytest.mark.parametrize(
    ("per", "same", "other"),
    [
        ("phone", {"phone": "+86 138 0013 8000"}, {"phone": "13900138000"}),
        ("ip", {"ip": "::ffff:203.0.113.7"}, {"ip": "203.0.113.8"}),
        ("prefix", {"phone": "13800139999"}, {"phone": "13900138000"}),
        ("country", {"phone": "13900138000"}, None),
        ("purpose", {"phone": "13900138000"}, {"purpose": "pay"}),
        ("all", {"phone": "13900138000", "ip": "198.51.100.1", "purpose": "pay"}, None),
    ],
)
def test_a_rule_counts_its_own_subject(
    make_bench: MakeBench, per: str, same: dict[str, str], other: dict[str, str] | None
) -> None:
    """Of two sends of one subject the second is refused; another subject's is not."""
    purposes = dict.fromkeys(("login", "pay"), Policy().purposes["login"])
    bench = make_bench(policy(rule("one", per, 1, "1h"), purposes=purposes))  # type: ignore[arg-type]
    assert bench.send()
    refused = bench.send(**same)
    assert isinstance(refused, Refused)
    assert refused.reason == ("fuse" if per == "all" else "limit")
    if other is not None:
        assert bench.send(**other)


def test_ipv6_counts_by_its_64(make_bench: MakeBench) -> None:
    """One customer's /64 is one address."""
    bench = make_bench(policy(rule("ip-day", "ip", 1, "day")))
    assert bench.send(ip="2001:db8:1:2::1")
    assert not bench.send(ip="2001:db8:1:2:ffff::9")
    assert bench.send(ip="2001:db8:1:3::1")


def test_without_a_client_no_address_rule_applies(make_bench: MakeBench) -> None:
    """`ip=None` says that no client is behind the call."""
    bench = make_bench(policy(rule("ip-day", "ip", 1, "day")))
    assert bench.send()
    assert not bench.send()
    assert bench.send(ip=None)
    assert bench.send(ip=None)


def test_a_filtered_rule_counts_only_what_matches(make_bench: MakeBench) -> None:
    """A lane of the fuse kept for login is not used by another purpose."""
    purposes = dict.fromkeys(("login", "pay"), Policy().purposes["login"])
    bench = make_bench(
        policy(rule("pay-fuse", "all", 1, "day", only_purpose="pay"), purposes=purposes)
    )
    assert bench.send(purpose="pay")
    assert bench.send(purpose="login")
    refused = bench.send(purpose="pay")
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.rule) == ("fuse", "pay-fuse")


def test_an_observed_rule_counts_and_never_refuses(make_bench: MakeBench) -> None:
    """What an observed rule would have refused is counted, only where the enforced ones admit."""
    bench = make_bench(
        policy(
            rule("watched", "ip", 1, "day", mode="observe"),
            rule("ip-day", "ip", 2, "day"),
        )
    )
    assert [bool(bench.send()) for _ in range(4)] == [True, True, False, False]
    (today,) = bench.ask(bench.admin.usage(1))
    assert today.observed == {"watched": 1}
    assert today.refused == {"ip-day": 2}


@pytest.mark.parametrize("first", ["fuse", "phone-hour"])
def test_a_fuse_is_named_before_a_longer_limit(make_bench: MakeBench, first: str) -> None:
    """Of several that refuse the fuse is named, wherever it stands; all would admit then."""
    rules = [rule("fuse", "all", 1, "60s"), rule("phone-hour", "phone", 1, "1h")]
    bench = make_bench(policy(*sorted(rules, key=lambda each: each.name != first)))
    assert bench.send()
    refused = bench.send()
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.rule, refused.retry_after) == ("fuse", "fuse", 3600)


def test_of_several_limits_the_longest_wait_is_named(make_bench: MakeBench) -> None:
    """The rule to be told is the one that is waited for."""
    bench = make_bench(policy(rule("minute", "phone", 1, "60s"), rule("hour", "phone", 1, "1h")))
    assert bench.send()
    assert bench.send().rule == "hour"  # type: ignore[union-attr]


def test_a_refusal_consumes_no_other_rule(make_bench: MakeBench) -> None:
    """Invariant 11: a caller stopped by his address leaves the victim's phone and the fuse free."""
    bench = make_bench(
        policy(
            rule("phone-day", "phone", 1, "day"),
            rule("ip-day", "ip", 1, "day"),
            rule("fuse", "all", 2, "day"),
        )
    )
    assert bench.send("13800138001")
    for _ in range(5):
        assert not bench.send("13800138002")
    assert bench.send("13800138002", ip="198.51.100.9")


def test_a_rejection_returns_every_rules_quota(make_bench: MakeBench) -> None:
    """Invariant 3: after a definite rejection the same call is admitted at once."""
    gateway = FakeGateway([Declined(explanation=Phrase("no"))])
    bench = make_bench(
        policy(
            rule("phone-day", "phone", 1, "24h"),
            rule("ip-day", "ip", 1, "day"),
            rule("fuse", "all", 1, "month"),
        ),
        gateway=gateway,
    )
    with pytest.raises(Exception, match="no"):
        bench.send()
    assert isinstance(bench.send(), Sent)
    assert not bench.send()


def test_a_stepped_clock_hands_no_day_out_twice(make_bench: MakeBench) -> None:
    """Invariant 7: after a step over midnight and back, the new day's count stays in force."""
    bench = make_bench(
        policy(rule("fuse", "all", 2, "day")), clock=Clock("2026-11-23T23:59:00+08:00")
    )
    assert bench.send()
    assert bench.send()
    bench.clock.advance(120)
    assert bench.send()
    bench.clock.advance(-120)
    assert bench.send()
    assert not bench.send()
    bench.clock.advance(120)
    assert not bench.send()


def test_a_clock_that_steps_back_admits_nothing_early(bench: Bench) -> None:
    """Invariant 7: a rolling window never becomes shorter by a step back."""
    assert bench.send()
    bench.clock.advance(-3600)
    refused = bench.send()
    assert isinstance(refused, Refused)
    assert refused.retry_after == 3660


def test_a_clock_that_steps_back_keeps_what_was_sent_in_override(make_bench: MakeBench) -> None:
    """What was sent before the step is in the window for as long as what was sent after it."""
    bench = make_bench(policy(rule("phone-hour", "phone", 3, "1h")))
    assert bench.send()
    bench.clock.advance(-600)
    assert bench.send()
    bench.clock.advance(600 + 3599)
    name = bench.keyring.name("phone", f"+86{PHONE}")
    standing = bench.ask(bench.admin.show(replace(everything(), phone=name)))
    assert [level.used for level in standing.levels] == [2]
