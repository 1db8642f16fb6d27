"""Overrides of operators, from the command line to the next decision."""

from __future__ import annotations

import pytest

from tests.cli.desk import Desk
from tests.cli.desks import IP, MASKED, OTHER, PHONE, MakeDesk

WHY = ("--reason", "ticket 4711")


def sent(desk: Desk, phone: str = PHONE, *more: str) -> tuple[int, object]:
    told = desk("send", phone, "--json", *more)
    return told.code, told.document.get("reason")


def test_a_pause_stops_the_next_send_and_resume_lets_it_through(desk: Desk) -> None:
    """In other processes as well: each command line here is one of its own."""
    told = desk("pause", "--for", "30m", *WHY, "--json")
    (override,) = told.document["overrides"]
    assert (told.code, override["kind"], override["reason"]) == (0, "pause", "ticket 4711")
    refused = desk("send", PHONE, "--json")
    assert (refused.code, refused.document["reason"]) == (5, "paused")
    assert 1790 < refused.document["retry_after_s"] <= 1800
    assert desk("resume", override["id"], *WHY).code == 0
    assert sent(desk) == (0, None)


def test_a_pause_of_one_purpose_leaves_the_others(make_desk: MakeDesk) -> None:
    """Login is stopped, pay is not."""
    desk = make_desk("purposes: {login: {template: SMS_1}, pay: {template: SMS_2}}\nlimits: []\n")
    assert desk("pause", "--purpose", "login", "--until", "midnight", *WHY).code == 0
    assert sent(desk) == (5, "paused")
    assert sent(desk, PHONE, "--purpose", "pay") == (0, None)


def test_a_pause_needs_an_end_and_a_reason(desk: Desk) -> None:
    """Nobody finds a forgotten one by accident."""
    assert desk("pause", *WHY).code == 2
    assert desk("pause", "--for", "30m").code == 2
    assert desk("pause", "--for", "30m", "--until", "midnight", *WHY).code == 2
    assert desk("pause", "--for", "0s", *WHY).code == 2
    assert desk("pause", "--for", "30m", "--country", "US", *WHY).code == 2
    assert desk("resume", "00000000", *WHY).code == 2


def test_a_raised_fuse_admits_more_until_it_is_lowered(make_desk: MakeDesk) -> None:
    """And what is shown of it is what holds."""
    desk = make_desk("limits: [{name: fuse, per: all, max: 1, window: day}]\n")
    assert sent(desk) == (0, None)
    assert sent(desk) == (5, "fuse")
    asked = desk("fuse", "raise", "2", "--for", "1h", *WHY)
    assert asked.code == 7
    assert "--rule fuse --reason 'ticket 4711' --for 1h --yes" in asked.err
    assert desk("fuse", "raise", "2", "--for", "1h", *WHY, "--yes").code == 0
    assert desk("usage", "--json").document["fuse"]["max"] == 2
    assert desk("limits", "show", "--json").document["limits"][0]["max"] == 2
    assert sent(desk) == (0, None)
    assert sent(desk) == (5, "fuse")
    assert desk("fuse", "lower", *WHY).code == 0
    assert sent(desk) == (5, "fuse")
    assert desk("usage", "--json").document["fuse"]["max"] == 1


def test_only_a_fuse_is_raised_and_only_upwards(desk: Desk) -> None:
    """Everything else is the configuration's."""
    for words in (["10", "--for", "1h"], ["6000", "--rule", "ip-day", "--for", "1h"], ["6000"]):
        assert desk("fuse", "raise", *words, *WHY, "--yes").code == 2


@pytest.mark.parametrize(
    ("who", "shown"),
    [(PHONE, MASKED), ("+861380*", "+861380*"), ("203.0.113.0/24", "203.0.113.0/24")],
)
def test_a_denial_turns_away_whom_it_names_alone(desk: Desk, who: str, shown: str) -> None:
    """A phone, a prefix, a network; the phone is never shown whole."""
    told = desk("deny", "add", who, "--for", "12h", *WHY)
    assert (told.code, shown in told.out, PHONE in told.out) == (0, True, False)
    assert desk("send", PHONE, "--ip", IP, "--json").document["reason"] == "denied"
    assert desk("send", OTHER, "--ip", "198.51.100.1").code == 0
    assert desk("deny", "list", "--json").document["overrides"][0]["target"] == shown
    assert desk("deny", "remove", who, *WHY).code == 0
    assert desk("send", PHONE, "--ip", IP).code == 0
    assert desk("deny", "remove", who, *WHY).code == 2


