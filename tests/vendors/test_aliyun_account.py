"""What the vendor says of an account, read from its own words over real requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from smsctl.vendors.aliyun_account.actions import READS, SENDS, action_name, ram_policy
from smsctl.vendors.aliyun_account.answers import (
    last_page,
    probed,
    qualifications_of,
    review,
    sign_of,
    signs_of,
    template_of,
    templates_of,
)
from smsctl.vendors.aliyun_account.questions import AccountReader, Question
from smsctl.vendors.aliyun_account.refusals import refusal_of, throttled
from smsctl.vendors.aliyun_account.values import Reason, Sign, Template
from smsctl.vendors.aliyun_client import Reply, read_account
from tests.fakes.account import SIGN, TEMPLATE, TEXT, carrier, qualification, sign, template
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, Code, FakeAliyun

SIGN_QUESTION = Question("GetSmsSign", SIGN)
TEMPLATE_QUESTION = Question("GetSmsTemplate", TEMPLATE)


def reader(url: str, **changes: Any) -> AccountReader:
    """Return a reader of the fake's account."""
    arguments: dict[str, Any] = {
        "access_key_id": ACCESS_KEY_ID,
        "access_key_secret": ACCESS_KEY_SECRET,
        "endpoint": url,
        "endpoint_path": "gateway.endpoint",
        "proxy": "",
        "timeout": 5.0,
    }
    return AccountReader(read_account(**{**arguments, **changes}), clock=lambda: 1_000_000.0)


def asked(aliyun: FakeAliyun, question: Question) -> Reply:
    """Ask one question, and return the reply."""
    answer = reader(aliyun.url).ask(question).answer
    assert isinstance(answer, Reply)
    return answer


def read_sign(aliyun: FakeAliyun) -> Sign:
    return sign_of(SIGN, asked(aliyun, SIGN_QUESTION).body)


def read_template(aliyun: FakeAliyun) -> Template:
    return template_of(TEMPLATE, asked(aliyun, TEMPLATE_QUESTION).body)


def test_a_signature_is_read_whole(aliyun: FakeAliyun) -> None:
    """State, tag, times in China's zone, qualification and carriers, beside unknown keys."""
    found = read_sign(aliyun)
    assert (found.review, found.tag, found.qualification) == ("approved", 2, "100000123")
    assert found.created == datetime.fromisoformat("2026-11-16T09:30:00+08:00")
    assert [(each.name, each.state) for each in found.carriers] == [
        ("mobile", "registered"),
        ("unicom", "registered"),
        ("telecom", "registered"),
    ]


@pytest.mark.parametrize("as_text", [False, True], ids=["numbers", "strings"])
@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0, "pending"),
        (1, "approved"),
        (2, "rejected"),
        (10, "cancelled"),
        (7, "unknown"),
    ],
)
def test_states_are_read_as_numbers_and_as_strings(
    aliyun: FakeAliyun, status: int, state: str, *, as_text: bool
) -> None:
    """The vendor writes the one for signatures and the other for templates; today."""
    written = str(status) if as_text else status
    aliyun.account.signs[SIGN] = sign(written)
    aliyun.account.templates[TEMPLATE] = template(written)
    assert (read_sign(aliyun).review, read_template(aliyun).review) == (state, state)


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("AUDIT_STATE_INIT", "pending"),
        ("AUDIT_STATE_PASS", "approved"),
        ("AUDIT_STATE_NOT_PASS", "rejected"),
        ("AUDIT_STATE_CANCEL", "cancelled"),
        ("AUDIT_SATE_CANCEL", "cancelled"),
        ("INIT", "pending"),
        ("INT", "pending"),
        ("PASSED", "approved"),
        ("NOT_FINISH", "unfinished"),
        ("CANCELED", "cancelled"),
        ("审核中", "pending"),
        ("AUDIT_STATE_", "unknown"),
        (None, "unknown"),
        (True, "unknown"),
        ({}, "unknown"),
        ("１", "unknown"),
        ("01", "unknown"),
        (" 1", "unknown"),
    ],
)
def test_states_are_read_in_every_spelling(written: object, state: str) -> None:
    """Also the misspelt one; what is none is unknown, and never approved."""
    assert review(written) == state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (3, "registered"),
        ("1", "unproven"),
        (-1, "registering"),
        ("0", "failed"),
        (2, "expired"),
        ("-2", "missing"),
        (9, "unknown"),
        (None, "unknown"),
    ],
)
def test_carriers_registrations_are_read(aliyun: FakeAliyun, status: object, state: str) -> None:
    """With the vendor's reasons, code and sentence."""
    reason = ("UNBINDING_QUA", "签名未关联资质")
    aliyun.account.signs[SIGN] = sign(
        SignIspRegisterDetailList=[carrier("telecom", status, reason), carrier("martian", 0)]
    )
    (found,) = read_sign(aliyun).carriers
    assert (found.name, found.state) == ("telecom", state)
    assert found.reasons == (Reason("UNBINDING_QUA", "签名未关联资质"),)


