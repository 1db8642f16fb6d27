"""What the fake vendor knows of its account: qualification, signatures, templates, permissions.

The bodies are written by the vendor's pages, with its habits: numbers as strings, a misspelt state,
keys that nobody documented. Nothing here knows the SDK.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.vendor import Answer

Way = Literal["gateway", "service"]
"""Who refuses a key without the permission: the gateway with HTTP 403, or the service with 200."""

SIGN = "阿猫商城"
TEMPLATE = "SMS_460000001"
TEXT = "您的登录验证码为${code}，5分钟内有效，请勿泄露。"
QUALIFICATION = 100_000_123
PRINCIPAL = "203012345678901234"

_LISTS = {"QuerySmsQualificationRecord", "QuerySmsSignList", "QuerySmsTemplateList"}


def carrier(name: str, status: object = 3, *reasons: tuple[str, str]) -> dict[str, Any]:
    """Return one carrier's registration."""
    return {
        "OperatorCode": name,
        "OperatorCompleteTime": "2026-11-20 10:00:00",
        "RegisterStatus": status,
        "RegisterStatusReasons": [
            {"ReasonCode": code, "ReasonDescList": [text] if text else []} for code, text in reasons
        ],
    }


def sign(status: object = 1, **changes: Any) -> dict[str, Any]:
    """Return what GetSmsSign tells of a signature; approved and registered, unless changed."""
    told = {
        "SignStatus": status,
        "SignTag": "2",
        "CreateDate": "2026-11-16 09:30:00",
        "AuditInfo": {"AuditDate": "2026-11-16 11:00:00", "RejectInfo": ""},
        "QualificationId": QUALIFICATION,
        "ThirdParty": False,
        "RegisterResult": 1,
        "SignIspRegisterDetailList": [carrier(each) for each in ("mobile", "unicom", "telecom")],
        "KeyOfTomorrow": {"nested": ["things"]},
    }
    return told | changes


def template(status: object = "1", **changes: Any) -> dict[str, Any]:
    """Return what GetSmsTemplate tells of a template: its numbers are strings."""
    told = {
        "TemplateStatus": status,
        "TemplateType": "0",
        "TemplateTag": 2,
        "TemplateName": "登录",
        "TemplateContent": TEXT,
        "VariableAttribute": '{"code":"numberCaptcha"}',
        "RelatedSignName": SIGN,
        "CreateDate": "2026-11-17 09:30:00",
        "AuditInfo": {"AuditDate": "2026-11-17 10:00:00", "RejectInfo": ""},
        "KeyOfTomorrow": 7,
    }
    return told | changes


def qualification(state: str = "PASS", **changes: Any) -> dict[str, Any]:
    """Return one record of QuerySmsQualificationRecord."""
    told = {
        "GroupId": QUALIFICATION,
        "StateName": state,
        "CreateDate": "2026-11-12 09:00:00",
        "AuditTime": "2026-11-14 10:00:00",
        "AuditRemark": "",
        "CompanyName": "阿猫有限公司",
        "LegalPersonName": "李小猫",
        "UseBySelf": "true",
        "WorkOrderId": 20_011_234,
    }
    return told | changes


@dataclass
class AccountState:
    """One account. A test changes it; every answer is made from what it is then."""

    signs: dict[str, dict[str, Any]] = field(default_factory=lambda: {SIGN: sign()})
    templates: dict[str, dict[str, Any]] = field(default_factory=lambda: {TEMPLATE: template()})
    qualifications: list[dict[str, Any]] = field(default_factory=lambda: [qualification()])
    sign_list: list[dict[str, Any]] = field(default_factory=list)
    template_list: list[dict[str, Any]] = field(default_factory=list)
    denied: dict[str, Way] = field(default_factory=dict)
    """By action."""
    throttled: Counter[str] = field(default_factory=Counter)
    """How often each action is still throttled."""
    asked: list[str] = field(default_factory=list)
    """The actions, in order of arrival."""

    def refusal(self, action: str) -> Answer | None:
        """Return the refusal that the key or the pace of its requests gets, if any."""
        self.asked.append(action)
        if self.throttled[action] > 0:
            self.throttled[action] -= 1
            return _code(400, "Throttling.User", "Request was denied due to user flow control.")
        match self.denied.get(action):
            case "gateway":
                detail = {
                    "AuthAction": f"dysms:{action}",
                    "AuthPrincipalType": "SubUser",
                    "AuthPrincipalDisplayName": PRINCIPAL,
                    "NoPermissionType": "ImplicitDeny",
                    "EncodedDiagnosticMessage": "AQEAAAAA-made-up",
                }
                return _code(403, "NoPermission", "not authorized", AccessDeniedDetail=detail)
            case "service":
                return _code(200, "isp.RAM_PERMISSION_DENY", "RAM权限DENY")
            case _:
                return None

    def reply(self, action: str, fields: Mapping[str, str]) -> Answer | None:
        """Return the answer to a question, or None where there is no such action."""
        match action:
            case "GetSmsSign":
                return _one(self.signs.get(fields.get("SignName", "")), "isv.SMS_SIGNATURE_ILLEGAL")
            case "GetSmsTemplate":
                found = self.templates.get(fields.get("TemplateCode", ""))
                return _one(found, "isv.SMS_TEMPLATE_ILLEGAL")
            case "QuerySmsQualificationRecord":
                page, total = _page(self.qualifications, fields, "PageNo")
                return _ok({"Data": {"List": page, "Total": total, "PageNo": 1}, "Success": True})
            case "QuerySmsSignList":
                page, total = _page(self.sign_list, fields, "PageIndex")
                return _ok({"SmsSignList": page, "TotalCount": str(total)})
            case "QuerySmsTemplateList":
                page, total = _page(self.template_list, fields, "PageIndex")
                return _ok({"SmsTemplateList": page, "TotalCount": total})
            case _:
                return None


def _page(
    entries: list[dict[str, Any]], fields: Mapping[str, str], name: str
) -> tuple[list[dict[str, Any]], int]:
    """Return one page of a list, of at most 50 entries, and how many there are in all."""
    size = min(50, int(fields.get("PageSize") or 20))
    start = (int(fields.get(name) or 1) - 1) * size
    return entries[start : start + size], len(entries)


def _one(found: dict[str, Any] | None, absent: str) -> Answer:
    return _code(200, absent, "不存在") if found is None else _ok(found)


def _ok(content: Mapping[str, Any]) -> Answer:
    return Answer(200, {"Code": "OK", "Message": "OK", "RequestId": "MADE-UP", **content})


def _code(status: int, code: str, message: str, **more: Any) -> Answer:
    return Answer(status, {"Code": code, "Message": message, "RequestId": "MADE-UP", **more})
