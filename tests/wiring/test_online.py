"""What `config check --online` finds, over real requests to the fake vendors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.account import (
    SIGN,
    TEMPLATE,
    carrier,
    qualification,
    sign,
    template,
)
from tests.wiring.online import REAL, Online, levels, wrong

LOGIN = "online.template.login"


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
