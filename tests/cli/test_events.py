"""`smsctl events`: what happened, of all processes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.desk import Desk
from tests.cli.desks import IP, MASKED, OTHER, PHONE, MakeDesk


def test_events_of_other_processes_are_told_newest_last(desk: Desk) -> None:
    """Each command line is a process of its own to the store."""
    desk("send", PHONE, "--ip", IP)
    desk("send", PHONE, "--ip", IP)
    desk("verify", PHONE, "000000")
    found = desk("events", "--json").document["events"]
    assert [each["event"] for each in found] == ["settled", "refused", "guessed"]
    assert {each["phone"] for each in found} == {MASKED}
    assert found[0]["ip"] == IP
    assert found[0]["at"] <= found[1]["at"] <= found[2]["at"]


def test_refusals_alike_are_one_event_with_their_count(make_desk: MakeDesk) -> None:
    """A flood is one line; the send before it is still there."""
    desk = make_desk("limits: [{name: fuse, per: all, max: 1, window: day}]\n")
    desk("send", OTHER)
    for _ in range(3):
        desk("send", PHONE)
    rows = desk("events").table
    assert [(row["event"], row["detail"], row["count"]) for row in rows] == [
        ("settled", "sent", "1"),
        ("refused", "fuse", "3"),
    ]


def test_the_newest_so_many_are_shown(desk: Desk) -> None:
    """And none is an empty list."""
    assert desk("events", "--json").document["events"] == []
    nothing = desk("events", "--since", "8d", terminal=True).out
    assert ("Nothing happened" in nothing, "forgotten" in nothing) == (True, False)
    desk("send", PHONE)
    desk("send", PHONE)
    assert len(desk("events", "-n", "1", "--json").document["events"]) == 1
    assert MASKED in desk("events", terminal=True, COLUMNS="40").out


@pytest.mark.parametrize("words", [["--since", "x"], ["--since", "9d"], ["-n", "0"]])
def test_bad_input_is_a_usage_error(desk: Desk, words: list[str]) -> None:
    """As everywhere."""
    assert desk("events", *words).code == 2


def test_following_goes_on_with_what_happens(desk: Desk) -> None:
    """What was there first, then what another process does; a closed pipe ends it quietly."""
    desk("send", OTHER)
    words = [sys.executable, "-m", "smsctl", "events", "--follow", "--json"]
    with subprocess.Popen(words, env={**desk.environ}, stdout=subprocess.PIPE) as following:
        assert following.stdout is not None
        first = json.loads(following.stdout.readline())
        desk("send", PHONE)
        second = json.loads(following.stdout.readline())
        following.stdout.close()
        desk("send", PHONE)
        assert following.wait(timeout=20) in {0, -13, 141}
    assert [first["phone"], second["phone"]] == ["+86139****9000", MASKED]
    assert second["schema"] == "smsctl.event/1"
