"""What is said about a policy, and that nothing is said about a good one."""

from __future__ import annotations

import pytest

from smsctl.core.policy import DEFAULT_RULES, Policy
from smsctl.core.review import Finding, review
from smsctl.core.rules import Rule
from tests.core.rulebook import policy, rule

PHONE, HOUR, DAY, IP, FUSE = DEFAULT_RULES


def _checks(found: tuple[Finding, ...]) -> list[str]:
    return [each.check for each in found if each.level != "ok"]


def _never(*rules: Rule) -> list[tuple[str, ...]]:
    purposes, countries = ("login", "pay"), ("CN", "HK")
    found = review(policy(*rules, purposes=purposes, countries=countries))
    return [each.rules for each in found if each.check == "limits.never-binds"]


def test_the_defaults_get_one_recommendation() -> None:
    """A challenge; nothing is wrong with them."""
    (found,) = review(Policy())
    assert (found.level, found.check) == ("ok", "code.challenge")
    assert review(policy(*DEFAULT_RULES, challenge="required")) == ()


def test_no_rules_at_all_is_an_error_first() -> None:
    """The bill has no end; phones and addresses come after it."""
    found = review(policy())
    assert [(each.level, each.check) for each in found] == [
        ("error", "limits.no-fuse"),
        ("warn", "limits.no-phone"),
        ("warn", "limits.no-ip"),
        ("ok", "code.challenge"),
    ]


def test_a_fuse_that_only_observes_is_told() -> None:
    """It counts, and stops nothing."""
    observing = rule("fuse", "all", 5000, "day", mode="observe")
    assert _checks(review(policy(PHONE, HOUR, DAY, IP, observing))) == ["limits.fuse-observes"]


def test_fuses_that_leave_something_out_are_told() -> None:
    """Unless together they leave nothing out."""
    login = rule("login", "all", 5000, "day", purpose="login")
    pay = rule("pay", "all", 5000, "day", purpose="pay")
    around = (PHONE, HOUR, DAY, IP)
    partial = review(policy(*around, login, purposes=("login", "pay")))
    assert _checks(partial) == ["limits.fuse-partial"]
    assert partial[0].rules == ("login",)
    assert _checks(review(policy(*around, login, pay, purposes=("login", "pay")))) == []


@pytest.mark.parametrize(
    ("rules", "windows"),
    [
        ([PHONE, HOUR, DAY], []),
        ([rule("a", "phone", 1, "1h")], ["24 hours"]),
        ([rule("a", "phone", 1, "24h")], []),
        ([rule("a", "phone", 2, "60s"), HOUR, DAY], ["minute"]),
        ([rule("a", "phone", 1, "30s"), HOUR, DAY], ["minute"]),
        ([PHONE, rule("b", "phone", 6, "1h"), DAY], ["hour"]),
        ([PHONE, HOUR, rule("c", "phone", 11, "24h")], ["24 hours"]),
        (
            [PHONE, HOUR, rule("c", "phone", 10, "day")],
            ["24 hours"],
        ),  # ten before midnight and after
        ([PHONE, HOUR, rule("c", "phone", 5, "day")], []),
        ([PHONE, HOUR], ["24 hours"]),
        ([PHONE], ["hour", "24 hours"]),
        ([rule("a", "phone", 1, "day", purpose="pay")], ["minute", "hour", "24 hours"]),
    ],
)
def test_limits_looser_than_the_vendors_are_told(rules: list[Rule], windows: list[str]) -> None:
    """1 a minute, 5 an hour, 10 in 24 hours: what is over is refused after the guard said yes."""
    found = review(policy(*rules, IP, FUSE, purposes=("login", "pay")))
    looser = [each for each in found if each.check == "limits.looser-than-vendor"]
    assert [str(each.message.values["window"]) for each in looser] == windows
    assert all(each.rules == tuple(each.name for each in rules) for each in looser)


def test_the_vendors_limits_are_the_mainlands() -> None:
    """Elsewhere he has others."""
    loose = rule("a", "phone", 100, "day")
    assert _checks(review(policy(loose, IP, FUSE, countries=("HK",)))) == []


