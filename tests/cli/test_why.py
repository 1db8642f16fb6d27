"""`smsctl why`: the timeline of one phone, from what command lines did before."""

from __future__ import annotations

import re

import pytest

from smsctl.cli.frame.words import cells
from smsctl.store.target import Target
from tests.cli.desk import Desk
from tests.cli.desks import IP, MASKED, OTHER, PHONE, MakeDesk
from tests.servers import PrivateServer


def test_a_whole_story_is_told_newest_last(desk: Desk) -> None:
    """Refused, reset, sent, mistyped, verified: each with what stood then."""
    message = desk("send", PHONE, "--ip", IP, "--json").document["message"]
    (code,) = re.findall("[0-9]{6}", message)
    desk("send", PHONE, "--ip", IP)
    desk("verify", PHONE, "000000" if code != "000000" else "000001")
    desk("verify", PHONE, code)
    desk("limits", "reset", "--phone", PHONE, "--reason", "ticket 4711", "--yes")
    told = desk("why", PHONE, "--json").document
    kinds = [entry["kind"] for entry in told["entries"]]
    assert kinds == ["send", "refused", "operator"]
    send = next(entry for entry in told["entries"] if entry["kind"] == "send")
    assert (send["purpose"], send["ip"], send["gateway"]["state"]) == ("login", IP, "sent")
    assert send["limits"][0] == {"rule": "phone-minute", "used": 0, "max": 1}
    assert [guess["result"] for guess in send["verifications"]] == ["mismatch", "verified"]
    refused = next(entry for entry in told["entries"] if entry["kind"] == "refused")
    assert (refused["rule"], refused["count"], refused["ip"]) == ("phone-minute", 1, IP)
    operator = next(entry for entry in told["entries"] if entry["kind"] == "operator")
    assert (operator["what"], operator["reason"]) == (
        f"limits reset --phone {MASKED}",
        "ticket 4711",
    )
    assert told["diagnosis"]["cause"] == "asked_again"
    assert PHONE not in str(told)


def test_a_phone_that_only_was_refused_is_found(make_desk: MakeDesk) -> None:
    """It never got a send, so nothing but the record of refusals knows it."""
    desk = make_desk("limits: [{name: fuse, per: all, max: 1, window: day}]\n")
    desk("send", OTHER)
    desk("send", PHONE)
    desk("send", PHONE)
    told = desk("why", PHONE, "--json").document
    assert told["diagnosis"]["cause"] == "fuse"
    (entry,) = told["entries"]
    assert (entry["reason"], entry["count"], entry["max"]) == ("fuse", 2, 1)


def test_a_stranger_never_asked(desk: Desk) -> None:
    """Nothing is known, and that is said."""
    for since in ("1m", "8d"):  # as far back as anything is kept, nothing was forgotten
        told = desk("why", PHONE, "--since", since, "--json")
        assert (told.code, told.document["entries"]) == (0, [])
        assert told.document["diagnosis"]["cause"] == "never_asked"
        assert told.document["complete_since"] == told.document["since"]


@pytest.mark.parametrize("language", ["en", "zh_CN.UTF-8"])
@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_a_screen_fits_its_terminal(desk: Desk, language: str, columns: str) -> None:
    """Every line, in both languages; the gateway's id alone is one word."""
    desk("send", PHONE, "--ip", IP)
    desk("send", PHONE, "--ip", IP)
    desk("pause", "--for", "1m", "--reason", "a test")
    shown = desk("why", PHONE, terminal=True, COLUMNS=columns, SMSCTL_LANG=language, NO_COLOR="1")
    lines = [line for line in shown.out.splitlines() if "console-" not in line]
    assert max(map(cells, lines)) <= int(columns)
    assert MASKED in shown.out
    assert PHONE not in shown.out


def test_a_pipe_gets_a_line_for_each_entry(desk: Desk) -> None:
    """By their columns' names."""
    desk("send", PHONE)
    desk("send", PHONE)
    rows = desk("why", PHONE).table
    assert [(row["what"], row["outcome"], row["rule"]) for row in rows] == [
        ("send", "sent", ""),
        ("send", "limit", "phone-minute"),
    ]


@pytest.mark.parametrize("since", ["x", "0s", "9d", "-1h"])
def test_what_is_no_time_back_is_a_usage_error(desk: Desk, since: str) -> None:
    """The store keeps events for eight days."""
    assert desk("why", PHONE, "--since", since).code == 2


def test_a_store_that_is_down_is_told(make_desk: MakeDesk, server: PrivateServer) -> None:
    """As everywhere: exit 69."""
    assert isinstance(server.target, Target)
    told = make_desk()("why", PHONE, SMSCTL_STORE__URL="redis://127.0.0.1:1/0")
    assert told.code == 69
