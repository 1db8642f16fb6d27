"""Every code of the vendor's pages, one by one: was it sent, or not, or is it not known?"""

from __future__ import annotations

import pytest

from smsctl.core.ports import Accepted, Declined, Unclear
from smsctl.vendors.aliyun_answers import outcome
from smsctl.vendors.aliyun_client import Reply
from smsctl.vendors.aliyun_codes import CODES, meaning_of
from smsctl.vendors.lane import Lane
from smsctl.vendors.network import Breakdown, Broken
from tests.fakes.aliyun import Code, FakeAliyun
from tests.fakes.vendor import Answer
from tests.vendors.samples import submit

CREDENTIALS = {
    "InvalidAccessKeyId.NotFound": 404,
    "InvalidAccessKeyId.Inactive": 400,
    "InvalidAccessKeyId": 400,
    "SignatureDoesNotMatch": 400,
    "NoPermission": 403,
    "Forbidden.RAM": 403,
    "isp.RAM_PERMISSION_DENY": 200,
    "Forbidden": 403,
    "Forbidden.AccessKeyDisabled": 403,
    "MissingSecurityToken": 400,
    "InvalidSecurityToken": 400,
    "InvalidSecurityToken.Expired": 400,
    "InvalidSecurityToken.MismatchWithAccessKey": 200,
    "IncompleteSignature": 200,
}
UNCLEAR = {
    "isp.SYSTEM_ERROR": 200,
    "isp.GATEWAY_ERROR": 200,
    "SignatureNonceUsed": 400,
    "InternalError": 500,
    "ServiceUnavailable": 503,
}
GATEWAY = {"InvalidTimeStamp.Expired": 400, "Throttling": 400, "Throttling.Api": 400}
ISV = sorted(code for code in CODES if code.startswith("isv."))


def test_the_table_has_every_code_of_the_vendors_pages() -> None:
    """37 codes of the service that refuse; every other one is in a table above."""
    assert len(ISV) == 37
    others = {code.removesuffix(".*") for code in CODES if code not in ISV}
    named = {*CREDENTIALS, *UNCLEAR, *GATEWAY}
    assert others == {code for code in named if code in CODES or f"{code}.*" in CODES}
    assert all(meaning_of(code) for code in named)


@pytest.mark.parametrize("code", ISV)
def test_a_code_of_the_service_says_that_nothing_was_sent(
    aliyun: FakeAliyun, lane: Lane, code: str
) -> None:
    """Invariant 3: refund on certainty. HTTP 200, and the SDK returns as if all were well."""
    aliyun.script(Code(code, message="看起来没事"))
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert (answer.vendor_code, answer.credentials) == (code, False)
    assert (answer.throttled is not None) == (code == "isv.BUSINESS_LIMIT_CONTROL")
    assert answer.explanation
    assert answer.hint
    assert answer.vendor_request_id


BAD_NUMBERS = ["MOBILE_NUMBER_ILLEGAL", "BLACK_KEY_CONTROL_LIMIT", "NOT_SUPPORTED_COUNTRY"]


@pytest.mark.parametrize("prefix", ["isv.", ""])
@pytest.mark.parametrize("code", [*BAD_NUMBERS, "BUSINESS_LIMIT_CONTROL", "AMOUNT_NOT_ENOUGH"])
def test_a_code_means_the_same_without_its_prefix(
    aliyun: FakeAliyun, lane: Lane, prefix: str, code: str
) -> None:
    """Some of the vendor's products leave `isv.` out; for whose sake it was is the same."""
    aliyun.script(Code(prefix + code))
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert answer.vendor_code == prefix + code
    assert answer.bad_number == (code in BAD_NUMBERS)
    assert (answer.throttled is not None) == (code == "BUSINESS_LIMIT_CONTROL")


@pytest.mark.parametrize(("code", "status"), CREDENTIALS.items())
def test_a_refused_access_key_is_told_apart(
    aliyun: FakeAliyun, lane: Lane, code: str, status: int
) -> None:
    """Exactly the codes of exit code 77."""
    aliyun.script(Code(code, status))
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert (answer.vendor_code, answer.credentials) == (code, True)


