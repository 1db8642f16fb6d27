"""What explains that no code came: each situation by its one word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from smsctl.core.admin import Act
from smsctl.core.diagnosis import diagnose
from smsctl.core.history import (
    Admitted,
    Caller,
    Event,
    Guessed,
    Receipt,
    Settled,
    TurnedAway,
)
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.timeline import Attempt, Deed, timeline

CALLER = Caller(
    name="me",
    phone="+86138****8000",
    prefix="+861380013",
    address="203.0.113.7",
    country="CN",
    purpose="login",
)
NOW = 100_000.0
KNOWN = {"isv.X": "known", "IS_CLOSE": "off", "F001": "bot"}


def admitted(at: float = NOW - 300, **more: object) -> Admitted:
    fields: dict[str, object] = {
        "at": at,
        "request_id": "r1",
        "caller": CALLER,
        "captcha": "passed",
        "levels": (),
    }
    return Admitted(**(fields | more))  # type: ignore[arg-type]


def settled(state: str = "sent", code: str | None = None, **more: object) -> Settled:
    fields: dict[str, object] = {
        "at": NOW - 299,
        "request_id": "r1",
        "state": state,
        "blame": "account",
        "message_id": "m",
        "vendor_request_id": "v",
        "vendor_code": code,
    }
    return Settled(**(fields | more))  # type: ignore[arg-type]


def receipt(status: str, code: str = "") -> Receipt:
    return Receipt(
        at=NOW,
        request_id="r1",
        status=status,  # type: ignore[arg-type]
        code=code,
        received=None,
    )


def guessed(result: str) -> Guessed:
    return Guessed(at=NOW - 200, request_id="r1", result=result, tries_left=1)  # type: ignore[arg-type]


def away(reason: str, at: float = NOW - 100, **more: object) -> TurnedAway:
    fields: dict[str, object] = {
        "first": at,
        "last": at,
        "count": 1,
        "act": "send",
        "caller": CALLER,
        "reason": reason,
        "rule": "phone-minute" if reason in {"limit", "fuse"} else None,
        "max": 1,
        "retry_after": 60.0,
    }
    return TurnedAway(**(fields | more))  # type: ignore[arg-type]


def missed(reason: str = "missing") -> TurnedAway:
    return away(reason, act="verify")


def meaning(code: str) -> tuple[Phrase, Phrase] | None:
    return (phrase(KNOWN[code]), phrase("do")) if code in KNOWN else None


def told(events: Sequence[Event], refusals: Sequence[TurnedAway] = (), **more: object) -> str:
    entries = timeline(
        name="me",
        number="+8613800138000",
        country="CN",
        since=0.0,
        events=events,
        refusals=refusals,
        acts=[],
    )
    rolled = bool(more.get("rolled"))
    return diagnose(entries, now=NOW, rolled=rolled, meaning=meaning).cause


SENT: list[Event] = [admitted(), settled()]
SITUATIONS: dict[str, tuple[str, Sequence[Event], Sequence[TurnedAway]]] = {
    "nobody asked": ("never_asked", [], []),
    "another phone": ("never_asked", [], [away("limit", caller=replace(CALLER, name="you"))]),
    "verified": ("verified", [*SENT, guessed("mismatch"), guessed("verified")], []),
    "verified, then asked again": ("asked_again", [*SENT, guessed("verified")], [away("limit")]),
    "burnt": ("exhausted", [*SENT, guessed("exhausted")], []),
    "mistyped": ("mistyped", [*SENT, guessed("mismatch")], []),
    "delivered": ("delivered", [*SENT, receipt("delivered")], []),
    "delivered, mistyped": ("mistyped", [*SENT, receipt("delivered"), guessed("mismatch")], []),
    "delivered late": ("delivered", [*SENT, receipt("waiting"), receipt("delivered")], []),
    "contradicted": ("delivered", [*SENT, receipt("failed", "X"), receipt("delivered")], []),
    "final, then waiting": ("undelivered", [*SENT, receipt("failed"), receipt("waiting")], []),
    "undelivered": ("undelivered", [*SENT, receipt("failed", "IS_CLOSE")], []),
    "undelivered, code unknown": ("undelivered", [*SENT, receipt("failed", "?")], []),
    "no receipt for long": ("no_receipt", [*SENT, receipt("waiting")], []),
    "arriving": ("arriving", [admitted(NOW - 60), settled(), receipt("waiting")], []),
    "never asked for receipts": ("sent", SENT, []),
    "rejected": ("rejected", [admitted(), settled("rejected", "isv.X")], []),
    "rejected, code unknown": ("rejected", [admitted(), settled("rejected", "isv.Y")], []),
    "rejected without a code": ("rejected", [admitted(), settled("rejected")], []),
    "throttled": ("throttled", [admitted(), settled("rejected", "isv.X", blame="phone")], []),
    "unknown": ("unknown", [admitted(), settled("unknown")], []),
    "unknown, but delivered": (
        "delivered",
        [admitted(), settled("unknown"), receipt("delivered")],
        [],
    ),
    "being sent": ("sending", [admitted(NOW - 5)], []),
    "process died": ("unsettled", [admitted()], []),
    "test number": ("test_number", [admitted(captcha="test")], []),
    "limit": ("limit", [], [away("limit")]),
    "limit long after": ("limit", [admitted(NOW - 5000), settled()], [away("limit")]),
    "undelivered, then too early": (
        "undelivered",
        [*SENT, receipt("failed", "IS_CLOSE")],
        [away("limit")],
    ),
    "fuse": ("fuse", [], [away("fuse")]),
    "captcha, no code": ("captcha", [], [away("captcha")]),
    "captcha, a known code": ("captcha", [], [away("captcha", codes=("F001",))]),
    "captcha, an unknown code": ("captcha", [], [away("captcha", codes=("F999",))]),
    "country": ("country", [], [away("country")]),
    "denied": ("denied", [], [away("denied")]),
    "paused": ("paused", [], [away("paused")]),
    "locked": ("locked", [], [away("locked")]),
    "locked while guessing": ("locked", SENT, [missed("locked")]),
    "rejected like many": ("rejected", [], [away("rejected", codes=("isv.X",))]),
    "rejected like many, without a code": ("rejected", [], [away("rejected")]),
    "guessed after such a rejection": ("rejected", [], [away("rejected"), missed()]),
    "guessed at nothing": ("missing", [], [missed()]),
    "guessed too late": ("missing", [*SENT, receipt("delivered")], [missed()]),
    "guessed after use": ("used_up", [*SENT, guessed("verified")], [missed()]),
    "guessed, never delivered": (
        "undelivered",
        [*SENT, receipt("failed", "IS_CLOSE")],
        [missed()],
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_situation_is_told_by_its_cause(situation: str) -> None:
    """One word for scripts, whatever the sentence."""
    cause, events, refusals = SITUATIONS[situation]
    assert told(events, refusals) == cause


def test_what_may_be_forgotten_is_not_called_never() -> None:
    """Nothing found in a record that has rolled over proves nothing."""
    assert told([], rolled=True) == "forgotten"


def test_a_code_is_told_with_its_meaning() -> None:
    """In the sentence, with the code; the remedy is the code's."""
    entries = timeline(
        name="me",
        number="+8613800138000",
        country="CN",
        since=0.0,
        events=[admitted(), settled("rejected", "isv.X")],
        refusals=[],
        acts=[],
    )
    found = diagnose(entries, now=NOW, rolled=False, meaning=meaning)
    assert found.sentence == phrase(
        "the gateway refused the message: {meaning} ({code})", meaning=phrase("known"), code="isv.X"
    )
    assert found.remedy == phrase("do")


