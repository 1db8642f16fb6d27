"""From the vendor's answers to values. Pure; the vendor's types are not relied on.

It writes numbers as strings here and there, misspells one state, and names the same states in
three ways. Sources: help.aliyun.com, GetSmsSign, GetSmsTemplate, QuerySmsQualificationRecord,
QuerySmsSignList, QuerySmsTemplateList.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
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
from smsctl.vendors.aliyun_client import Broken, Reply
from smsctl.vendors.words import plain_word

Sendable = Literal["may", "sent", "unclear"]
"""`may`: the key may send. `sent`: the vendor took what cannot be sent."""

_CHINA = timezone(timedelta(hours=8))
_LONGEST = 300  # characters of a reason: it ends up on a screen
_MOST_PAGES = 20
_MOST_REASONS = 8
_YEARS = (2000, 2999)

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
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
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
    number = _whole(getattr(body, "qualification_id", None))
    third = _flag(getattr(body, "third_party", None))
    letter = _flag(getattr(body, "authorization_letter_audit_pass", None))
    return Sign(
        name=name,
        review=review(getattr(body, "sign_status", None)),
        reason=_sentence(getattr(audit, "reject_info", None)),
        tag=_whole(getattr(body, "sign_tag", None)),
        created=_moment(getattr(body, "create_date", None)),
        audited=_moment(getattr(audit, "audit_date", None)),
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
        reason=_sentence(getattr(audit, "reject_info", None)),
        kind=_whole(getattr(body, "template_type", None)),
        international=_whole(getattr(body, "intl_type", None)),
        tag=_whole(getattr(body, "template_tag", None)),
        text=text if isinstance(text, str) else "",
        created=_moment(getattr(body, "create_date", None)),
        audited=_moment(getattr(audit, "audit_date", None)),
    )


def qualifications_of(body: Any) -> Iterator[Qualification]:
    """Yield the qualifications of one page of QuerySmsQualificationRecord."""
    for each in _list(getattr(getattr(body, "data", None), "list", None)):
        number = _whole(getattr(each, "group_id", None))
        if number is not None:
            yield Qualification(
                id=str(number),
                review=review(getattr(each, "state_name", None)),
                reason=_sentence(getattr(each, "audit_remark", None)),
                created=_moment(getattr(each, "create_date", None)),
                audited=_moment(getattr(each, "audit_time", None)),
            )


def signs_of(body: Any) -> Iterator[Sign]:
    """Yield the signatures of one page of QuerySmsSignList."""
    for each in _list(getattr(body, "sms_sign_list", None)):
        name, reason = getattr(each, "sign_name", None), getattr(each, "reason", None)
        if isinstance(name, str) and name:
            yield Sign(
                name=name,
                review=review(getattr(each, "audit_status", None)),
                reason=_sentence(getattr(reason, "reject_info", None)),
                created=_moment(getattr(each, "create_date", None)),
                audited=_moment(getattr(reason, "reject_date", None)),
            )


def templates_of(body: Any) -> Iterator[Template]:
    """Yield the templates of one page of QuerySmsTemplateList.

    Their kind is the list's `OuterTemplateType`: its `TemplateType` counts in another way.
    """
    for each in _list(getattr(body, "sms_template_list", None)):
        code, reason = getattr(each, "template_code", None), getattr(each, "reason", None)
        text = getattr(each, "template_content", None)
        if isinstance(code, str) and code:
            yield Template(
                code=code,
                review=review(getattr(each, "audit_status", None)),
                reason=_sentence(getattr(reason, "reject_info", None)),
                kind=_whole(getattr(each, "outer_template_type", None)),
                text=text if isinstance(text, str) else "",
                created=_moment(getattr(each, "create_date", None)),
                audited=_moment(getattr(reason, "reject_date", None)),
            )


def last_page(body: Any) -> int:
    """Return the number of the list's last page; at most 20: a thousand entries."""
    told = getattr(body, "total_count", None) or getattr(getattr(body, "data", None), "total", None)
    return max(1, min(_MOST_PAGES, -(-(_whole(told) or 0) // PAGE)))


def review(state: object) -> Review:
    """Return where a review stands, however the vendor writes it."""
    number = _whole(state)
    if number is not None:
        return _BY_NUMBER.get(number, "unknown")
    word = _PREFIX.sub("", state) if isinstance(state, str) else ""
    return _BY_WORD.get(word, "unknown")


def _carriers(told: object) -> Iterator[Carrier]:
    names: tuple[CarrierName, ...] = get_args(CarrierName)
    for name in names:
        # Compared and not looked up: it may be anything.
        each = next((one for one in _list(told) if getattr(one, "operator_code", 0) == name), None)
        if each is not None:
            number = _whole(getattr(each, "register_status", None))
            yield Carrier(
                name=name,
                state="unknown" if number is None else _REGISTRATIONS.get(number, "unknown"),
                reasons=tuple(_reasons(getattr(each, "register_status_reasons", None))),
            )


def _reasons(told: object) -> Iterator[Reason]:
    for each in _list(told)[:_MOST_REASONS]:
        code = plain_word(getattr(each, "reason_code", None)) or ""
        said = [_sentence(text) for text in _list(getattr(each, "reason_desc_list", None))]
        text = " ".join(filter(None, said[:_MOST_REASONS]))
        if code or text:
            yield Reason(code, text)


def _list(told: object) -> list[Any]:
    return told if isinstance(told, list) else []


def _whole(told: object) -> int | None:
    """Return a number that may have come as a string."""
    if isinstance(told, bool):
        return None
    if isinstance(told, int):
        return told
    return int(told) if isinstance(told, str) and _NUMBER.fullmatch(told) else None


def _flag(told: object) -> bool | None:
    if isinstance(told, bool):
        return told
    return {"true": True, "false": False}.get(told.lower()) if isinstance(told, str) else None


def _sentence(told: object) -> str:
    return " ".join(told.split())[:_LONGEST] if isinstance(told, str) else ""


def _moment(told: object) -> datetime | None:
    """Return a time as the vendor writes it: `2026-11-23 09:00:00`, in China."""
    if not isinstance(told, str):
        return None
    try:
        written = datetime.fromisoformat(told.strip())
    except ValueError:
        return None
    if not _YEARS[0] <= written.year <= _YEARS[1]:
        return None  # no time zone could be put on it
    return written if written.tzinfo else written.replace(tzinfo=_CHINA)
