"""What a policy promises, in exact numbers. The guess arithmetic is the project's own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from smsctl.core.policy import CodePolicy, Policy, Purpose
from smsctl.core.promise import Promise, promise
from smsctl.core.rules import Rule
from tests.core.rulebook import policy, rule


def _promise(decided: Policy) -> Promise:
    return promise(decided, sign_name="示例签名", price=Decimal("0.045"))


def _messages(*rules: Rule, purposes: str = "login", countries: str = "CN") -> int | None:
    decided = policy(*rules, purposes=purposes.split(), countries=countries.split())
    return _promise(decided).messages


def test_the_defaults_promise() -> None:
    """5,000 messages, 225 yuan, 20 guesses a phone, one takeover in 66 days at the very worst."""
    told = _promise(Policy())
    assert told.messages == 5000
    assert told.messages_per_phone == 10
    assert told.messages_per_address == 10
    assert (told.segments, told.texts_known) == (1, False)
    assert told.cost == Decimal("225.000")
    assert (told.guesses_per_phone, told.guesses) == (20, 15_000)
    assert told.odds_per_phone == pytest.approx(2e-5)
    assert told.takeovers == pytest.approx(0.015)
    assert told.odds == pytest.approx(0.0148881, rel=1e-5)


@pytest.mark.parametrize(
    ("code", "odds"),
    [
        (CodePolicy(wrong_max=100), 3e-5),  # ten codes' tries bind before the budget does
        (CodePolicy(wrong_max=10), 1e-5),
        (CodePolicy(tries=1, wrong_max=100), 1e-5),
        (CodePolicy(tries=10, wrong_max=100), 1e-4),  # the most that NIST SP 800-63B lets stand
        (CodePolicy(length=4, wrong_max=100), 3e-3),
        (CodePolicy(live=3, wrong_max=10), 3e-5),
        (CodePolicy(wrong_max=10, wrong_window=43200.0), 2e-5),
    ],
)
def test_the_odds_of_one_phone_are_its_guesses_over_the_codes(
    code: CodePolicy, odds: float
) -> None:
    """Bounded by the tries of ten codes a day, and by the budget across them."""
    assert _promise(replace(Policy(), code=code)).odds_per_phone == pytest.approx(odds)


def test_the_odds_of_one_code_are_three_in_a_million() -> None:
    """Three tries, six digits."""
    decided = policy(rule("fuse", "all", 1, "day"), wrong_max=100)
    assert _promise(decided).odds_per_phone == pytest.approx(3e-6)


def test_nothing_is_promised_that_nothing_bounds() -> None:
    """None, rather than a large number; the budget of wrong tries still holds."""
    told = _promise(policy())
    assert (told.messages, told.messages_per_phone, told.messages_per_address) == (None,) * 3
    assert (told.cost, told.guesses, told.takeovers, told.odds) == (None,) * 4
    assert told.guesses_per_phone == 20


def test_more_expected_takeovers_than_one_are_no_probability() -> None:
    """The expected number grows; the probability nears 1."""
    told = _promise(policy(rule("fuse", "all", 1_000_000, "day"), length=4, tries=10))
    assert told.takeovers == pytest.approx(1000)
    assert told.odds == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("window", "most"),
    [("day", 100), ("month", 100), ("24h", 100), ("31d", 100), ("12h", 200), ("7h", 400)],
)
def test_a_window_admits_its_max_again_when_it_has_passed(window: str, most: int) -> None:
    """Seven hours fit three times into a day, and a fourth begins."""
    assert _messages(rule("fuse", "all", 100, window)) == most


def test_the_tightest_fuse_binds() -> None:
    """Whichever it is; a fuse that observes binds nothing."""
    fuses = (
        rule("day", "all", 5000, "day"),
        rule("hour", "all", 100, "1h"),
        rule("month", "all", 30_000, "month"),
    )
    assert _messages(*fuses) == 2400
    assert _messages(*fuses, rule("o", "all", 1, "day", mode="observe")) == 2400
    assert _messages(*fuses, rule("m", "all", 7, "month")) == 7
    assert _messages(rule("o", "all", 1, "day", mode="observe")) is None


def test_lanes_add_up_where_they_cover_every_purpose() -> None:
    """And bound nothing where one purpose has none."""
    login = rule("login", "all", 1000, "day", purpose="login")
    pay = rule("pay", "all", 500, "day", purpose="pay")
    assert _messages(login, pay, purposes="login pay") == 1500
    assert _messages(login, pay, purposes="login pay reset") is None
    assert _messages(login, pay, rule("f", "all", 1200, "day"), purposes="login pay") == 1200
    assert _messages(login) == 1000


def test_countries_add_up_alike() -> None:
    """A rule for each country, or one `per: country`, bounds the whole."""
    china = rule("cn", "all", 1000, "day", country="CN")
    hongkong = rule("hk", "all", 50, "day", country="HK")
    assert _messages(china, hongkong, countries="CN HK") == 1050
    assert _messages(china, hongkong, countries="CN HK MO") is None
    assert _messages(rule("each", "country", 70, "day"), countries="CN HK MO") == 210
    assert _messages(rule("each", "purpose", 70, "day"), purposes="a b") == 140


def test_mixed_lanes_are_added_up_cell_by_cell() -> None:
    """Login by country, and the rest by purpose."""
    rules = (
        rule("login-cn", "all", 100, "day", purpose="login", country="CN"),
        rule("login-hk", "all", 10, "day", purpose="login", country="HK"),
        rule("pay", "all", 5, "day", purpose="pay"),
    )
    assert _messages(*rules, purposes="login pay", countries="CN HK") == 115


def test_one_phone_is_bounded_by_what_is_around_it() -> None:
    """Its prefix, its country and the fuse stop its messages too."""
    phone = rule("phone", "phone", 10, "24h")
    for per in ("prefix", "country", "all"):
        around = rule("around", per, 4, "day")
        assert _promise(policy(phone, around)).messages_per_phone == 4
    assert _promise(policy(phone, rule("ip", "ip", 1, "day"))).messages_per_phone == 10


def test_the_worst_country_counts_for_one_phone() -> None:
    """A phone is of one country: the loosest is what is promised."""
    rules = (
        rule("cn", "phone", 10, "24h", country="CN"),
        rule("hk", "phone", 20, "24h", country="HK"),
    )
    decided = policy(*rules, countries=("CN", "HK"))
    assert _promise(decided).messages_per_phone == 20


def test_the_longest_message_is_the_one_that_is_paid() -> None:
    """Segments times messages times price, exactly."""
    decided = replace(
        Policy(),
        purposes={
            "login": Purpose(template="a", text="${code}"),
            "pay": Purpose(template="b", text="${code}" + "字" * 70),
        },
    )
    told = _promise(decided)
    assert (told.segments, told.texts_known) == (2, True)
    assert told.cost == Decimal("450.000")


def test_tries_beyond_the_budget_are_not_counted() -> None:
    """A phone is locked before its code is burnt."""
    told = _promise(policy(rule("fuse", "all", 10, "day"), tries=5, wrong_max=2))
    assert (told.guesses_per_phone, told.guesses) == (2, 20)
