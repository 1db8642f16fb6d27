"""The path to launch, derived from what the vendors and the store say at the moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from smsctl.core.admin import Day
from smsctl.core.errors import SmsctlError, StoreUnavailable
from smsctl.wiring.onboard import Step, steps
from tests.fakes.account import SIGN, TEMPLATE, TEXT, carrier, qualification, sign, template
from tests.fakes.aliyun import ACCESS_KEY_SECRET, Code, FakeAliyun
from tests.fakes.siteverify import SECRET, FakeSiteverify, refusal
from tests.fakes.vendor import Answer
from tests.wiring.online import REAL, Online

USED = [Day(date="2026-11-22", outcomes={"sent": 3, "verified": 2}, refused={}, observed={})]
NOBODYS = REAL.replace(SIGN, "示例签名").replace(TEMPLATE, "SMS_20261234")


class Onboard:
    """Writes a configuration, asks, and returns the steps by name."""

    def __init__(self, aliyun: FakeAliyun, siteverify: FakeSiteverify, folder: Path) -> None:
        self.online = Online(aliyun, folder)
        self.account = aliyun.account
        self.captcha = (
            f"captcha: {{provider: turnstile, secret: {SECRET}, endpoint: '{siteverify.endpoint}'}}"
        )

    def __call__(
        self,
        more: str | None = None,
        *,
        text: str = REAL,
        days: list[Day] | SmsctlError = USED,
    ) -> dict[str, Step]:
        config = self.online.config(self.captcha if more is None else more, text=text)
        told = self.online.told(config, lists=True)
        return {step.name: step for step in steps(config, told, days)}


@pytest.fixture
def onboard(aliyun: FakeAliyun, siteverify: FakeSiteverify, tmp_path: Path) -> Onboard:
    return Onboard(aliyun, siteverify, tmp_path)


def states(found: dict[str, Step]) -> dict[str, str]:
    return {name: step.state for name, step in found.items()}


def test_everything_may_be_done(onboard: Onboard) -> None:
    """Seven steps, in the order in which they are taken; nothing was sent."""
    found = onboard()
    assert list(found) == [
        *("qualification", "signature", "template", "credentials", "captcha", "test-send"),
        "limits",
    ]
    assert set(states(found).values()) == {"done"}
    assert onboard.online.aliyun.submitted == []


def test_the_console_gateway_says_what_comes_first(onboard: Onboard) -> None:
    """Nobody is asked; each step names its page or its command."""
    found = onboard("", text="", days=[])
    assert states(found) == {
        "qualification": "todo",
        "signature": "todo",
        "template": "todo",
        "credentials": "todo",
        "captcha": "todo",
        "test-send": "todo",
        "limits": "done",
    }
    assert all(step.command or step.page for step in found.values() if step.state == "todo")
    assert (found["signature"].command, found["template"].command) == (
        "smsctl lint sign NAME",
        "smsctl lint template --file FILE",
    )
    assert onboard.online.aliyun.heard == []


@pytest.mark.parametrize(
    ("record", "state", "said"),
    [
        (qualification("INIT"), "waiting", "under review since 2026-11-12 09:00"),
        (qualification("NOT_PASS", AuditRemark="执照模糊"), "blocked", "rejected: 执照模糊"),
        (qualification("NOT_FINISH", AuditRemark="补充材料"), "blocked", "more papers: 补充材料"),
        (qualification("CANCEL"), "todo", "cancelled"),
        (qualification("PASS"), "done", "approved"),
        (qualification("?"), "unknown", "not known here"),
        (None, "todo", "apply for it"),
    ],
)
def test_a_qualification_goes_through_its_life(
    onboard: Onboard, record: dict[str, Any] | None, state: str, said: str
) -> None:
    """From nothing to approved, with the console's page until it is."""
    onboard.account.qualifications = [record] if record else []
    found = onboard()["qualification"]
    assert (found.state, said in str(found.message)) == (state, True)
    assert (found.page is None) is (state == "done")


def test_of_several_qualifications_the_signatures_counts(onboard: Onboard) -> None:
    """Without a signature it is the best, and of equals the newest."""
    records = [
        qualification("NOT_PASS", GroupId=1),
        qualification("INIT", GroupId=2, CreateDate="2026-11-01 09:00:00"),
        qualification("INIT", GroupId=3, CreateDate="2026-11-02 09:00:00"),
    ]
    onboard.account.qualifications = records
    onboard.account.signs[SIGN] = sign(QualificationId="1")
    assert onboard()["qualification"].state == "blocked"
    onboard.account.signs.clear()
    found = onboard()["qualification"]
    assert found.since == datetime.fromisoformat("2026-11-02T09:00:00+08:00")


