"""From what somebody typed to one mobile number, of any country.

Mainland numbers are the core's to read; for the rest the numbering plans of libphonenumber are
asked. No message repeats the number.
"""

from __future__ import annotations

from smsctl.core.errors import InvalidPhone
from smsctl.core.phone import Phone, mainland, plain_number
from smsctl.core.phrase import Phrase, phrase

_MAINLAND_CODE = "86"


def read_phone(text: str, *, region: str) -> Phone:
    """Return the mobile number that `text` spells; every spelling of it is the same Phone.

    A number without `+` or `00` is one of `region` (ISO 3166 two letters). Raises InvalidPhone for
    everything that is not one number of a mobile.
    """
    number = plain_number(text)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    of_mainland = number.startswith(f"+{_MAINLAND_CODE}") or (region == "CN" and number[0] != "+")
    if not of_mainland:
        return _abroad(number, region)
    phone = mainland(number)
    if phone is None:
        raise _not_mobile(phrase("a mainland mobile is 1[3-9] and nine digits: 13800138000"))
    return phone


def _abroad(number: str, region: str) -> Phone:
    # 30 ms, and its metadata: a mainland number never needs them.
    import phonenumbers  # noqa: PLC0415

    hint = phrase("write the number with its calling code, like +852 5123 4567")
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        raise _not_mobile(hint) from None
    kind = phonenumbers.number_type(parsed)  # UNKNOWN where no plan has the number
    mobile = {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    }
    country = phonenumbers.region_code_for_number(parsed)
    if kind not in mobile or country in {None, "CN"}:
        raise _not_mobile(hint)
    national = phonenumbers.national_significant_number(parsed)
    return Phone(str(country), str(parsed.country_code), national)


def _not_mobile(hint: Phrase) -> InvalidPhone:
    return InvalidPhone("not the number of a mobile", hint=hint)
