"""One message is one signed request, straight to the vendor."""

from __future__ import annotations

import asyncio
import json
from http.client import HTTPConnection

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.errors import ConfigError
from smsctl.core.phone import Phone
from smsctl.core.ports import Accepted, Declined, Unclear
from smsctl.vendors.lane import Lane
from tests.fakes.aliyun import Code, FakeAliyun, Submitted
from tests.fakes.vendor import FakeVendor
from tests.vendors.samples import CODE, gateway, message, submit


def test_a_message_arrives_as_the_vendor_wants_it(aliyun: FakeAliyun, lane: Lane) -> None:
    """Mainland numbers bare, the code as a JSON string, our request id as OutId."""
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Accepted)
    assert answer.message_id == "900000000000^0"
    assert answer.vendor_request_id
    assert aliyun.submitted == [
        Submitted(
            phone="13800138000",
            sign_name="示例签名",
            template="SMS_20261234",
            params=json.dumps({"code": CODE}),
            out_id="request-1",
        )
    ]


def test_each_purpose_has_its_template_and_variable(aliyun: FakeAliyun, lane: Lane) -> None:
    """The template's own variable is filled in."""
    run_blocking(gateway(aliyun.url, lane).submit(message(purpose="pay")))
    sent = aliyun.submitted[0]
    assert (sent.template, json.loads(sent.params)) == ("SMS_20265678", {"number": CODE})


def test_other_countries_numbers_carry_the_calling_code(aliyun: FakeAliyun, lane: Lane) -> None:
    """The vendor reads them without + or 00."""
    phone = Phone("HK", "852", "51234567")
    run_blocking(gateway(aliyun.url, lane).submit(message(phone=phone)))
    assert aliyun.submitted[0].phone == "85251234567"


def test_many_messages_share_one_connection(aliyun: FakeAliyun, lane: Lane) -> None:
    """Keep-alive is kept, from message to message and from gateway to gateway."""
    for _ in range(5):
        assert isinstance(submit(aliyun.url, lane), Accepted)
    assert (len(aliyun.submitted), aliyun.connections) == (5, 1)


async def _submit_many(url: str, lane: Lane, count: int) -> list[object]:
    one = gateway(url, lane)
    ids = [f"request-{number}" for number in range(count)]
    return list(await asyncio.gather(*(one.submit(message(request_id=name)) for name in ids)))


def test_an_event_loop_sends_through_the_same_threads(aliyun: FakeAliyun) -> None:
    """20 concurrent messages over 4 threads: 20 requests on at most 4 connections."""
    lane = Lane(threads=4, queue=64, blocking=False)
    answers = asyncio.run(_submit_many(aliyun.url, lane, 20))
    lane.close()
    assert all(isinstance(answer, Accepted) for answer in answers)
    assert {sent.out_id for sent in aliyun.submitted} == {f"request-{n}" for n in range(20)}
    assert len(aliyun.submitted) == 20
    assert aliyun.connections <= 4


@pytest.mark.parametrize(
    "turn",
    [
        "reset",
        "short",
        "html",
        "empty",
        "array",
        "redirect",
        Code("ServiceUnavailable", 503),
        Code("InternalError", 500),
        Code("Throttling.User", 400),
        Code("Throttling.User", 400, headers={"x-acs-retry-after": "1"}),
        Code("isp.SYSTEM_ERROR"),
        Code("isv.BUSINESS_LIMIT_CONTROL"),
    ],
    ids=str,
)
def test_a_request_is_never_made_twice(aliyun: FakeAliyun, lane: Lane, turn: object) -> None:
    """Invariant 10: SendSms is not idempotent, so nobody retries it, whatever the answer."""
    aliyun.script(turn)
    assert isinstance(submit(aliyun.url, lane), Declined | Unclear)
    assert len(aliyun.heard) == 1


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_proxies_of_the_environment_are_not_obeyed(
    aliyun: FakeAliyun, lane: Lane, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code is in the URL: only a proxy that was configured may see it."""
    with FakeVendor() as proxy:
        monkeypatch.setenv(variable, proxy.url)
        assert isinstance(submit(aliyun.url, lane), Accepted)
        assert proxy.connections == 0


def test_a_configured_proxy_is_used(aliyun: FakeAliyun, lane: Lane) -> None:
    """A proxy that was written down takes the request, beside a gateway that has none."""
    with FakeAliyun() as proxy:
        assert isinstance(submit("http://127.0.0.1:1", lane, proxy=proxy.url), Accepted | Declined)
        assert proxy.heard[0].target.startswith("http://127.0.0.1:1/?")
        assert isinstance(submit(aliyun.url, lane), Accepted)
    assert len(aliyun.submitted) == 1


@pytest.mark.parametrize("missing", ["access_key_id", "access_key_secret"])
def test_credentials_of_the_environment_are_not_looked_for(
    lane: Lane, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that was not configured is an error at once: the SDK's own search never begins."""
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "not-this-one")
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "nor-this-one")
    with pytest.raises(ConfigError, match=f"gateway.{missing}"):
        gateway("http://127.0.0.1:1", lane, **{missing: ""})


def test_the_fake_refuses_a_replayed_request(aliyun: FakeAliyun, lane: Lane) -> None:
    """The same signed bytes again are SignatureNonceUsed, HTTP 400."""
    submit(aliyun.url, lane)
    assert _again(aliyun, {}) == (400, "SignatureNonceUsed")


def test_the_fake_refuses_a_changed_request(aliyun: FakeAliyun, lane: Lane) -> None:
    """A header under the signature can't be changed."""
    submit(aliyun.url, lane)
    changed = {"x-acs-signature-nonce": "another"}
    assert _again(aliyun, changed) == (400, "SignatureDoesNotMatch")


def _again(aliyun: FakeAliyun, changes: dict[str, str]) -> tuple[int, str]:
    first = aliyun.heard[0]
    connection = HTTPConnection(aliyun.host)
    connection.request(first.method, first.target, headers={**first.headers, **changes})
    response = connection.getresponse()
    code = json.loads(response.read())["Code"]
    connection.close()
    return response.status, code
