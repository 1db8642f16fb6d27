"""One number, however it is written; and nothing that no mobile has."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsctl.core.errors import InvalidPhone
from smsctl.core.phone import Phone
from smsctl.numbering import read_phone

CHINA = Phone("CN", "86", "13800138000")


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "+8613800138000",
        "008613800138000",
        "8613800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 (138) 0013-8000",
        "  13800138000\n",
        "１３８００１３８０００",
        "＋８６ １３８００１３８０００",
        "0086-138-0013-8000",
    ],
)
def test_every_spelling_is_one_phone(text: str) -> None:
    """Otherwise one number would have as many quotas as spellings."""
    assert read_phone(text, region="CN") == CHINA


@given(
    digits=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    prefix=st.sampled_from(["", "86", "+86", "0086"]),
    gaps=st.lists(st.sampled_from(["", " ", "-", "　", "－"]), min_size=15, max_size=15),
    wide=st.booleans(),
)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_no_spelling_escapes(digits: str, prefix: str, gaps: list[str], wide: bool) -> None:
    """Any prefix, any gaps between digits, ASCII or full-width."""
    head = "+" if prefix.startswith("+") else ""
    spelt = "".join(map("".join, zip(prefix.lstrip("+") + digits, gaps, strict=False)))
    text = head + spelt.rstrip("-－")  # nothing stands after the last digit but spaces
    if wide:
        text = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789+"})
    assert read_phone(text, region="CN") == Phone("CN", "86", digits)


@given(text=st.text(max_size=60) | st.from_regex(r"\+?[0-9 ,;x-]{0,45}", fullmatch=True))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_text_is_a_phone_or_refused(text: str) -> None:
    """No other exception, and what is read spells itself."""
    try:
        phone = read_phone(text, region="CN")
    except InvalidPhone:
        return
    assert read_phone(phone.e164, region="CN") == phone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "1",
        "13800138000,13900139000",
        "13800138000;13900139000",
        "13800138000 13900139000",
        "13800138000/13900139000",
        "13800138000x12",
        "13800138000 ext 5",
        "13800138000#5",
        "1380013800O",
        "١٣٨٠٠١٣٨٠٠٠a",
        "138\x00 0013 8000",
        "138\n\r0013\x1b8000",
        "138\u202e00138000",
        "++8613800138000",
        "86+13800138000",
        "tel:+8613800138000",
        "\udcff13800138000",
        "1" * 1_000_000,
        "１" * 1_000_000,
    ],
)
def test_what_is_not_one_number_is_refused(text: str) -> None:
    """Lists, letters, extensions, control characters, and whatever is absurdly long."""
    with pytest.raises(InvalidPhone):
        read_phone(text, region="CN")


@pytest.mark.parametrize(
    "text",
    [
        "10086",
        "110",
        "1069012345678",
        "01012345678",
        "+861012345678",
        "013800138000",
        "+86013800138000",
        "12345678901",
        "1380013800",
        "138001380001",
        "+852 2123 4567",  # a landline of Hong Kong
        "+44 20 7946 0018",
        "+800 1234 5678",
        "+999 123456789",
        "+852 999",
        "00",
    ],
)
def test_what_can_be_no_mobile_is_refused(text: str) -> None:
    """Landlines, short numbers, trunk prefixes, codes of no country."""
    with pytest.raises(InvalidPhone) as caught:
        read_phone(text, region="CN")
    assert str(caught.value) == "not the number of a mobile"
    assert str(caught.value.hint)


@pytest.mark.parametrize(
    "text", ["13800138000,1", "+86 13800138000 ext 9", "12800138000", "8" * 99]
)
def test_no_message_repeats_the_number(text: str) -> None:
    """Neither the exception nor its hint, whose own example is a known one."""
    with pytest.raises(InvalidPhone) as caught:
        read_phone(text, region="CN")
    fault = caught.value
    assert not set(re.findall(r"[0-9]{5,}", text)) & set(re.findall(r"[0-9]+", repr(fault.args)))


@pytest.mark.parametrize(
    ("text", "region", "country", "e164"),
    [
        ("+852 5123 4567", "CN", "HK", "+85251234567"),
        ("00852 5123 4567", "CN", "HK", "+85251234567"),
        ("5123 4567", "HK", "HK", "+85251234567"),
        ("+853 6612 3456", "CN", "MO", "+85366123456"),
        ("0912 345 678", "TW", "TW", "+886912345678"),
        ("+886 0912 345 678", "CN", "TW", "+886912345678"),
        ("+39 347 123 4567", "CN", "IT", "+393471234567"),
        ("+1 202 555 0143", "CN", "US", "+12025550143"),  # fixed line or mobile: not told apart
        ("+86 138 0013 8000", "HK", "CN", "+8613800138000"),
        ("0086 138 0013 8000", "US", "CN", "+8613800138000"),
    ],
)
def test_other_countries_mobiles_are_read(text: str, region: str, country: str, e164: str) -> None:
    """With a calling code, or bare as the configured region reads it."""
    phone = read_phone(text, region=region)
    assert (phone.country, phone.e164) == (country, e164)


def test_a_bare_number_is_the_regions() -> None:
    """What is a mobile in the mainland is none in Hong Kong."""
    with pytest.raises(InvalidPhone):
        read_phone("13800138000", region="HK")


def test_a_mainland_number_does_not_load_the_numbering_plans() -> None:
    """They cost 30 ms, which a short-lived process would pay each time."""
    code = (
        "import sys; from smsctl.numbering import read_phone\n"
        "read_phone('+86 13800138000', region='CN')\n"
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
