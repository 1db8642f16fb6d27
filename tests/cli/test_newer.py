"""Records of a newer smsctl are left out, with a word about them, and stop no command."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.cli.desk import Desk
from tests.cli.desks import IP, PHONE
from tests.servers import PrivateServer

COMMANDS = {
    "events": ["events"],
    "why": ["why", PHONE],
    "watch": ["watch", "--count", "1"],
    "report": ["report"],
    "usage": ["usage", "--by", "ip"],
}


@pytest.fixture
def newer(desk: Desk, server: PrivateServer) -> Desk:
    """Return a desk whose store has a send, and two entries of the day that nobody knows yet."""
    desk("send", PHONE, "--ip", IP)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    with server.client as client:
        client.rpush(f"{{sms}}:events:{today}", b"\x01\x09" + bytes(20), b"\x02" + b"later")
    return desk


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_newer_record_is_left_out(newer: Desk, words: list[str]) -> None:
    """What is known is shown; the count stands on stderr."""
    answer = newer(*words, "--json")
    assert answer.code == 0
    assert "written by a newer smsctl" in answer.err
    assert ": 2;" in answer.err
    assert newer(*words, "--json", "-q").err == ""


@pytest.mark.parametrize("name", ["events", "why", "report", "usage"])
def test_a_document_counts_what_it_leaves_out(newer: Desk, name: str) -> None:
    """As `newer`, and not at all where nothing is left out."""
    assert newer(*COMMANDS[name], "--json").document["newer"] == 2
    assert "newer" not in newer("limits", "show", "--json").document


def test_config_check_tells_of_newer_records(newer: Desk) -> None:
    """It reads what the commands read; what stops decisions is an error."""
    items = {each["check"]: each for each in newer("config", "check", "--json").document["items"]}
    assert (items["store.newer"]["level"], items["store.newer"]["message"][-7:]) == (
        "warn",
        "event 2",
    )


def test_watch_counts_them_in_its_lines(newer: Desk) -> None:
    """As the other documents do."""
    assert newer("watch", "--count", "1", "--json").document["newer"] == 2
