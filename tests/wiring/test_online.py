"""What `config check --online` finds, over real requests to the fake vendors."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from smsctl.wiring.check.online import online_items
from tests.fakes.account import (
    PRINCIPAL,
    SIGN,
    TEMPLATE,
    carrier,
    qualification,
    sign,
    template,
)
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, CaptchaResult, Code, FakeAliyun
from tests.fakes.siteverify import SECRET, FakeSiteverify, refusal
from tests.fakes.vendor import Answer
from tests.wiring.online import REAL, Online, levels, wrong

LOGIN = "online.template.login"


@pytest.fixture
def online(aliyun: FakeAliyun, tmp_path: Path) -> Online:
    return Online(aliyun, tmp_path)


def test_an_account_that_is_ready_has_nothing_but_ok(online: Online) -> None:
    """Four requests, each once; nothing was sent."""
    assert levels(online()) == {
        "online.key": "ok",
        "online.send": "ok",
        "online.clock": "ok",
        "online.sign": "ok",
        "online.sign.mobile": "ok",
        "online.sign.unicom": "ok",
        "online.sign.telecom": "ok",
        "online.qualification": "ok",
        LOGIN: "ok",
    }
    assert sorted(online.aliyun.account.asked) == [
        "GetSmsSign",
        "GetSmsTemplate",
        "QuerySmsQualificationRecord",
        "SendSms",
    ]
    assert online.aliyun.submitted == []


def test_the_console_gateway_asks_nobody(online: Online) -> None:
    """One item; no request."""
    assert levels(online(text="")) == {"online.gateway": "ok"}
    assert online.aliyun.heard == []


def test_purposes_of_one_template_ask_once(online: Online) -> None:
    """An answer is kept for the run; each purpose has its item."""
    found = online(
        f"purposes: {{login: {{template: {TEMPLATE}}}, pay: {{template: {TEMPLATE}}}}}\n"
        "default_purpose: login"
    )
    assert (found[LOGIN].level, found["online.template.pay"].level) == ("ok", "ok")
    assert online.aliyun.account.asked.count("GetSmsTemplate") == 1


def test_what_is_still_the_examples_is_not_asked_about(online: Online) -> None:
    """The check names it without the vendor."""
    found = online(
        "purposes: {login: {template: SMS_20261234}}", text=REAL.replace(SIGN, "示例签名")
    )
    assert not {"online.sign", LOGIN} & set(found)
    assert set(online.aliyun.account.asked) == {"SendSms", "QuerySmsQualificationRecord"}


# reviews


@pytest.mark.parametrize(
    ("status", "level", "said"),
    [
        (0, "error", "under review since 2026-11-16 09:30"),
        ("2", "error", "rejected: 证件不符"),
        (10, "error", "its review was cancelled"),
        (9, "warn", "a state that is not known"),
    ],
)
def test_a_signature_that_is_not_approved_says_where_it_stands(
    online: Online, status: object, level: str, said: str
) -> None:
    """With the vendor's reason, and since when; nothing further is told of it."""
    online.aliyun.account.signs[SIGN] = sign(status, AuditInfo={"RejectInfo": "证件不符"})
    found = online()
    assert found["online.sign"].level == level
    assert said in str(found["online.sign"].message)
    assert found["online.sign"].hint
    assert "online.sign.mobile" not in found


@pytest.mark.parametrize(
    ("status", "level", "said"),
    [
        ("0", "error", "under review since 2026-11-17 09:30"),
        (2, "error", "rejected: 缺少用途"),
        ("10", "error", "its review was cancelled"),
        (None, "warn", "a state that is not known"),
    ],
)
def test_a_template_that_is_not_approved_says_where_it_stands(
    online: Online, status: object, level: str, said: str
) -> None:
    """As for a signature."""
    online.aliyun.account.templates[TEMPLATE] = template(
        status, AuditInfo={"RejectInfo": "缺少用途"}
    )
    found = online()[LOGIN]
    assert (found.level, bool(found.hint)) == (level, True)
    assert said in str(found.message)


def test_what_the_account_does_not_have_is_an_error(online: Online) -> None:
    """Another account's, or a slip of the pen."""
    online.aliyun.account.signs.clear()
    online.aliyun.account.templates.clear()
    assert wrong(online()) == {"online.sign": "error", LOGIN: "error"}


@pytest.mark.parametrize(
    ("state", "level"),
    [
        ("PASS", "ok"),
        ("INIT", "warn"),
        ("NOT_PASS", "error"),
        ("NOT_FINISH", "error"),
        ("CANCEL", "error"),
        ("TOMORROW", "warn"),
    ],
)
def test_the_signatures_qualification_is_looked_up(online: Online, state: str, level: str) -> None:
    """On whatever page of the list it stands; the others do not matter."""
    others = [qualification("NOT_PASS", GroupId=n) for n in range(70)]
    online.aliyun.account.qualifications = [
        *others,
        qualification(state, AuditRemark="营业执照模糊"),
    ]
    found = online()["online.qualification"]
    assert found.level == level
    assert ("执照模糊" in str(found.message)) is (state in {"NOT_PASS", "NOT_FINISH"})
    assert online.aliyun.account.asked.count("QuerySmsQualificationRecord") == 2


def test_a_signature_without_its_qualification_is_a_warning(online: Online) -> None:
    """Carriers register no other."""
    online.aliyun.account.qualifications = [qualification(GroupId=1)]
    assert wrong(online()) == {"online.qualification": "warn"}


