"""Numbers with a fixed code."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smsctl.config import policy
from tests.config.conftest import Reads, Wrongs


def test_test_numbers_are_read(read: Reads) -> None:
    """In any spelling; a date is its first moment in the configured zone."""
    config = read(
        "timezone: Asia/Shanghai\n"
        "test_numbers:\n"
        "  - {phone: 138 0013 8000, code: 012345, until: 2026-12-31}\n"
        "  - {phone: +852 5123 4567, code: 123456, until: 2026-12-31T18:00:00Z}\n"
        "  - {phone: 13800138001, code: 123456, until: '2026-12-31 18:00'}\n"
    )
    first, second, third = config.test_numbers
    assert (first.e164, first.code) == ("+8613800138000", "012345")
    assert first.until == datetime(2026, 12, 30, 16, tzinfo=UTC)
    assert second.until == datetime(2026, 12, 31, 18, tzinfo=UTC)
    assert third.until == datetime(2026, 12, 31, 10, tzinfo=UTC)
    assert policy(config).test_numbers["+8613800138000"] is first


@pytest.mark.parametrize(
    ("entry", "path", "message"),
    [
        ("{phone: 13800138000, code: 123456}", ".until", "is missing"),
        ("{phone: 10086, code: 123456, until: 2026-12-31}", ".phone", "is no mobile number"),
        ("{phone: 'a', code: 123456, until: 2026-12-31}", ".phone", "not one phone number"),
        ("{phone: 13800138000, code: 1234, until: 2026-12-31}", ".code", "a code has 6 digits"),
        ("{phone: 13800138000, code: abcdef, until: 2026-12-31}", ".code", "a code has 6 digits"),
        ("{phone: 13800138000, code: 123456, until: 2026-13-31}", ".until", "is no date and no"),
        ("{phone: 13800138000, code: 123456, until: soon}", ".until", "is no date and no time"),
    ],
)
def test_a_bad_test_number_is_told(wrong: Wrongs, entry: str, path: str, message: str) -> None:
    """With its place in the list."""
    problems = wrong(f"test_numbers: [{entry}]")
    assert list(problems) == [f"test_numbers[0]{path}"]
    assert problems[f"test_numbers[0]{path}"].startswith(message)


def test_a_test_number_is_listed_once(wrong: Wrongs) -> None:
    """Two codes for one number would be a riddle."""
    one = "{phone: 13800138000, code: 123456, until: 2026-12-31}"
    two = "{phone: +86 13800138000, code: 654321, until: 2026-12-31}"
    assert list(wrong(f"test_numbers: [{one}, {two}]")) == ["test_numbers[1].phone"]