def test_an_allowed_phone_passes_its_own_limits_and_no_fuse(make_desk: MakeDesk) -> None:
    """Let it through, but never over the fuse."""
    desk = make_desk(
        "limits: [{name: minute, per: phone, max: 1, window: 60s},"
        " {name: fuse, per: all, max: 3, window: day}]\n"
    )
    assert [sent(desk)[1] for _ in range(2)] == [None, "limit"]
    assert desk("allow", "add", PHONE, "--for", "2h", *WHY).code == 0
    assert [sent(desk)[1] for _ in range(3)] == [None, None, "fuse"]


def test_a_wide_override_needs_a_yes(desk: Desk) -> None:
    """A whole country's numbers, or a /8, are not denied by a slip."""
    for who in ("+861*", "10.0.0.0/8"):
        refused = desk("deny", "add", who, *WHY)
        assert refused.code == 7
        assert "--yes" in refused.err
        assert desk("deny", "add", who, *WHY, "--yes").code == 0


@pytest.mark.parametrize("who", ["+86", "+86*", "+86x*", "1.2.3.4/33", "198.51.100.7/24", "12"])
def test_what_names_nobody_is_a_usage_error(desk: Desk, who: str) -> None:
    """It is said, and nothing is kept."""
    assert desk("deny", "add", who, *WHY).code == 2
    assert desk("overrides", "--json").document["overrides"] == []


def test_each_override_is_audited_with_who_and_why(desk: Desk) -> None:
    """Oldest first; no phone is told whole."""
    (pause,) = desk("pause", "--for", "1m", *WHY, "--json").document["overrides"]
    (denial,) = desk("deny", "add", PHONE, *WHY, "--json").document["overrides"]
    desk("resume", *WHY)
    acts = desk("audit", "--json").document["acts"]
    assert [act["what"] for act in acts] == [
        f"pause --until {pause['until'][:16]}",
        f"deny add {MASKED} --until {denial['until'][:16]}",
        "resume",
    ]
    assert {act["reason"] for act in acts} == {"ticket 4711"}
    assert desk("audit", "--since", "x").code == 2


def test_what_is_not_done_is_not_written_down(desk: Desk) -> None:
    """One id is wrong: no pause ends, and the audit log does not say that any did."""
    (override,) = desk("pause", "--for", "1m", *WHY, "--json").document["overrides"]
    assert desk("resume", override["id"], "00000000", *WHY).code == 2
    assert desk("overrides", "--json").document["overrides"] == [override]
    assert len(desk("audit", "--json").document["acts"]) == 1


def test_acts_of_one_second_are_told_in_their_override(desk: Desk) -> None:
    """Newest last, and behind the attempt that they followed."""
    assert desk("send", PHONE).code == 0
    desk("pause", "--for", "1m", *WHY)
    desk("resume", *WHY)
    told = desk("why", PHONE, "--json").document["entries"]
    assert [each["kind"] for each in told] == ["send", "operator", "operator"]
    assert [each["what"][:6] for each in told[1:]] == ["pause ", "resume"]


def test_limits_show_says_which_overrides_hold(desk: Desk) -> None:
    """Who looks a phone up sees why it is refused."""
    desk("deny", "add", PHONE, *WHY)
    shown = desk("limits", "show", "--phone", PHONE, "--json").document
    assert [override["kind"] for override in shown["overrides"]] == ["deny"]
    assert desk("limits", "show", "--phone", OTHER, "--json").document["overrides"] == []


def test_a_forgotten_star_is_named(desk: Desk) -> None:
    """The beginning of numbers without it is no phone; what is missing is said."""
    told = desk("deny", "add", "+861620", "--for", "1h", *WHY, "--json")
    assert (told.code, told.error["hint"]) == (2, "write it like +861620*")