def test_a_carrier_that_is_no_name_is_passed_over(aliyun: FakeAliyun) -> None:
    """Found by random answers: what stands there may be anything."""
    aliyun.account.signs[SIGN] = sign(
        SignIspRegisterDetailList=[{"OperatorCode": {"a": []}}, carrier("mobile")]
    )
    assert [each.name for each in read_sign(aliyun).carriers] == ["mobile"]


def test_a_template_is_read_whole(aliyun: FakeAliyun) -> None:
    """Its numbers come as strings."""
    found = read_template(aliyun)
    assert (found.review, found.kind, found.tag, found.text) == ("approved", 0, 2, TEXT)


def test_a_rejection_keeps_its_reason_short_and_on_one_line(aliyun: FakeAliyun) -> None:
    """What the reviewer wrote ends up on a screen."""
    aliyun.account.signs[SIGN] = sign(2, AuditInfo={"RejectInfo": "证件\n不符" + "符" * 999})
    reason = read_sign(aliyun).reason
    assert reason.startswith("证件 不符")
    assert len(reason) == 300


def test_lists_are_read_page_by_page(aliyun: FakeAliyun) -> None:
    """120 records on three pages; the total may be a string."""
    aliyun.account.qualifications = [qualification(GroupId=str(n)) for n in range(120)]
    aliyun.account.sign_list = [{"SignName": f"签名{n}", "AuditStatus": "?"} for n in range(120)]
    pages = [asked(aliyun, Question("QuerySmsQualificationRecord", page=n)).body for n in (1, 2, 3)]
    assert [last_page(body) for body in pages] == [3, 3, 3]
    found = [each.id for body in pages for each in qualifications_of(body)]
    assert found == [str(n) for n in range(120)]
    signs = asked(aliyun, Question("QuerySmsSignList", page=3)).body
    assert (last_page(signs), len(list(signs_of(signs)))) == (3, 20)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-16 09:30:00", "2026-11-16T09:30:00+08:00"),
        ("2026-11-16T09:30:00Z", "2026-11-16T09:30:00+00:00"),
        ("0001-01-01 00:00:00", None),
        ("gestern", None),
        (7, None),
    ],
)
def test_times_are_chinas_unless_they_say_otherwise(
    aliyun: FakeAliyun, written: object, read: str | None
) -> None:
    """What no zone could be put on is no time."""
    aliyun.account.signs[SIGN] = sign(CreateDate=written)
    found = read_sign(aliyun).created
    assert (found and found.isoformat()) == read


def test_nobodys_name_is_kept(aliyun: FakeAliyun) -> None:
    """Of a qualification its id, state and times are read; the people in it are not."""
    body = asked(aliyun, Question("QuerySmsQualificationRecord")).body
    assert "李小猫" not in repr(list(qualifications_of(body)))


def test_a_listed_templates_kind_is_the_outer_one(aliyun: FakeAliyun) -> None:
    """The list's TemplateType counts in another way: 2 is a code there."""
    aliyun.account.template_list = [
        {
            "TemplateCode": TEMPLATE,
            "AuditStatus": "AUDIT_SATE_CANCEL",
            "TemplateType": 2,
            "OuterTemplateType": "0",
            "TemplateContent": TEXT,
            "Reason": {"RejectInfo": "无", "RejectDate": "nonsense"},
        }
    ]
    (found,) = templates_of(asked(aliyun, Question("QuerySmsTemplateList")).body)
    assert (found.kind, found.review, found.audited) == (0, "cancelled", None)