def test_only_those_codes_are_the_access_keys_fault() -> None:
    """No other code of the table is exit code 77."""
    keys_fault = {code for code, meaning in CODES.items() if meaning.kind == "credentials"}
    assert keys_fault == {
        "InvalidAccessKeyId.*",
        "SignatureDoesNotMatch",
        "NoPermission",
        "Forbidden.RAM",
        "Forbidden.*",
        "MissingSecurityToken",
        "InvalidSecurityToken.*",
        "IncompleteSignature",
        "isp.RAM_PERMISSION_DENY",
    }


@pytest.mark.parametrize(("code", "status"), GATEWAY.items())
def test_what_the_gateway_refuses_was_not_sent(
    aliyun: FakeAliyun, lane: Lane, code: str, status: int
) -> None:
    """Clock and throttling: refused at the front door, and no phone's fault."""
    aliyun.script(Code(code, status))
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert (answer.vendor_code, answer.credentials, answer.throttled) == (code, False, None)


@pytest.mark.parametrize(("code", "status"), UNCLEAR.items())
def test_what_may_have_been_sent_is_unclear(
    aliyun: FakeAliyun, lane: Lane, code: str, status: int
) -> None:
    """Invariant 3: no refund in doubt."""
    aliyun.script(Code(code, status))
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Unclear)
    assert answer.vendor_code == code
    assert answer.vendor_request_id


@pytest.mark.parametrize("status", [200, 400, 403, 500, 503])
def test_the_code_decides_and_not_the_http_status(status: int) -> None:
    """The vendor's own pages disagree about the statuses."""
    for code, kind in (
        ("isv.AMOUNT_NOT_ENOUGH", Declined),
        ("SignatureDoesNotMatch", Declined),
        ("Throttling.User", Declined),
        ("SignatureNonceUsed", Unclear),
        ("isp.SYSTEM_ERROR", Unclear),
    ):
        assert isinstance(outcome(Reply(status=status, code=code, request_id=None)), kind)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("isv.SOMETHING_NEW", 200, Declined),
        ("isv.SOMETHING_NEW", 500, Unclear),
        ("isp.SOMETHING_NEW", 200, Unclear),
        ("SomethingNew", 200, Declined),
        ("SomethingNew", 400, Declined),
        ("SomethingNew", 403, Declined),
        ("SomethingNew", 500, Unclear),
        ("SomethingNew", 503, Unclear),
    ],
)
def test_an_unknown_code_is_a_refusal_only_where_that_is_certain(
    aliyun: FakeAliyun, lane: Lane, code: str, status: int, kind: type
) -> None:
    """A new code in an answer, but not isp, or a 4xx; in doubt it may have been sent."""
    aliyun.script(Code(code, status))
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, kind)
    assert code in str(getattr(answer, "explanation", ""))


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("触发分钟级流控Permits:1", 60.0),
        ("触发小时级流控Permits:5", 3600.0),
        ("触发天级流控Permits:10", 86400.0),
        ("触发号码天级流控Permits:40", 86400.0),
        ("something else", 60.0),
        ("", 60.0),
    ],
)
def test_a_throttled_phone_waits_for_the_window_that_the_vendor_names(
    aliyun: FakeAliyun, lane: Lane, words: str, seconds: float
) -> None:
    """Minute, hour or day; an unknown wording is the shortest."""
    aliyun.script(Code("isv.BUSINESS_LIMIT_CONTROL", message=words))
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert answer.throttled == seconds


@pytest.mark.parametrize("how", ["refused", "timeout", "tls", "proxy"])
def test_a_call_that_wrote_nothing_is_declined(how: Breakdown) -> None:
    """Each with its sentence, and where to look."""
    answer = outcome(Broken(how))
    assert isinstance(answer, Declined)
    assert answer.hint


def test_an_ok_without_an_answers_body_is_unclear() -> None:
    """OK in an error's envelope is nothing that the vendor's pages know."""
    assert isinstance(outcome(Reply(status=500, code="OK", request_id=None)), Unclear)
    assert isinstance(outcome(Reply(status=400, code=None, request_id=None)), Unclear)


def test_an_ok_without_a_message_id_is_accepted(aliyun: FakeAliyun, lane: Lane) -> None:
    """The code says accepted; the id is only missing."""
    aliyun.script(Answer(200, {"Code": "OK"}))
    assert submit(aliyun.url, lane) == Accepted(message_id=None, vendor_request_id=None)