@pytest.mark.parametrize(
    ("status", "state", "since"),
    [
        (0, "waiting", "2026-11-16T09:30:00+08:00"),
        ("2", "blocked", "2026-11-16T11:00:00+08:00"),
        (10, "todo", "2026-11-16T11:00:00+08:00"),
        ("1", "done", "2026-11-16T11:00:00+08:00"),
    ],
)
def test_a_signature_goes_through_its_life(
    onboard: Onboard, status: object, state: str, since: str
) -> None:
    """It waits since it was submitted; it is decided since it was audited."""
    onboard.account.signs[SIGN] = sign(status)
    found = onboard()["signature"]
    assert (found.state, found.since) == (state, datetime.fromisoformat(since))
    watch = found.command == "smsctl onboard --watch"
    assert watch is (state == "waiting")


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        ({"SignIspRegisterDetailList": [carrier("mobile", -1)]}, "waiting", "China Mobile"),
        (
            {"SignIspRegisterDetailList": [carrier("unicom", -1), carrier("telecom", "-1")]},
            "waiting",
            "China Unicom, China Telecom",
        ),
        ({"SignIspRegisterDetailList": [carrier("telecom", 0)]}, "blocked", "China Telecom"),
        ({"SignTag": "4"}, "todo", "a test signature"),
    ],
)
def test_an_approved_signature_may_still_have_a_way_to_go(
    onboard: Onboard, changes: dict[str, Any], state: str, said: str
) -> None:
    """The carriers take days; a test one is not for users."""
    onboard.account.signs[SIGN] = sign(**changes)
    found = onboard()["signature"]
    assert (found.state, said in str(found.message)) == (state, True)


@pytest.mark.parametrize(
    ("status", "state"), [("0", "waiting"), ("2", "blocked"), ("10", "todo"), ("1", "done")]
)
def test_a_template_goes_through_its_life(onboard: Onboard, status: str, state: str) -> None:
    """Its numbers are strings."""
    onboard.account.templates[TEMPLATE] = template(status)
    assert onboard()["template"].state == state


def test_of_several_templates_the_furthest_from_done_is_told(onboard: Onboard) -> None:
    """With the purpose's name."""
    onboard.account.templates["SMS_2"] = template("2", AuditInfo={"RejectInfo": "缺少用途"})
    both = f"purposes: {{login: {{template: {TEMPLATE}}}, pay: {{template: SMS_2}}}}"
    found = onboard(both)["template"]
    assert (found.state, str(found.message)) == ("blocked", "pay: rejected: 缺少用途")
    onboard.account.templates["SMS_2"] = template("1")
    assert str(onboard(both)["template"].message) == "all are approved"


def test_an_approved_template_that_does_not_fit_is_blocked(onboard: Onboard) -> None:
    """No code would arrive, or none that is still valid."""
    onboard.account.templates[TEMPLATE] = template(TemplateType="1")
    found = onboard()["template"]
    assert (found.state, found.command) == ("blocked", "smsctl config check --online")


def test_what_is_configured_and_not_there_is_blocked(onboard: Onboard) -> None:
    """Another account's, or a slip of the pen."""
    onboard.account.signs.clear()
    onboard.account.templates.clear()
    found = onboard()
    assert (found["signature"].state, found["template"].state) == ("blocked", "blocked")


# nothing configured yet: what the account has


def listed(state: str, n: int = 1) -> dict[str, Any]:
    return {
        "SignName": f"猫{n}",
        "TemplateCode": f"SMS_{n}",
        "AuditStatus": state,
        "OuterTemplateType": "0",
        "TemplateContent": TEXT,
        "CreateDate": f"2026-11-{n:02} 09:00:00",
        "Reason": {"RejectInfo": "不符"},
    }


@pytest.mark.parametrize(
    ("state", "step", "said"),
    [
        ("AUDIT_STATE_INIT", "waiting", "under review since 2026-11-01 09:00"),
        ("AUDIT_STATE_NOT_PASS", "blocked", "rejected: 不符"),
        ("AUDIT_SATE_CANCEL", "todo", "cancelled"),
        ("AUDIT_STATE_PASS", "todo", "is approved: write it to"),
    ],
)
def test_without_a_configured_one_the_accounts_lists_are_looked_at(
    onboard: Onboard, state: str, step: str, said: str
) -> None:
    """So that a newcomer who configured the key alone is told what to write where."""
    onboard.account.sign_list = [listed(state)]
    onboard.account.template_list = [listed(state)]
    found = onboard(text=NOBODYS)
    for name in ("signature", "template"):
        assert (found[name].state, said in str(found[name].message)) == (step, True)


