"""The table of codes is whole, and each entry says all that is asked of it."""

from __future__ import annotations

import pytest

from smsctl.vendors.codes.entry import Entry
from smsctl.vendors.codes.table import TABLE, entry_of, known
from smsctl.vendors.codes.windows import LIMITED, WINDOWS, window_of

RECEIPTS = {
    *("DELIVERED", "MOBILE_NOT_ON_SERVICE", "MOBILE_SEND_LIMIT", "MOBILE_IN_BLACK", "NO_ROUTE"),
    *("MOBILE_ACCOUNT_ABNORMAL", "MOBLLE_TERMINAL_ERROR", "INVALID_NUMBER", "CONTENT_KEYWORD"),
    *("CONTENT_ERROR", "PORT_NOT_REGISTERED", "IS_CLOSE", "SP_UNKNOWN_ERROR", "REQUEST_SUCCESS"),
    "USER_REJECT",
}
CAPTCHA = {
    *("T001", "T005", "T006"),
    *(f"F{number:03}" for number in range(1, 25) if number not in {7, 21, 22}),
}
TURNSTILE = {
    *("missing-input-secret", "invalid-input-secret", "missing-input-response"),
    *("invalid-input-response", "bad-request", "timeout-or-duplicate", "internal-error"),
}


def test_no_code_is_there_twice() -> None:
    """One table: what a code means is written in one place."""
    codes = [entry.code for entry in TABLE]
    assert len(codes) == len({code.casefold() for code in codes}) == 105


def test_every_code_of_the_vendors_pages_is_there() -> None:
    """Receipts, captcha verdicts, siteverify's errors; the gateway's have a test of their own."""
    for source, codes in (("receipt", RECEIPTS), ("captcha", CAPTCHA), ("turnstile", TURNSTILE)):
        assert codes <= {entry.code for entry in TABLE if entry.source == source}


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.code)
def test_an_entry_answers_every_question(entry: Entry) -> None:
    """What it means, what to do, when to try again, and where the vendor says so."""
    assert entry.meaning
    assert entry.remedy
    assert entry.when
    assert entry.page.startswith("https://")


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.code)
def test_what_may_have_been_sent_is_never_sent_again_at_once(entry: Entry) -> None:
    """SendSms is not idempotent; and what was not sent is not billed."""
    if entry.sent == "perhaps":
        assert entry.retry == "after_check"
    if entry.sent == "no":
        assert entry.billed == "no"
        assert entry.retry != "after_check"
    if entry.source == "gateway":
        assert (entry.sent == "perhaps") == (entry.kind == "unknown")


def test_a_family_is_found_by_what_stands_before_the_dot() -> None:
    """As the vendor writes them; a code that nobody knows is nothing."""
    for code in ("Throttling", "Throttling.User", "Throttling.*"):
        found = entry_of(code)
        assert found is not None
        assert found.code == "Throttling.*"
    assert entry_of("isv.SOMETHING_NEW") is None
    assert [entry.code for entry in known(["F008", "nope", "OK"])] == ["F008", "OK"]


def test_a_message_names_its_window() -> None:
    """Each wording of the vendor's, the longer one first where one is a part of the other."""
    assert entry_of(LIMITED) is not None
    for words, number in (
        ("触发分钟级流控Permits:1", 0),
        ("触发小时级流控Permits:5", 1),
        ("触发号码天级流控Permits:40", 2),
        ("触发天级流控Permits:10", 3),
    ):
        assert window_of(words) is WINDOWS[number]
    assert window_of("触发业务流控") is None