@pytest.mark.parametrize("action", [*READS, *SENDS])
@pytest.mark.parametrize("way", ["gateway", "service"])
def test_a_missing_permission_is_named(aliyun: FakeAliyun, action: Any, way: Any) -> None:
    """HTTP 403 with details, or 200: the RAM action is in the message and in the hint."""
    aliyun.account.denied[action] = way
    question = Question(action)
    refusal = refusal_of(question, asked(aliyun, question))
    assert refusal is not None
    assert (refusal.kind, refusal.action) == ("denied", f"dysms:{action}")
    assert f"dysms:{action}" in str(refusal.message)
    assert f"dysms:{action}" in str(refusal.hint)
    assert "made-up" not in repr(refusal)


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        (Code("isv.SMS_SIGNATURE_ILLEGAL"), "absent"),
        (Code("InvalidAccessKeyId.NotFound", 404), "key"),
        (Code("SignatureDoesNotMatch", 400), "key"),
        (Code("InvalidTimeStamp.Expired", 400), "clock"),
        (Code("Throttling.User", 400), "throttled"),
        (Code("isv.PRODUCT_UN_SUBSCRIPT"), "other"),
        (Code("NeverHeardOf", 400), "other"),
        (Code("ServiceUnavailable", 503), "unreachable"),
        (Code("isp.SYSTEM_ERROR"), "unreachable"),
        ("reset", "unreachable"),
        ("html", "unreachable"),
        ("array", "unreachable"),
    ],
    ids=str,
)
def test_why_there_is_no_answer_is_told(aliyun: FakeAliyun, turn: object, kind: str) -> None:
    """Each with words; the request was made once."""
    aliyun.script(turn)
    heard = reader(aliyun.url).ask(SIGN_QUESTION)
    refusal = refusal_of(SIGN_QUESTION, heard.answer)
    assert refusal is not None
    assert (refusal.kind, bool(refusal.message)) == (kind, True)
    assert throttled(heard.answer) is (kind == "throttled")
    assert (len(aliyun.heard), heard.at) == (1, 1_000_000.0)


def test_what_asks_for_permission_cannot_be_sent(aliyun: FakeAliyun) -> None:
    """Neither phone nor template has a digit, none is configured, and there is no code in it."""
    answer = asked(aliyun, Question("SendSms", SIGN))
    (request,) = aliyun.turned_down
    assert aliyun.submitted == []
    assert not any(char.isdigit() for char in request.phone + request.template)
    assert (request.phone, request.sign_name, request.template) == ("nobody",) * 3
    assert (request.params, request.out_id) == ("", "")
    assert probed(answer) == "may"


@pytest.mark.parametrize(
    ("turn", "proved"),
    [
        (Code("isv.SMS_SIGNATURE_ILLEGAL"), "may"),
        (Code("isv.SMS_TEMPLATE_ILLEGAL"), "may"),
        (Code("MissingPhoneNumbers", 400), "unclear"),
        (Code("InvalidParameter", 400), "unclear"),
        (Code("isv.AMOUNT_NOT_ENOUGH"), None),
        (Code("OK"), "sent"),
    ],
    ids=str,
)
def test_only_what_the_service_turns_down_proves_the_permission(
    aliyun: FakeAliyun, turn: Code, proved: str | None
) -> None:
    """The gateway's own look at the parameters may come before the look at the key."""
    aliyun.script(turn)
    assert probed(asked(aliyun, Question("SendSms"))) == proved


@pytest.mark.parametrize("turn", [None, Code("NoPermission", 403)], ids=["answer", "refusal"])
def test_the_date_of_any_answer_is_kept(aliyun: FakeAliyun, turn: Code | None) -> None:
    """A refusal has one, too; it is this answer's and not the one's before."""
    fixed = datetime.fromisoformat("2026-11-23T08:00:00+00:00")
    asked(aliyun, SIGN_QUESTION)
    if turn:
        aliyun.script(turn)
    aliyun.account.signs[SIGN] = sign()
    aliyun.dated = lambda: fixed
    assert asked(aliyun, SIGN_QUESTION).date == "Mon, 23 Nov 2026 08:00:00 GMT"


def test_the_policy_grants_these_actions_and_no_more() -> None:
    """As RAM takes it."""
    assert ram_policy(map(action_name, SENDS)) == {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "Action": ["dysms:SendSms"], "Resource": "*"}],
    }
