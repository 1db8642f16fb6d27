"""What `config check --online` finds of the key, the clock, the vendors and the captcha."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smsctl.wiring.check.online import online_items
from tests.fakes.account import (
    PRINCIPAL,
)
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, CaptchaResult, Code, FakeAliyun
from tests.fakes.siteverify import SECRET, FakeSiteverify, refusal
from tests.fakes.vendor import Answer
from tests.wiring.online import REAL, Online, levels, wrong

LOGIN = "online.template.login"


# the key and the clock


@pytest.mark.parametrize("way", ["gateway", "service"])
@pytest.mark.parametrize(
    ("action", "check", "level"),
    [
        ("SendSms", "online.send", "error"),
        ("GetSmsSign", "online.sign", "warn"),
        ("GetSmsTemplate", LOGIN, "warn"),
        ("QuerySmsQualificationRecord", "online.qualification", "warn"),
    ],
)
def test_what_is_denied_is_named_by_its_action(
    online: Online, action: str, check: str, level: str, way: Any
) -> None:
    """An error where nothing could be sent; the rest is asked all the same."""
    online.aliyun.account.denied[action] = way
    found = online()
    assert wrong(found) == {check: level}
    assert f"dysms:{action}" in str(found[check].message)
    assert "smsctl config ram-policy" in str(found[check].hint)


@pytest.mark.parametrize(
    ("changed", "check"),
    [((ACCESS_KEY_ID, "LTAI-unknown"), "online.key"), ((ACCESS_KEY_SECRET, "x"), "online.key")],
)
def test_a_key_that_is_none_is_one_error(
    online: Online, changed: tuple[str, str], check: str
) -> None:
    """Not one for each question."""
    assert levels(online(text=REAL.replace(*changed))) == {check: "error"}


def test_a_clock_that_the_vendor_refuses_is_one_error(online: Online) -> None:
    """More than 15 minutes off: nothing can be asked."""
    online.aliyun.clock = lambda: datetime.now(UTC) + timedelta(minutes=20)
    assert levels(online()) == {"online.clock": "error"}


@pytest.mark.parametrize(
    ("ahead", "level"), [(-25, "ok"), (25, "ok"), (40, "warn"), (-800, "warn")]
)
def test_a_clock_that_drifts_is_told_before(online: Online, ahead: int, level: str) -> None:
    """By the Date of any answer; half a minute may be a cache's."""
    online.aliyun.dated = lambda: datetime.now(UTC) + timedelta(seconds=ahead)
    assert online()["online.clock"].level == level


