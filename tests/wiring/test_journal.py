"""Decisions in the log: one logger tree, a sentence for people, fields for machines."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from smsctl.core.decision import Decision
from smsctl.wiring.journal import JsonLines, fields, write_down


@pytest.fixture
def decision() -> Decision:
    """Return a refused send."""
    return Decision(
        act="send",
        phone="+86138****8000",
        phone_name="k3y3dn4m3",
        purpose="login",
        request_id="r",
        outcome="refused",
        reason="limit",
        rule="phone-minute",
        steps={"reserve": 0.4},
    )


def test_a_decision_is_one_record_of_the_tree(
    decision: Decision, caplog: pytest.LogCaptureFixture
) -> None:
    """Its sentence names the rule; its fields hang on the record."""
    with caplog.at_level(logging.INFO, logger="smsctl"):
        write_down(decision)
    (record,) = caplog.records
    assert record.name == "smsctl.decision"
    assert record.getMessage() == "send +86138****8000 login: refused (phone-minute)"
    assert vars(record)["smsctl"] == fields(decision)


def test_without_a_listener_nothing_is_built(
    decision: Decision, caplog: pytest.LogCaptureFixture
) -> None:
    """Where INFO is not wanted, a decision costs no record."""
    with caplog.at_level(logging.WARNING, logger="smsctl"):
        write_down(decision)
    assert caplog.records == []


def test_what_is_not_known_is_left_out(decision: Decision) -> None:
    """A field that has nothing to say is absent, not null."""
    assert fields(decision) == {
        "act": "send",
        "phone": "+86138****8000",
        "phone_name": "k3y3dn4m3",
        "purpose": "login",
        "request_id": "r",
        "outcome": "refused",
        "reason": "limit",
        "rule": "phone-minute",
        "steps": {"reserve": 0.4},
    }


def line(**more: Any) -> dict[str, Any]:
    record = logging.LogRecord("smsctl.guard", logging.WARNING, "", 1, "%s is late", ("r",), None)
    vars(record).update({"created": 1763870400.5} | more)
    told: dict[str, Any] = json.loads(JsonLines().format(record))
    return told


def test_a_json_line_is_one_object() -> None:
    """Time in UTC, level, logger, message, and the record's fields."""
    assert line(smsctl={"outcome": "sent"}) == {
        "time": "2025-11-23T04:00:00.500+00:00",
        "level": "warning",
        "logger": "smsctl.guard",
        "message": "r is late",
        "outcome": "sent",
    }


def test_a_traceback_is_told_by_its_type_alone() -> None:
    """Invariant 8: an exception's text may hold what must not be logged."""
    try:
        raise ValueError("13812345678")
    except ValueError:
        told = line(exc_info=sys.exc_info())
    assert told["exception"] == "ValueError"
    assert "13812345678" not in json.dumps(told)
