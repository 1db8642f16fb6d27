"""Captcha 2.0: the envelope's Success means nothing, the result decides."""

from __future__ import annotations

from typing import Any

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.errors import ConfigError
from smsctl.core.ports import Human, Misconfigured, NotHuman, Outage
from smsctl.vendors.aliyun_captcha import AliyunCaptcha
from smsctl.vendors.lane import Lane
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, CaptchaResult, Code, FakeAliyun
from tests.fakes.tls import self_signed
from tests.fakes.vendor import Answer, FakeVendor
from tests.vendors.samples import held

TOKEN = '{"sceneId":"scene","certifyId":"made-up","data":"a+b/c=&d"}'


def captcha(url: str, lane: Lane, **changes: Any) -> AliyunCaptcha:
    arguments: dict[str, Any] = {
        "access_key_id": ACCESS_KEY_ID,
        "access_key_secret": ACCESS_KEY_SECRET,
        "scene_id": "scene",
        "endpoint": url,
        "timeout": 5.0,
        "lane": lane,
    }
    return AliyunCaptcha(**{**arguments, **changes})


def check(url: str, lane: Lane, token: str = TOKEN, **changes: Any) -> object:
    return run_blocking(captcha(url, lane, **changes).check(token, ip="203.0.113.7"))


@pytest.mark.parametrize("code", ["T001", "T006"])
def test_a_token_that_passes_is_human(aliyun: FakeAliyun, lane: Lane, code: str) -> None:
    """One signed request, the token unmodified in its body and not in the URL."""
    aliyun.script(CaptchaResult(passed=True, code=code))
    assert check(aliyun.url, lane) == Human()
    assert aliyun.checked == [{"CaptchaVerifyParam": TOKEN, "SceneId": "scene"}]
    assert aliyun.heard[0].target == "/"


RECORDED = {
    "accept": "application/json",
    "accept-encoding": "identity",
    "content-length": "118",
    "content-type": "application/x-www-form-urlencoded",
    "x-acs-action": "VerifyIntelligentCaptcha",
    "x-acs-content-sha256": "046e4834e0071e7dc38d05787185ae01f4ac203502794a37f65a08e77b0459ec",
    "x-acs-credentials-provider": "static_ak",
    "x-acs-version": "2023-03-05",
}
BODY = (
    "CaptchaVerifyParam=%7B%22sceneId%22%3A%22s%22%2C%22data%22%3A%22a%2Bb%2Fc%3D%26d+%C3%A9%E4%B8"
    "%AD%22%7D&SceneId=scene+x"
)
SIGNED = (
    "accept;content-type;host;user-agent;x-acs-action;x-acs-content-sha256;"
    "x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version"
)


def test_the_request_is_that_of_the_vendors_captcha_client(aliyun: FakeAliyun, lane: Lane) -> None:
    """Byte for byte what alibabacloud_captcha20230305 1.1.4 wrote, but for date and nonce."""
    token = '{"sceneId":"s","data":"a+b/c=&d é中"}'
    assert check(aliyun.url, lane, token, scene_id="scene x") == Human()
    (heard,) = aliyun.heard
    assert (heard.method, heard.target, heard.body.decode()) == ("POST", "/", BODY)
    assert RECORDED.items() <= heard.headers.items()
    own = {"authorization", "host", "user-agent", "x-acs-date", "x-acs-signature-nonce"}
    assert heard.headers.keys() - RECORDED.keys() == own
    assert f"SignedHeaders={SIGNED}," in heard.headers["authorization"]


FAILURES = [f"F{number:03}" for number in (*range(1, 21), 23, 24)]


@pytest.mark.parametrize("code", FAILURES)
def test_success_with_a_failed_result_is_not_human(
    aliyun: FakeAliyun, lane: Lane, code: str
) -> None:
    """The envelope says Success, true and HTTP 200 all the same."""
    aliyun.script(CaptchaResult(passed=False, code=code))
    assert check(aliyun.url, lane) == NotHuman(codes=[code])