def test_the_best_of_a_paged_list_is_told(onboard: Onboard) -> None:
    """The approved one stands on the third page."""
    pending = [listed("AUDIT_STATE_INIT", n % 28 + 1) for n in range(120)]
    onboard.account.sign_list = [*pending, listed("AUDIT_STATE_PASS", 7)]
    found = onboard(text=NOBODYS)["signature"]
    assert str(found.message) == "猫7 is approved: write it to gateway.sign_name"
    assert onboard.account.asked.count("QuerySmsSignList") == 3


def test_of_listed_templates_only_those_for_codes_count(onboard: Onboard) -> None:
    """A notice's is of no use."""
    onboard.account.template_list = [listed("AUDIT_STATE_PASS") | {"OuterTemplateType": 1}]
    found = onboard(text=NOBODYS)["template"]
    assert (found.state, found.command) == ("todo", "smsctl lint template --file FILE")


# the operator's own steps


@pytest.mark.parametrize("way", ["gateway", "service"])
def test_a_key_that_may_not_send_is_blocked(onboard: Onboard, way: Any) -> None:
    """The action is named, and the policy is a command away."""
    onboard.account.denied["SendSms"] = way
    found = onboard()["credentials"]
    assert (found.state, found.command) == ("blocked", "smsctl config ram-policy")
    assert "dysms:SendSms" in str(found.message)


def test_a_key_that_may_not_look_leaves_a_step_unknown(onboard: Onboard) -> None:
    """It is neither done nor wrong; what to grant is told."""
    onboard.account.denied["QuerySmsQualificationRecord"] = "gateway"
    found = onboard()["qualification"]
    assert (found.state, found.command) == ("unknown", "smsctl config ram-policy")


def test_a_key_that_is_none_blocks_and_hides_the_rest(onboard: Onboard) -> None:
    """What is under review cannot be known."""
    found = states(onboard(text=REAL.replace(ACCESS_KEY_SECRET, "wrong")))
    assert found["credentials"] == "blocked"
    assert {found[name] for name in ("qualification", "signature", "template")} == {"unknown"}


def test_a_vendor_that_is_not_there_leaves_four_steps_unknown(onboard: Onboard) -> None:
    """That is nobody's fault here."""
    found = states(onboard(text=REAL.replace("ENDPOINT", "http://127.0.0.1:1")))
    assert list(found.values()) == ["unknown"] * 4 + ["done"] * 3


def test_an_account_without_money_is_blocked(
    onboard: Onboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first user finds out."""
    broke = Code("isv.AMOUNT_NOT_ENOUGH")
    monkeypatch.setattr(
        onboard.online.aliyun, "_turn", lambda default: Answer(200, {"Code": broke.code})
    )
    assert onboard()["credentials"].state == "blocked"


@pytest.mark.parametrize(
    ("turn", "state"),
    [
        (Answer(200, refusal("invalid-input-secret")), "blocked"),
        (Answer(200, {"success": True}), "blocked"),
        (Answer(500, refusal("internal-error")), "unknown"),
        (Answer(200, {"success": False}), "unknown"),
        (Answer(200, refusal("invalid-input-response")), "done"),
    ],
)
def test_the_captcha_is_asked_about_nobodys_token(
    onboard: Onboard, siteverify: FakeSiteverify, turn: Answer, state: str
) -> None:
    """As in the check."""
    siteverify.script(turn)
    assert onboard()["captcha"].state == state


def test_a_captchas_secret_for_tests_is_to_be_replaced(onboard: Onboard) -> None:
    """It tells nobody apart."""
    test = "captcha: {provider: turnstile, secret: 1x0000000000000000000000000000000AA}"
    assert onboard(test)["captcha"].state == "todo"


def test_the_first_send_is_read_from_the_stores_usage(onboard: Onboard) -> None:
    """Nothing else remembers it; a console's sends were none."""
    assert str(onboard()["test-send"].message) == "3 sent and 2 verified in 90 days"
    found = onboard(days=[])["test-send"]
    assert (found.state, found.command) == ("todo", "smsctl send PHONE --skip-captcha")
    assert onboard("", text="", days=USED)["test-send"].state == "todo"
    assert onboard(days=StoreUnavailable("down"))["test-send"].state == "unknown"


def test_a_test_signature_needs_a_bound_number(onboard: Onboard) -> None:
    """The console's page binds it."""
    onboard.account.signs[SIGN] = sign(SignTag=4)
    found = onboard(days=[])["test-send"]
    assert "bind your own number" in str(found.message)
    assert found.page == "https://dysms.console.aliyun.com/quickstart"


def test_rules_without_a_fuse_are_blocked(onboard: Onboard) -> None:
    """Nothing would bound what a night can cost."""
    found = onboard("limits: [{name: a, per: phone, max: 1, window: 60s}]")["limits"]
    assert (found.state, found.command) == ("blocked", "smsctl config check")
