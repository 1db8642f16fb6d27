"""No code of a vendor is shown bare: the table's words for it are in what the command says."""

from __future__ import annotations

import pytest

from smsctl.cli.frame.words import Words
from smsctl.core.phrase import Phrase
from smsctl.vendors.aliyun_codes import CODES
from smsctl.vendors.codes.captcha import CAPTCHA
from smsctl.vendors.codes.entry import Entry
from smsctl.vendors.codes.turnstile import TURNSTILE
from tests.cli.desk import Desk
from tests.cli.desks import PHONE, MakeDesk
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, CaptchaResult, Code, FakeAliyun
from tests.fakes.siteverify import SECRET, FakeSiteverify, refusal
from tests.fakes.vendor import Answer

GATEWAY = (
    "gateway: {{provider: aliyun, endpoint: '{url}',"
    f" access_key_id: {ACCESS_KEY_ID}, access_key_secret: {ACCESS_KEY_SECRET}}}}}\n"
)
REFUSED = [entry for entry in CAPTCHA if entry.sent == "no"]
PASSES = {"T001", "T006"}


def _spoken(said: Phrase, language: str) -> str:
    return Words("zh" if language == "zh" else "en").say(said)


def _gateway(make_desk: MakeDesk, aliyun: FakeAliyun) -> Desk:
    return make_desk(GATEWAY.format(url=aliyun.url) + "limits: []\n")


def _captcha(make_desk: MakeDesk, aliyun: FakeAliyun) -> Desk:
    captcha = f"captcha: {{provider: aliyun, scene_id: s, endpoint: '{aliyun.url}'}}\n"
    return make_desk(GATEWAY.format(url=aliyun.url) + captcha)


def _turnstile(make_desk: MakeDesk, siteverify: FakeSiteverify) -> Desk:
    return make_desk(
        f"captcha: {{provider: turnstile, secret: {SECRET}, endpoint: '{siteverify.endpoint}',"
        " hostname: example.com, action: login}\n"
    )


@pytest.mark.parametrize("entry", CODES.values(), ids=lambda entry: entry.code)
def test_every_answer_of_the_gateway_is_told_by_its_meaning(
    make_desk: MakeDesk, aliyun: FakeAliyun, entry: Entry
) -> None:
    """In words, in Chinese and in the document, with what to do about it; the code beside it."""
    desk = _gateway(make_desk, aliyun)
    code = entry.code.replace("*", "Whatever")
    aliyun.script(*[Code(code, 200 if code.startswith("is") else 400)] * 3)
    for language in ("en", "zh"):
        said = desk("send", PHONE, SMSCTL_LANG=language).err
        assert _spoken(entry.meaning, language) in said
        assert _spoken(entry.remedy, language) in said
        assert f"[{code}]" in said
    error = desk("send", PHONE, "--json").error
    assert (error["message"], error["hint"]) == (str(entry.meaning), str(entry.remedy))
    assert error["vendor_code"] == code


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("entry", REFUSED, ids=lambda entry: entry.code)
def test_every_refusal_of_alibabas_captcha_is_told_by_its_meaning(
    make_desk: MakeDesk, aliyun: FakeAliyun, entry: Entry, language: str
) -> None:
    """6: why the visitor was refused, and what to do; scripts get the code."""
    desk = _captcha(make_desk, aliyun)
    aliyun.script(*[CaptchaResult(passed=False, code=entry.code)] * 2)
    line = ("send", PHONE, "--captcha-token", "token")
    told = desk(*line, terminal=True, NO_COLOR="1", SMSCTL_LANG=language)
    assert told.code == 6
    assert entry.code in told.out
    assert _spoken(entry.meaning, language) in told.out
    assert _spoken(entry.remedy, language) in told.out
    assert desk(*line, "--json").document["captcha_codes"] == [entry.code]


