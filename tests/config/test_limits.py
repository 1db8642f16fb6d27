"""The rules in the file: what each may say, and all of them together."""

from __future__ import annotations

import pytest

from tests.config.conftest import Reads, Wrongs

RULES = [
    ("{per: ip, max: 1, window: 1h}", ".name", "is missing"),
    ("{name: a, max: 1, window: 1h}", ".per", "is missing"),
    ("{name: a, per: ip, window: 1h}", ".max", "is missing"),
    ("{name: a, per: ip, max: 1}", ".window", "is missing"),
    ("{name: a, per: user, max: 1, window: 1h}", ".per", "is one of: phone, ip, prefix"),
    ("{name: a, per: ip, max: 0, window: 1h}", ".max", "is from 1 to 1000000000"),
    ("{name: a, per: ip, max: 101, window: 1h}", ".max", "a rolling rule admits at most 100"),
    ("{name: a, per: ip, max: 1, window: 0s}", ".window", "is day, month, or a duration from 1s"),
    ("{name: a, per: ip, max: 1, window: 32d}", ".window", "is day, month, or a duration from 1s"),
    ("{name: a, per: ip, max: 1, window: week}", ".window", "is a duration like 500ms, 60s"),
    ("{name: a, per: ip, max: 1, window: 60}", ".window", "is a duration like 500ms, 60s, 5m"),
    ("{name: a, per: ip, max: 1, window: 1h, mode: off}", ".mode", "is one of: enforce, observe"),
    ("{name: a, per: ip, max: 1, window: 1h, when: x}", ".when", "there is no such key"),
    ("{name: captcha, per: ip, max: 1, window: 1h}", ".name", "this name is reserved"),
    ("{name: 'a:b', per: ip, max: 1, window: 1h}", ".name", "a name has 1 to 32 letters"),
    ("{name: a, per: ip, max: 1, window: 1h, only: x}", ".only", "is a mapping of: purpose,"),
    ("{name: a, per: ip, max: 1, window: 1h, only: {}}", ".only", "is a mapping of: purpose,"),
    (
        "{name: a, per: ip, max: 1, window: 1h, only: {purpos: login}}",
        ".only.purpos",
        "there is no such key; did you mean purpose?",
    ),
    (
        "{name: a, per: ip, max: 1, window: 1h, only: {purpose: pay}}",
        ".only.purpose",
        "there is no such purpose; configured are: login",
    ),
    (
        "{name: a, per: ip, max: 1, window: 1h, only: {country: china}}",
        ".only.country",
        "is a country of ISO 3166, two letters",
    ),
    ("text", "", "is a mapping of: name, per, max, window, mode"),
]


@pytest.mark.parametrize(("rule", "path", "message"), RULES)
def test_a_bad_rule_is_told_with_its_number(
    wrong: Wrongs, rule: str, path: str, message: str
) -> None:
    """`limits[1]` is the second rule."""
    problems = wrong(f"limits: [{{name: x, per: all, max: 1, window: day}}, {rule}]")
    assert list(problems) == [f"limits[1]{path}"]
    assert problems[f"limits[1]{path}"].startswith(message)


@pytest.mark.parametrize("name", ["captcha", "country", "denied", "paused", "locked"])
def test_no_rule_has_the_name_of_another_refusal(wrong: Wrongs, name: str) -> None:
    """A refusal's name says who refused."""
    problems = wrong(f"limits: [{{name: {name}, per: all, max: 1, window: day}}]")
    assert list(problems) == ["limits[0].name"]


def test_rule_names_are_unique(wrong: Wrongs) -> None:
    """The second of two is the one that is told."""
    rule = "{name: a, per: all, max: 1, window: day}"
    assert list(wrong(f"limits: [{rule}, {rule}]")) == ["limits[1].name"]


def test_limits_are_a_list(wrong: Wrongs) -> None:
    """A blank `limits:` is an accident, not a wish for no limits."""
    expected = "is a list of at most 100; write [] for none"
    assert wrong("limits:") == {"limits": expected}
    assert wrong("limits: {}") == {"limits": expected}
    assert wrong("test_numbers:") == {"test_numbers": expected}
    assert wrong(f"limits: [{', '.join(['x'] * 101)}]") == {"limits": expected}


def _lanes(count: int, purpose: str = "") -> str:
    only = [f"{{country: {country}}}" for country in ("CN", "HK")]
    kinds = [
        f"per: {per}, window: {window}{each}"
        for each in ("", f", only: {purpose or only[0]}")
        for per in ("phone", "ip", "prefix", "country", "purpose", "all")
        for window in ("1h", "day")
    ]
    return "".join(f"  - {{name: r{n}, max: 1, {kinds[n]}}}\n" for n in range(count))


def test_a_request_is_counted_in_at_most_twelve_tracks(read: Reads, wrong: Wrongs) -> None:
    """What one script can touch; a captcha outage has a track of its own."""
    assert len(read(f"limits:\n{_lanes(12)}").limits) == 12
    assert wrong(f"limits:\n{_lanes(13)}")["limits"].startswith(
        "one request would be counted in 13 ways, and 12 is the most"
    )
    assert list(wrong(f"captcha: {{on_outage: allow}}\nlimits:\n{_lanes(12)}")) == ["limits"]


def test_lanes_of_different_purposes_do_not_add_up(read: Reads) -> None:
    """Rules that never count the same request share its tracks."""
    lanes = "".join(
        f"  - {{name: {purpose}-{per}, per: {per}, max: 1, window: day,"
        f" only: {{purpose: {purpose}}}}}\n"
        for purpose in ("a", "b", "c", "login")
        for per in ("phone", "ip", "all")
    )
    config = read(f"purposes: {{a: , b: , c: , login: }}\nlimits:\n{lanes}{_lanes(9)}")
    assert len(config.limits) == 21