def act(what: str, *touches: str, at: str = "1970-01-02T00:00:00+00:00") -> Act:
    return Act(at=at, who="a@h", what=what, reason="", touches=touches)


def test_a_timeline_has_the_acts_that_touched_the_phone_and_no_others() -> None:
    """By its name, country or number, a purpose that it asked for, or all."""
    acts = [
        act("all", "all"),
        act("me", "me"),
        act("other", "you"),
        act("purpose", "purpose:login"),
        act("elsewhere", "purpose:pay"),
        act("country", "country:CN"),
        act("abroad", "country:US"),
        act("prefix", "prefix:+86138"),
        act("others", "prefix:+86139"),
        act("before", "all", at="1970-01-01T00:00:00+00:00"),
    ]
    entries = timeline(
        name="me",
        number="+8613800138000",
        country="CN",
        since=10.0,
        events=[admitted()],
        refusals=[],
        acts=acts,
    )
    deeds = [each.act.what for each in entries if isinstance(each, Deed)]
    assert deeds == ["all", "me", "purpose", "country", "prefix"]


def test_a_timeline_is_newest_last_and_joined_by_request_id() -> None:
    """Whatever others did in between, and in whatever order things were written."""
    other = Admitted(
        at=NOW,
        request_id="r2",
        caller=replace(CALLER, name="you"),
        captcha="none",
        levels=(),
    )
    second = admitted(NOW - 10, request_id="r3")
    entries = timeline(
        name="me",
        number="+8613800138000",
        country="CN",
        since=0.0,
        events=[settled(), other, second, admitted(), guessed("verified")],
        refusals=[away("limit", NOW - 50)],
        acts=[],
    )
    assert [type(each) for each in entries] == [Attempt, TurnedAway, Attempt]
    first = entries[0]
    assert isinstance(first, Attempt)
    assert (first.settled, first.guesses) == (settled(), [guessed("verified")])
