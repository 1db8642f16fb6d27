"""Hosts that decide by another policy are named to the operator."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.cli.desks import IP, OTHER, PHONE, MakeDesk

OTHERS = "timezone: UTC\nlimits: [{name: fuse, per: all, max: 9, window: day}]\n"


@pytest.fixture
def split(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    """Return a desk on a store where a process of another policy has sent."""
    make_desk(OTHERS)("send", OTHER, "--ip", IP)
    desk = make_desk()
    desk("send", PHONE, "--ip", IP)
    return desk


def test_config_check_names_a_host_that_disagrees(split: Desk) -> None:
    """What it has other than this host, and since when; it is no error."""
    items = split("config", "check", "--json").document["items"]
    (item,) = (each for each in items if each["check"] == "store.hosts")
    assert item["level"] == "warn"
    assert item["message"].startswith(
        f"{socket.gethostname()} decides by other limits, timezone (UTC) since 20"
    )
    assert item["message"].endswith("+08:00")
    assert "same configuration" in item["hint"]


def test_overrides_and_watch_name_it_too(split: Desk) -> None:
    """In the document, and on stderr for whoever reads."""
    answer = split("overrides", "--json")
    (host,) = answer.document["hosts"]
    assert (host["host"], host["differs"]) == (socket.gethostname(), ["limits", "timezone"])
    assert host["timezone"] == "UTC"
    assert host["since"] <= host["seen"]
    assert "decides by other limits, timezone (UTC)" in answer.err
    (watched,) = split("watch", "--json", "--count", "1").document["hosts"]
    assert watched == host


def test_hosts_that_agree_are_counted(desk: Desk) -> None:
    """Nobody is named."""
    desk("send", PHONE, "--ip", IP)
    items = desk("config", "check", "--json").document["items"]
    (item,) = (each for each in items if each["check"] == "store.hosts")
    assert (item["level"], item["message"][-3:]) == ("ok", ": 1")
    answer = desk("overrides", "--json")
    assert (answer.document["hosts"], answer.err) == ([], "")