def test_a_rule_that_another_makes_pointless_is_told() -> None:
    """The larger max within what the tighter rule admits."""
    assert _never(PHONE, HOUR, DAY, IP, FUSE) == []
    loose = rule("loose", "phone", 60, "1h")
    assert _never(PHONE, loose) == [("loose", "phone-minute")]
    assert _never(PHONE, rule("near", "phone", 59, "1h")) == []
    assert _never(rule("a", "phone", 5, "60s"), rule("b", "phone", 5, "1h")) == [("a", "b")]


def test_calendar_and_rolling_windows_are_compared_by_what_they_admit() -> None:
    """A calendar day admits its max on both sides of midnight; a rolling day does not."""
    rolling, calendar = rule("r", "ip", 10, "24h"), rule("c", "ip", 10, "day")
    assert _never(rolling, calendar) == [("c", "r")]
    assert _never(calendar, rule("r", "ip", 19, "24h")) == []
    assert _never(calendar, rule("r", "ip", 20, "24h")) == [("r", "c")]
    assert _never(calendar, rule("m", "ip", 310, "month")) == [("m", "c")]
    assert _never(calendar, rule("m", "ip", 309, "month")) == []
    assert _never(rule("m", "ip", 10, "month"), calendar) == [("c", "m")]


def test_of_two_equal_rules_the_later_is_superfluous() -> None:
    """One of them has to stay."""
    assert _never(rule("a", "ip", 10, "day"), rule("b", "ip", 10, "day")) == [("b", "a")]


def test_a_rule_around_the_subject_makes_it_pointless_too() -> None:
    """No phone can have more than everybody together."""
    assert _never(rule("ip", "ip", 6000, "day"), FUSE) == [("ip", "fuse")]
    assert _never(rule("s", "prefix", 5, "day"), rule("p", "phone", 5, "day")) == [("p", "s")]
    assert _never(rule("s", "prefix", 5, "day"), rule("i", "ip", 5, "day")) == []
    lane = rule("lane", "all", 6000, "day", purpose="login")
    assert _never(FUSE, lane) == [("lane", "fuse")]


def test_filters_are_kept_apart() -> None:
    """A rule for one purpose says nothing about another, nor about all."""
    login = rule("login", "phone", 1, "day", purpose="login")
    assert _never(login, rule("pay", "phone", 5, "day", purpose="pay")) == []
    assert _never(login, rule("every", "phone", 5, "day")) == []
    cn = rule("cn", "phone", 1, "day", country="CN")
    assert _never(cn, rule("cn-login", "phone", 5, "day", country="CN", purpose="login")) == [
        ("cn-login", "cn")
    ]


def test_observing_rules_make_none_pointless() -> None:
    """They refuse nothing; but they see nothing behind a tighter rule."""
    observing = rule("o", "ip", 5, "day", mode="observe")
    assert _never(observing, rule("e", "ip", 10, "day")) == []
    assert _never(rule("e", "ip", 5, "day"), rule("o", "ip", 10, "day", mode="observe")) == [
        ("o", "e")
    ]


def test_a_rule_for_a_country_that_is_let_through_by_nobody_is_told() -> None:
    """It can never count anything."""
    found = review(policy(*DEFAULT_RULES, rule("hk", "all", 1, "day", country="HK")))
    (never,) = [each for each in found if each.check == "limits.never-counts"]
    assert never.rules == ("hk",)


def test_tries_that_can_never_be_used_are_told() -> None:
    """The phone is locked first."""
    assert _checks(review(policy(*DEFAULT_RULES, tries=3, wrong_max=2))) == ["code.tries"]
    assert _checks(review(policy(*DEFAULT_RULES, tries=3, wrong_max=3))) == []


def test_every_sentence_can_be_written_out() -> None:
    """Each placeholder has its value."""
    rules = (rule("a", "phone", 9, "1h", mode="observe"), rule("b", "all", 1, "day", country="HK"))
    for decided in (policy(), policy(*rules, tries=9, wrong_max=1), policy(PHONE, PHONE)):
        for found in review(decided):
            assert "{" not in str(found.message)
            assert str(found.hint)