@pytest.mark.parametrize(
    ("turn", "level"),
    [
        (Code("isv.AMOUNT_NOT_ENOUGH"), "error"),
        (Code("isv.PRODUCT_UN_SUBSCRIPT"), "error"),
        (Code("MissingPhoneNumbers", 400), "warn"),
        (Code("OK"), "error"),
        ("reset", "warn"),
    ],
    ids=str,
)
def test_what_the_unsendable_message_meets_is_told(
    online: Online, aliyun: FakeAliyun, turn: Any, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account's faults show before the first user does; a doubt is a warning."""
    # Several questions at once: the turn is for this one alone.
    answer = aliyun.fail(turn, Answer(200, {})) if isinstance(turn, str) else None
    monkeypatch.setattr(
        aliyun, "_turn", lambda default: answer or Answer(turn.status, {"Code": turn.code})
    )
    assert online()["online.send"].level == level


def test_a_vendor_that_is_not_there_is_one_error(online: Online) -> None:
    """No request could be made."""
    found = levels(online(text=REAL.replace("ENDPOINT", "http://127.0.0.1:1")))
    assert found == {"online.gateway": "error"}


def test_a_vendor_that_hangs_ends_with_the_deadline(online: Online) -> None:
    """The wall clock's, for all questions together."""
    online.aliyun.script(*["hang"] * 4)
    config = online.config()
    start = time.monotonic()
    told = online.told(config, seconds=0.3)
    assert time.monotonic() - start < 2.0
    online.aliyun.release.set()
    found = {item.check: item.level for item in online_items(config, told)}
    assert found == {"online.gateway": "error"}


def test_a_throttled_question_is_asked_again(online: Online) -> None:
    """Twice refused, then answered: nothing is wrong, and the waits were the clock's."""
    online.aliyun.account.throttled["QuerySmsQualificationRecord"] = 2
    assert wrong(online()) == {}
    assert online.pauses.made == [0.5, 1.0]
    assert online.aliyun.account.asked.count("QuerySmsQualificationRecord") == 3


def test_the_unsendable_message_is_never_asked_again(online: Online) -> None:
    """It is no read; that it was throttled leaves the permission open."""
    online.aliyun.account.throttled["SendSms"] = 1
    assert wrong(online()) == {"online.send": "warn"}
    assert online.aliyun.account.asked.count("SendSms") == 1


def test_a_vendor_that_throttles_everything_is_one_error(online: Online) -> None:
    """Nothing is claimed of a key that nobody looked at."""
    actions = ("SendSms", "GetSmsSign", "GetSmsTemplate", "QuerySmsQualificationRecord")
    online.aliyun.account.throttled.update(dict.fromkeys(actions, 99))
    assert levels(online()) == {"online.gateway": "error"}


def test_a_question_that_stays_throttled_is_a_warning(online: Online) -> None:
    """Patience has an end, and the other answers stand."""
    online.aliyun.account.throttled["GetSmsTemplate"] = 99
    assert wrong(online()) == {LOGIN: "warn"}
    assert online.pauses.at < 20.0


@pytest.mark.parametrize("fault", ["reset", "html", "empty", "array", "short"])
def test_nothing_else_is_ever_asked_again(online: Online, fault: str) -> None:
    """Four questions, four requests."""
    online.aliyun.script(*[fault] * 4)
    assert levels(online()) == {"online.gateway": "error"}
    assert len(online.aliyun.heard) == 4


# captcha


def turnstile(siteverify: FakeSiteverify, secret: str = SECRET) -> str:
    return f"captcha: {{provider: turnstile, secret: {secret}, endpoint: '{siteverify.endpoint}'}}"


@pytest.mark.parametrize(
    ("secret", "turn", "level"),
    [
        (SECRET, None, "ok"),
        ("0x4-of-another-site", None, "error"),
        (SECRET, Answer(200, refusal("timeout-or-duplicate")), "ok"),
        (SECRET, Answer(200, refusal("bad-request")), "error"),
        (SECRET, Answer(200, {"success": True}), "error"),
        (SECRET, Answer(200, {"success": False}), "warn"),
        (SECRET, Answer(500, refusal("internal-error")), "warn"),
        (SECRET, "reset", "warn"),
    ],
)
def test_turnstiles_secret_is_proved_by_a_token_that_is_none(
    online: Online, siteverify: FakeSiteverify, secret: str, turn: Any, level: str
) -> None:
    """Refused as a bad token it is right; refused as a bad secret it is wrong."""
    siteverify.script(*[turn] * bool(turn))
    found = online(turnstile(siteverify, secret))["online.captcha"]
    assert (found.level, len(siteverify.asked)) == (level, 1)
    assert secret not in f"{found!r}"


def test_a_secret_for_tests_is_not_asked(online: Online, siteverify: FakeSiteverify) -> None:
    """With the console gateway it is fine; with a real one the check says so without asking."""
    test = turnstile(siteverify, "1x0000000000000000000000000000000AA")
    assert online(test, text="")["online.captcha"].level == "ok"
    assert "online.captcha" not in online(test)
    assert siteverify.asked == []


@pytest.mark.parametrize(
    ("turn", "level"),
    [
        (CaptchaResult(passed=False, code="F003"), "ok"),
        (CaptchaResult(passed=False, code="F002"), "ok"),
        (CaptchaResult(passed=False, code="F005"), "error"),
        (CaptchaResult(passed=False, code="F012"), "error"),
        (CaptchaResult(passed=False, code="F099"), "warn"),
        (CaptchaResult(passed=True, code="T001"), "error"),
        (CaptchaResult(passed=True, code="T005"), "error"),
        (Code("Forbidden.RAM", 403), "error"),
        (Code("SignatureDoesNotMatch", 400), "error"),
        (Code("InternalError", 500), "warn"),
    ],
    ids=str,
)
def test_alibabas_captcha_is_proved_by_a_token_that_is_none(
    online: Online, turn: Any, level: str
) -> None:
    """With the console gateway it is the only vendor asked."""
    captcha = f"captcha: {{provider: aliyun, scene_id: s, endpoint: '{online.aliyun.url}'}}"
    gateway = f"gateway: {{access_key_id: {ACCESS_KEY_ID}, access_key_secret: {ACCESS_KEY_SECRET}}}"
    with FakeAliyun() as other:
        other.script(turn)
        config = online.config(f"{gateway}\n{captcha.replace(online.aliyun.url, other.url)}")
        found = {each.check: each for each in online_items(config, online.told(config))}
        assert len(other.checked) == 1
    # A pass in test mode admits everybody, with the console gateway, too: the probe is nobody.
    assert found["online.captcha"].level == level


def test_a_refusal_that_is_no_tokens_is_told_by_its_meaning(online: Online) -> None:
    """F004, a scene in test mode: the code alone would send the operator to the vendor's pages."""
    online.aliyun.script(CaptchaResult(passed=False, code="F004"))
    captcha = f"captcha: {{provider: aliyun, scene_id: s, endpoint: '{online.aliyun.url}'}}"
    gateway = f"gateway: {{access_key_id: {ACCESS_KEY_ID}, access_key_secret: {ACCESS_KEY_SECRET}}}"
    config = online.config(f"{gateway}\n{captcha}")
    found = {each.check: each for each in online_items(config, online.told(config))}
    item = found["online.captcha"]
    assert "every visitor fails (F004)" in str(item.message)
    assert "test mode" in str(item.hint)


def test_no_item_holds_a_secret(online: Online, siteverify: FakeSiteverify) -> None:
    """Invariant 8: neither key nor secret, whatever the vendor answers."""
    for way in ("gateway", "service", None):
        for action in ("SendSms", "GetSmsSign") if way else ():
            online.aliyun.account.denied[action] = way  # type: ignore[assignment]
        for item in online(turnstile(siteverify)).values():
            shown = f"{item.check} {item.message} {item.hint} {item!r}"
            for secret in (ACCESS_KEY_ID, ACCESS_KEY_SECRET, SECRET, PRINCIPAL):
                assert secret not in shown