def test_a_scene_in_test_mode_is_told_by_its_meaning(
    make_desk: MakeDesk, aliyun: FakeAliyun
) -> None:
    """78: T005 admits everybody. The other passes are none that an operator is told of."""
    told_apart = {entry.code for entry in CAPTCHA} - {entry.code for entry in REFUSED}
    assert told_apart == {*PASSES, "T005"}
    (entry,) = (entry for entry in CAPTCHA if entry.code == "T005")
    aliyun.script(CaptchaResult(passed=True, code="T005"))
    told = _captcha(make_desk, aliyun)("send", PHONE, "--captcha-token", "token")
    assert told.code == 78
    assert f"{entry.meaning} (T005)" in told.err
    assert str(entry.remedy) in told.err


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "Forbidden.RAM", "Throttling.User"])
def test_a_captcha_that_refuses_the_operator_is_told_by_its_meaning(
    make_desk: MakeDesk, aliyun: FakeAliyun, code: str
) -> None:
    """78: the access key and the front door are the same as the gateway's."""
    entry = CODES.get(code) or CODES["Throttling.*"]
    aliyun.script(Code(code, 400))
    told = _captcha(make_desk, aliyun)("send", PHONE, "--captcha-token", "token")
    assert told.code == 78
    assert f"{entry.meaning} ({code})" in told.err


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("entry", TURNSTILE, ids=lambda entry: entry.code)
def test_every_error_of_turnstile_is_told_by_its_meaning(
    make_desk: MakeDesk, siteverify: FakeSiteverify, entry: Entry, language: str
) -> None:
    """Refused, misconfigured or down: each on its own way, in the same words."""
    answers = {
        "hostname-mismatch": {"success": True, "hostname": "other.com", "action": "login"},
        "action-mismatch": {"success": True, "hostname": "example.com", "action": "other"},
    }
    siteverify.script(Answer(200, answers.get(entry.code, refusal(entry.code))))
    told = _turnstile(make_desk, siteverify)(
        *("send", PHONE, "--captcha-token", "token"),
        terminal=True,
        NO_COLOR="1",
        SMSCTL_LANG=language,
    )
    said = told.out + told.err
    assert told.code in {6, 78}
    assert _spoken(entry.meaning, language) in said
    assert _spoken(entry.remedy, language) in said


@pytest.mark.parametrize(
    "code", ["isv.AMOUNT_NOT_ENOUGH", "SignatureDoesNotMatch", "isp.SYSTEM_ERROR"]
)
def test_an_outcome_that_is_told_again_has_its_meaning(
    make_desk: MakeDesk, aliyun: FakeAliyun, code: str
) -> None:
    """The store keeps the code alone; the same request id tells what it means."""
    desk = _gateway(make_desk, aliyun)
    aliyun.script(Code(code))
    first = desk("send", PHONE, "--request-id", "r")
    again = desk("send", PHONE, "--request-id", "r")
    assert (again.code, len(aliyun.submitted)) == (first.code, 1)
    assert str(CODES[code].meaning) in again.err
    assert f"[{code}]" in again.err


def test_a_throttle_names_the_limit_and_the_wait(make_desk: MakeDesk, aliyun: FakeAliyun) -> None:
    """The vendor's message has a window: it is told, not only counted."""
    aliyun.script(Code("isv.BUSINESS_LIMIT_CONTROL", message="触发小时级流控Permits:5"))
    error = _gateway(make_desk, aliyun)("send", PHONE, "--json").error
    assert error["message"].endswith("is reached: five codes an hour")
    assert error["retry_after_s"] == 3600


def test_the_log_tells_what_a_code_means(make_desk: MakeDesk, aliyun: FakeAliyun) -> None:
    """With -v: the gateway's code and the captcha's, each with its meaning."""
    desk = _captcha(make_desk, aliyun)
    aliyun.script(
        CaptchaResult(), Code("isv.AMOUNT_NOT_ENOUGH"), CaptchaResult(code="F008", passed=False)
    )
    line = ("send", PHONE, "--captcha-token", "token", "-v")
    rejected = "gateway_rejected (isv.AMOUNT_NOT_ENOUGH, the account's balance is not enough)"
    assert rejected in desk(*line).err
    refused = "refused (captcha: F008, the captcha token was used before)"
    assert refused in desk(*line).err