def test_a_pass_in_test_mode_is_the_operators_fault(aliyun: FakeAliyun, lane: Lane) -> None:
    """Every visitor passes: T005 is refused, loudly, unless the gateway only prints."""
    aliyun.script(CaptchaResult(code="T005"), CaptchaResult(code="T005"))
    answer = check(aliyun.url, lane)
    assert isinstance(answer, Misconfigured)
    assert answer.problem.path == "captcha.scene_id"
    assert check(aliyun.url, lane, allow_test=True) == Human()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InvalidAccessKeyId.NotFound", 404),
        ("SignatureDoesNotMatch", 400),
        ("NoPermission", 403),
        ("Forbidden.RAM", 403),
    ],
)
def test_a_refused_key_is_the_operators_fault(
    aliyun: FakeAliyun, lane: Lane, code: str, status: int
) -> None:
    """Not the visitor's, and no outage; the key is the gateway's."""
    aliyun.script(Code(code, status))
    answer = check(aliyun.url, lane)
    assert isinstance(answer, Misconfigured)
    assert answer.problem.path == "gateway.access_key_id"
    assert code in str(answer.problem)


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        (Code("InvalidParameter", 400), Misconfigured),
        (Code("Throttling.User", 400), Misconfigured),
        (Code("InvalidParameter", 200), Misconfigured),
        (Answer(400, {}), Misconfigured),
        (Code("InternalError", 500), Outage),
        (Code("InternalError", 200), Outage),
        (Code("ServiceUnavailable", 503), Outage),
        (Code("SomethingNew", 500), Outage),
        (Answer(200, {"Code": "Success", "Success": True}), Outage),
        (Answer(200, {"Code": "Success", "Success": False}), Outage),
        (Answer(200, {"Code": "Success", "Success": "true"}), Outage),
        (
            Answer(200, {"Code": "Success", "Success": True, "Result": {"VerifyResult": "true"}}),
            Outage,
        ),
        (Answer(200, {"Code": "Success", "Success": True, "Result": {}}), Outage),
        (Answer(200, {}), Outage),
        ("reset", Outage),
        ("short", Outage),
        ("html", Outage),
        ("empty", Outage),
        ("array", Outage),
        ("redirect", Outage),
        ("hang", Outage),
        ("drip", Outage),
    ],
    ids=str,
)
def test_no_other_answer_passes(aliyun: FakeAliyun, lane: Lane, turn: object, kind: type) -> None:
    """Invariant 9: fail closed, after one request; a 4xx is never an outage."""
    aliyun.script(turn)
    timeout = 0.2 if turn in ("hang", "drip") else 5.0
    assert isinstance(check(aliyun.url, lane, timeout=timeout), kind)
    assert len(aliyun.heard) == 1


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "F002"), ("x" * 65537, "F003"), ("\udcff", "F003")],
    ids=["empty", "long", "bytes"],
)
def test_what_cannot_be_a_token_is_refused_without_a_call(
    aliyun: FakeAliyun, lane: Lane, token: str, code: str
) -> None:
    """With the vendor's own words for empty and malformed."""
    assert check(aliyun.url, lane, token) == NotHuman(codes=[code])
    assert aliyun.heard == []


def test_nobody_listening_is_an_outage(lane: Lane) -> None:
    """The connection is refused."""
    assert isinstance(check("http://127.0.0.1:1", lane), Outage)


def test_a_certificate_that_does_not_verify_is_no_outage(lane: Lane) -> None:
    """Somebody else may be answering: no reason to let anybody through."""
    with self_signed() as server:
        assert isinstance(check(f"https://{server.host}", lane), Misconfigured)


def test_too_many_checks_are_an_outage(aliyun: FakeAliyun) -> None:
    """Saturated: the vendor was not asked."""
    lane = Lane(threads=1, queue=0, blocking=True)
    with held(lane):
        assert isinstance(check(aliyun.url, lane), Outage)
    lane.close()
    assert aliyun.checked == []


def test_proxies_of_the_environment_are_not_obeyed(
    aliyun: FakeAliyun, lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a configured proxy sees the token."""
    with FakeVendor() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert check(aliyun.url, lane) == Human()
        assert proxy.connections == 0


def test_a_missing_key_is_a_configuration_error(lane: Lane) -> None:
    """The SDK never goes looking for one."""
    with pytest.raises(ConfigError, match=r"gateway\.access_key_secret"):
        captcha("", lane, access_key_secret="")