@pytest.mark.parametrize(
    ("status", "level"),
    [
        (3, "ok"),
        ("1", "ok"),
        (-1, "warn"),
        (0, "error"),
        ("2", "error"),
        (-2, "error"),
        (7, "warn"),
    ],
)
def test_each_carriers_registration_has_an_item(online: Online, status: object, level: str) -> None:
    """With the vendor's reasons."""
    reason = ("QUALIFICATION_ERROR", "资质信息与工信注册信息不一致")
    online.aliyun.account.signs[SIGN] = sign(
        SignIspRegisterDetailList=[carrier("mobile"), carrier("telecom", status, reason)]
    )
    found = online()
    assert (found["online.sign.mobile"].level, found["online.sign.telecom"].level) == ("ok", level)
    told = "资质信息与工信注册信息不一致 (QUALIFICATION_ERROR)" in str(
        found["online.sign.telecom"].message
    )
    assert told is (status in {-1, 0, "2", -2})


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ([("NO_SEND_RECORD", "")], ": nothing was sent with it for six months (NO_SEND_RECORD)"),
        ([("OF_TOMORROW", "")], ": OF_TOMORROW"),
        ([("a b", "原因")], ": 原因"),
        ([], ": no reason is given"),
        (
            [("SIGNATURE_ERROR", "原因"), ("REGISTER_TIMEOUT", "")],
            ": 原因 (SIGNATURE_ERROR); the carrier took too long (REGISTER_TIMEOUT)",
        ),
    ],
)
def test_a_carriers_reasons_are_words(
    online: Online, reasons: list[tuple[str, str]], said: str
) -> None:
    """The vendor's sentence where it has one, else what its code means."""
    online.aliyun.account.signs[SIGN] = sign(
        SignIspRegisterDetailList=[carrier("unicom", 0, *reasons)]
    )
    assert str(online()["online.sign.unicom"].message).endswith(said)


def test_carriers_that_are_not_told_are_a_warning(online: Online) -> None:
    """An older account's signature has none."""
    online.aliyun.account.signs[SIGN] = sign(SignIspRegisterDetailList=None)
    assert wrong(online()) == {"online.sign.carriers": "warn"}


@pytest.mark.parametrize(("tag", "level"), [("4", "error"), (5, "warn"), (3, None), (None, None)])
def test_a_test_signature_is_named(online: Online, tag: object, level: str | None) -> None:
    """It reaches bound numbers alone; a trial one may end."""
    online.aliyun.account.signs[SIGN] = sign(SignTag=tag)
    found = online().get("online.sign.tag")
    assert (found and found.level) == level


def test_a_signature_of_others_needs_its_letter(online: Online) -> None:
    """Once the letter is approved there is nothing to say."""
    online.aliyun.account.signs[SIGN] = sign(ThirdParty="true", AuthorizationLetterAuditPass=False)
    assert wrong(online()) == {"online.sign.letter": "error"}
    online.aliyun.account.signs[SIGN] = sign(ThirdParty=True, AuthorizationLetterAuditPass=True)
    assert wrong(online()) == {}


# templates


@pytest.mark.parametrize(
    ("changes", "check", "level"),
    [
        ({"TemplateType": "1"}, f"{LOGIN}.type", "error"),
        ({"TemplateType": 2}, f"{LOGIN}.type", "error"),
        ({"TemplateType": "3", "IntlType": 2}, f"{LOGIN}.type", "error"),
        ({"TemplateType": "3", "IntlType": 0}, f"{LOGIN}.type", "error"),
        ({"TemplateType": None}, f"{LOGIN}.type", "warn"),
        ({"TemplateTag": "4"}, f"{LOGIN}.tag", "error"),
        ({"TemplateContent": "登录验证码${number}，5分钟内有效。"}, f"{LOGIN}.variables", "error"),
        (
            {"TemplateContent": "${a}的验证码${code}，5分钟内有效。"},
            f"{LOGIN}.variables",
            "error",
        ),
        ({"TemplateContent": "登录验证码${code}，10分钟内有效。"}, f"{LOGIN}.expiry", "error"),
        ({"TemplateContent": "登录验证码${code}，三分钟内有效。"}, f"{LOGIN}.expiry", "warn"),
        ({"TemplateContent": "登录验证码${code}，5分钟内有效。"}, f"{LOGIN}.text", "warn"),
    ],
)
def test_a_template_that_does_not_fit_is_told(
    online: Online, changes: dict[str, Any], check: str, level: str
) -> None:
    """Its type, its tag, its variables, its expiry, its text: each has an id of its own."""
    online.aliyun.account.templates[TEMPLATE] = template(**changes)
    found = online()
    assert wrong(found).get(check) == level
    assert found[check].hint
    assert found[LOGIN].level == "ok"


def test_an_international_template_serves_other_countries(online: Online) -> None:
    """Where no mainland number is admitted, it is the right one."""
    online.aliyun.account.templates[TEMPLATE] = template(TemplateType="3", IntlType="2")
    assert wrong(online("phone: {region: SG, countries: [SG]}")) == {}


def test_a_text_that_is_not_configured_is_not_compared(online: Online) -> None:
    """Nor is an expiry that nobody stated."""
    online.aliyun.account.templates[TEMPLATE] = template(TemplateContent="登录验证码：${code}。")
    assert wrong(online(f"purposes: {{login: {{template: {TEMPLATE}}}}}")) == {}


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
