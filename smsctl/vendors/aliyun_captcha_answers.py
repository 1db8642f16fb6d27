"""What an answer to VerifyIntelligentCaptcha means. Pure functions from facts to values.

The envelope says Success for a visitor who failed, too: only `VerifyResult` decides.
Source: help.aliyun.com, Captcha 2.0, server access.
"""

from __future__ import annotations

from http import HTTPStatus

from smsctl.core.phrase import Phrase, phrase
from smsctl.core.ports import Human, Misconfigured, NotHuman
from smsctl.vendors.aliyun_client import Reply
from smsctl.vendors.aliyun_codes import meaning_of
from smsctl.vendors.captcha_answers import CaptchaResult, broken, failed, misconfigured, unreadable
from smsctl.vendors.codes.captcha import BY_CODE
from smsctl.vendors.network import Broken
from smsctl.vendors.words import plain_word

TEST_PASS = "T005"  # noqa: S105 - the vendor's code for a pass in test mode
"""Every visitor passes: the scene was left in test mode."""

_OUTAGE_CODES = {"InternalError", "ServiceUnavailable", "SystemError"}


def verdict(answer: Reply | Broken, *, allow_test: bool = False) -> CaptchaResult:
    """Return what the vendor says of the visitor.

    A pass in test mode is the operator's mistake, not the visitor's: the scene admits everybody, so
    it is Misconfigured unless `allow_test`.
    """
    if isinstance(answer, Broken):
        return broken(answer)
    if answer.code == "Success" and _field(answer.body, "Success") is True:
        return _of_result(_field(answer.body, "Result"), allow_test=allow_test)
    return _of_failure(answer)


def _of_result(result: object, *, allow_test: bool) -> CaptchaResult:
    passed = _field(result, "VerifyResult")
    code = plain_word(_field(result, "VerifyCode"))
    if not isinstance(passed, bool):
        return unreadable()
    if not passed:
        return NotHuman(codes=[code] if code else [])
    if code == TEST_PASS and not allow_test:
        test = BY_CODE[TEST_PASS]
        return misconfigured("captcha.scene_id", _with_code(test.meaning, TEST_PASS), test.remedy)
    return Human()


def _field(body: object, name: str) -> object:
    return body.get(name) if isinstance(body, dict) else None


def _of_failure(reply: Reply) -> CaptchaResult:
    status = reply.status or HTTPStatus.INTERNAL_SERVER_ERROR
    if reply.code in _OUTAGE_CODES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return failed()
    if reply.code is None or reply.code == "Success":
        return unreadable() if status < HTTPStatus.BAD_REQUEST else _refused("none")
    return _refused(reply.code)


def _refused(code: str) -> Misconfigured:
    entry = meaning_of(code)
    if entry is None:
        return misconfigured(
            "captcha",
            phrase("the captcha vendor refuses the request: {code}", code=code),
            phrase("check captcha.scene_id and captcha.endpoint"),
        )
    if entry.kind == "credentials":
        return misconfigured(
            "gateway.access_key_id",
            phrase(
                "the captcha vendor refuses the access key: {meaning}",
                meaning=_with_code(entry.meaning, code),
            ),
            phrase(
                "check the key and its secret, and grant its RAM user AliyunYundunAFSFullAccess"
            ),
        )
    return misconfigured(
        "captcha",
        phrase(
            "the captcha vendor refuses the request: {meaning}",
            meaning=_with_code(entry.meaning, code),
        ),
        entry.remedy,
    )


def _with_code(meaning: Phrase, code: str) -> Phrase:
    return phrase("{meaning} ({code})", meaning=meaning, code=code)
