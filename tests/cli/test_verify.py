"""`smsctl verify`: where the code comes from, and what is told of it."""

from __future__ import annotations

import pytest

from tests.cli.desk import Desk
from tests.cli.desks import MASKED, PHONE, MakeDesk

CONFIG = f'test_numbers: [{{phone: "{PHONE}", code: "123456", until: 2099-01-01}}]\n'
"""A test number's code is known before it is sent."""


@pytest.fixture
def sent(make_desk: MakeDesk) -> Desk:
    """Return a desk where the code 123456 waits for PHONE."""
    desk = make_desk(CONFIG)
    assert desk("send", PHONE).code == 0
    return desk


def test_a_right_code_is_told_in_full(sent: Desk) -> None:
    """The document has the contract's keys, and 0."""
    told = sent("verify", PHONE, "123456", "--json")
    assert (told.code, told.err) == (0, "")
    assert told.document == {
        "schema": "smsctl.verify/1",
        "outcome": "verified",
        "phone": MASKED,
        "purpose": "login",
    }


def test_a_wrong_code_says_how_many_tries_are_left(sent: Desk) -> None:
    """3, and the contract's keys."""
    told = sent("verify", PHONE, "000000", "--json")
    assert told.code == 3
    assert told.document == {
        "schema": "smsctl.verify/1",
        "outcome": "rejected",
        "phone": MASKED,
        "purpose": "login",
        "reason": "mismatch",
        "tries_left": 2,
        "retry_after_s": None,
    }


def test_the_reasons_come_in_their_override(sent: Desk) -> None:
    """Mismatch until the last try, exhausted at it, missing from then on; always 3."""
    told = [sent("verify", PHONE, "000000", "--json") for _ in range(4)]
    reasons = [each.document["reason"] for each in told]
    assert reasons == ["mismatch", "mismatch", "exhausted", "missing"]
    assert {each.code for each in told} == {3}


@pytest.mark.parametrize("options", [(), ("--json",), ("--quiet",), ("-v",)])
def test_the_exit_code_is_the_same_in_every_mode(sent: Desk, options: tuple[str, ...]) -> None:
    """How it is shown changes nothing."""
    assert sent("verify", PHONE, "000000", *options).code == 3
    assert sent("verify", PHONE, "000000", *options, terminal=True).code == 3
    assert sent("verify", PHONE, "123456", *options).code == 0


def test_a_pipe_gets_a_row(sent: Desk) -> None:
    """TSV with a line of names."""
    assert sent("verify", PHONE, "000000").table == [
        {
            "outcome": "rejected",
            "phone": MASKED,
            "purpose": "login",
            "reason": "mismatch",
            "tries_left": "2",
            "retry_after_s": "",
        }
    ]


def test_a_terminal_gets_sentences(sent: Desk) -> None:
    """One for each reason, and none of them holds the code."""
    wrong = [sent("verify", PHONE, "000000", terminal=True, NO_COLOR="1").out for _ in range(4)]
    assert wrong == [
        f"✗ not verified: wrong code for {MASKED}, 2 more tries\n",
        f"✗ not verified: wrong code for {MASKED}, one more try\n",
        f"✗ not verified: wrong code for {MASKED}, and that was the last try\n",
        f"✗ not verified: no code of {MASKED} is waiting\n  never sent, used, expired or burnt\n",
    ]


def test_a_code_is_read_from_stdin(sent: Desk) -> None:
    """`-` keeps it out of the process list; full-width digits are digits."""
    assert sent("verify", PHONE, "-", piped="１２３４５６\n".encode()).code == 0


def test_a_code_is_asked_for_at_a_terminal(sent: Desk) -> None:
    """The question goes to stderr: stdout is data."""
    told = sent("verify", PHONE, answer="123456\n", NO_COLOR="1")
    assert (told.code, told.err) == (0, "code: ")
    assert told.out == f"✓ verified: {MASKED} for login\n"


@pytest.mark.parametrize("words", [("138",), (PHONE, "--purpose", "nope")])
def test_nothing_is_asked_for_a_phone_or_purpose_that_is_none(
    desk: Desk, words: tuple[str, ...]
) -> None:
    """2 at once: nobody fetches a code to be told that the line was wrong."""
    told = desk("verify", *words, answer="123456\n", NO_COLOR="1")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("error: ")
    assert "code:" not in told.err


def test_a_try_out_is_announced_before_the_question(bare: Desk) -> None:
    """Who reads that this is not their configuration need not type the code."""
    assert bare("send", PHONE).code == 0
    told = bare("verify", PHONE, answer="no code\n", NO_COLOR="1")
    assert told.code == 2
    assert told.err.startswith(
        "no configuration: a try-out with the console gateway and an embedded store\ncode: "
    )


def test_without_a_terminal_nothing_is_asked(sent: Desk) -> None:
    """A cron job gets a usage error that says how, not a prompt that waits for ever."""
    told = sent("verify", PHONE)
    assert (told.code, told.out) == (2, "")
    assert told.err == (
        "error: no code, and no terminal to ask on\n"
        "hint: give it behind the phone, or - to read it from stdin\n"
    )


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "12 34 56", ""])
def test_what_cannot_be_a_code_costs_no_try(sent: Desk, code: str) -> None:
    """2, and the owner still has all tries; the text is not repeated."""
    told = sent("verify", PHONE, code, "--json")
    assert (told.code, told.out) == (2, "")
    assert not code or code not in told.err
    assert sent("verify", PHONE, "000000", "--json").document["tries_left"] == 2


def test_a_challenge_is_presented(make_desk: MakeDesk) -> None:
    """Without it the code is missing; with it the code is right."""
    desk = make_desk(CONFIG + "code: {challenge: required}\n")
    challenge = desk("send", PHONE, "--json").document["challenge"]
    told = desk("verify", PHONE, "123456", "--json")
    assert (told.code, told.document["reason"]) == (3, "missing")
    assert desk("verify", PHONE, "123456", "--challenge", challenge).code == 0


def test_a_store_that_is_down_verifies_nothing(desk: Desk) -> None:
    """69, stdout silent."""
    told = desk("verify", PHONE, "123456", SMSCTL_STORE__URL="redis://127.0.0.1:1/0")
    assert (told.code, told.out) == (69, "")
