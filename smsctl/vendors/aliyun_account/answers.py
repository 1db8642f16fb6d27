"""From the vendor's answers to values. Pure; the vendor's types are not relied on.

It writes numbers as strings here and there, misspells one state, and names the same states in
three ways. Sources: help.aliyun.com, GetSmsSign, GetSmsTemplate, QuerySmsQualificationRecord,
QuerySmsSignList, QuerySmsTemplateList.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from smsctl.vendors.aliyun_account.questions import PAGE
from smsctl.vendors.aliyun_account.values import (
    Carrier,
    CarrierName,
    Qualification,
    Reason,
    Registration,
    Review,
    Sign,
    Template,
)
from smsctl.vendors.aliyun_client import Reply
from smsctl.vendors.aliyun_fields import entries, flag, moment, sentence, whole
from smsctl.vendors.network import Broken
from smsctl.vendors.words import plain_word

Sendable = Literal["may", "sent", "unclear"]
"""`may`: the key may send. `sent`: the vendor took what cannot be sent."""

_MOST_PAGES = 20
_MOST_REASONS = 8

_BY_NUMBER: Mapping[int, Review] = {0: "pending", 1: "approved", 2: "rejected", 10: "cancelled"}
_BY_WORD: Mapping[str, Review] = {
    "INIT": "pending",
    "INT": "pending",
    "审核中": "pending",
    "PASS": "approved",
    "PASSED": "approved",
    "审核通过": "approved",
    "NOT_PASS": "rejected",
    "FAILED": "rejected",
    "审核不通过": "rejected",
    "审核失败": "rejected",
    "CANCEL": "cancelled",
    "CANCELED": "cancelled",
    "已撤回": "cancelled",
    "NOT_FINISH": "unfinished",
    "资料待补充": "unfinished",
}
_PREFIX = re.compile(r"AUDIT_(?:STATE|SATE)_")  # sic: the vendor's AUDIT_SATE_CANCEL
_REGISTRATIONS: Mapping[int, Registration] = {
    3: "registered",
    1: "unproven",
    -1: "registering",
    0: "failed",
    2: "expired",
    -2: "missing",
}
_TURNED_DOWN = frozenset(
    {
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_SIGN_ILLEGAL",
        "isv.SIGN_NAME_ILLEGAL",
        "isv.SIGN_STATE_ILLEGAL",
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.TEMPLATE_PARAMS_ILLEGAL",
        "isv.INVALID_JSON_PARAM",
        "isv.INVALID_PARAMETERS",
    }
)
"""Refusals by the service itself, for what the message is."""


def probed(answer: Reply | Broken) -> Sendable | None:
    """Return what the answer to the message that cannot be sent proves; None for a refusal."""
    if isinstance(answer, Broken) or answer.code is None:
        return None
    if answer.code == "OK":
        return "sent"
    if answer.code in _TURNED_DOWN:
        return "may"
    # The gateway's own look at the parameters: whether the key may send was not asked yet.
    return "unclear" if answer.code.startswith(("Missing", "InvalidParameter")) else None


def sign_of(name: str, body: Any) -> Sign:
    """Return the signature that GetSmsSign tells of."""
    audit = getattr(body, "audit_info", None)
    number = whole(getattr(body, "qualification_id", None))
    third = flag(getattr(body, "third_party", None))
    letter = flag(getattr(body, "authorization_letter_audit_pass", None))
    return Sign(
        name=name,
        review=review(getattr(body, "sign_status", None)),
        reason=sentence(getattr(audit, "reject_info", None)),
        tag=whole(getattr(body, "sign_tag", None)),
        created=moment(getattr(body, "create_date", None)),
        audited=moment(getattr(audit, "audit_date", None)),
        qualification=str(number) if number else None,
        letter_missing=third is True and letter is False,
        carriers=tuple(_carriers(getattr(body, "sign_isp_register_detail_list", None))),
    )


def template_of(code: str, body: Any) -> Template:
    """Return the template that GetSmsTemplate tells of."""
    audit = getattr(body, "audit_info", None)
    text = getattr(body, "template_content", None)
    return Template(
        code=code,
        review=review(getattr(body, "template_status", None)),
        reason=sentence(getattr(audit, "reject_info", None)),
        kind=whole(getattr(body, "template_type", None)),
        international=whole(getattr(body, "intl_type", None)),
        tag=whole(getattr(body, "template_tag", None)),
        text=text if isinstance(text, str) else "",
        created=moment(getattr(body, "create_date", None)),
        audited=moment(getattr(audit, "audit_date", None)),
    )


def qualifications_of(body: Any) -> Iterator[Qualification]:
    """Yield the qualifications of one page of QuerySmsQualificationRecord."""
    for each in entries(getattr(getattr(body, "data", None), "list", None)):
        number = whole(getattr(each, "group_id", None))
        if number is not None:
            yield Qualification(
                id=str(number),
                review=review(getattr(each, "state_name", None)),
                reason=sentence(getattr(each, "audit_remark", None)),
                created=moment(getattr(each, "create_date", None)),
                audited=moment(getattr(each, "audit_time", None)),
            )


def signs_of(body: Any) -> Iterator[Sign]:
    """Yield the signatures of one page of QuerySmsSignList."""
    for each in entries(getattr(body, "sms_sign_list", None)):
        name, reason = getattr(each, "sign_name", None), getattr(each, "reason", None)
        if isinstance(name, str) and name:
            yield Sign(
                name=name,
                review=review(getattr(each, "audit_status", None)),
                reason=sentence(getattr(reason, "reject_info", None)),
                created=moment(getattr(each, "create_date", None)),
                audited=moment(getattr(reason, "reject_date", None)),
            )


def templates_of(body: Any) -> Iterator[Template]:
    """Yield the templates of one page of QuerySmsTemplateList.

    Their kind is the list's `OuterTemplateType`: its `TemplateType` counts in another way.
    """
    for each in entries(getattr(body, "sms_template_list", None)):
        code, reason = getattr(each, "template_code", None), getattr(each, "reason", None)
        text = getattr(each, "template_content", None)
        if isinstance(code, str) and code:
            yield Template(
                code=code,
                review=review(getattr(each, "audit_status", None)),
                reason=sentence(getattr(reason, "reject_info", None)),
                kind=whole(getattr(each, "outer_template_type", None)),
                text=text if isinstance(text, str) else "",
                created=moment(getattr(each, "create_date", None)),
                audited=moment(getattr(reason, "reject_date", None)),
            )


def last_page(body: Any) -> int:
    """Return the number of the list's last page; at most 20: a thousand entries."""
    told = getattr(body, "total_count", None) or getattr(getattr(body, "data", None), "total", None)
    return max(1, min(_MOST_PAGES, -(-(whole(told) or 0) // PAGE)))


def review(state: object) -> Review:
    """Return where a review stands, however the vendor writes it."""
    number = whole(state)
    if number is not None:
        return _BY_NUMBER.get(number, "unknown")
    word = _PREFIX.sub("", state) if isinstance(state, str) else ""
    return _BY_WORD.get(word, "unknown")


def _carriers(told: object) -> Iterator[Carrier]:
    names: tuple[CarrierName, ...] = get_args(CarrierName)
    for name in names:
        # Compared and not looked up: it may be anything.
        found = (one for one in entries(told) if getattr(one, "operator_code", 0) == name)
        each = next(found, None)
        if each is not None:
            number = whole(getattr(each, "register_status", None))
            yield Carrier(
                name=name,
                state="unknown" if number is None else _REGISTRATIONS.get(number, "unknown"),
                reasons=tuple(_reasons(getattr(each, "register_status_reasons", None))),
            )


def _reasons(told: object) -> Iterator[Reason]:
    for each in entries(told)[:_MOST_REASONS]:
        code = plain_word(getattr(each, "reason_code", None)) or ""
        said = [sentence(text) for text in entries(getattr(each, "reason_desc_list", None))]
        text = " ".join(filter(None, said[:_MOST_REASONS]))
        if code or text:
            yield Reason(code, text)
