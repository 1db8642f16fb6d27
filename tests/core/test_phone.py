"""A number as typed, and the one form in which it counts."""

from __future__ import annotations

import pytest

from smsctl.core.phone import Phone, mainland, plain_number


@pytest.mark.parametrize("prefix", ["", "86", "+86", "0086"])
@pytest.mark.parametrize("number", ["13800138000", "19912345678"])
def test_a_mainland_mobile_has_four_spellings(prefix: str, number: str) -> None:
    """Bare, 86, +86 and 0086."""
    assert mainland(prefix + number) == Phone("CN", "86", number)


@pytest.mark.parametrize(
    "number",
    ["12800138000", "1380013800", "138001380000", "013800138000", "+8513800138000", "10086", ""],
)
def test_what_is_no_mainland_mobile_is_none(number: str) -> None:
    """1[3-9] and nine digits, exactly."""
    assert mainland(number) is None


def test_a_phone_is_shown_masked() -> None:
    """Whether by str, repr or in a format: the whole number has to be asked for."""
    phone = Phone("CN", "86", "13800138000")
    assert (str(phone), repr(phone)) == ("+86138****8000", "Phone(+86138****8000)")
    assert f"{phone}" == phone.masked
    assert phone.e164 == "+8613800138000"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        (Phone("HK", "852", "51234567"), "+852****4567"),
        (Phone("GB", "44", "7911123456"), "+4479****3456"),
        (Phone("XX", "999", "123456"), "+999****3456"),
    ],
)
def test_at_least_four_digits_are_masked_where_there_are_as_many(phone: Phone, masked: str) -> None:
    """A shorter number shows less of its beginning."""
    assert phone.masked == masked


def test_a_prefix_is_the_number_without_what_one_subscriber_has() -> None:
    """Seven digits in China; elsewhere all but the last four."""
    assert Phone("CN", "86", "13800138000").prefix == "+861380013"
    assert Phone("HK", "852", "51234567").prefix == "+8525123"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 138-0013 8000\t", "13800138000"),
        ("(+86) 138", "+86138"),
        ("(138)00138000", "13800138000"),
        ("138 0013 (8000)", "13800138000"),
        ("+86 (138) 0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("＋８６　１３８００１３８０００", "+8613800138000"),
        ("138\u00a00013\u00a08000", "13800138000"),
    ],
)
def test_signs_between_digits_are_dropped(text: str, number: str) -> None:
    """Spaces, dashes, brackets; full-width forms are read as their own."""
    assert plain_number(text) == number
