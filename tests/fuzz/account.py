"""What the vendor says of an account, through the SDK's models to the items and the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from smsctl.config import Config, load
from smsctl.core.policy import Purpose
from smsctl.vendors.aliyun_account.answers import qualifications_of, sign_of, template_of
from smsctl.vendors.aliyun_account.questions import Question
from smsctl.vendors.aliyun_account.refusals import refusal_of
from smsctl.vendors.aliyun_client import Reply
from smsctl.vendors.network import Broken
from smsctl.wiring.account import Told
from smsctl.wiring.check.online import online_items
from smsctl.wiring.onboard import steps
from tests.fakes.account import SIGN, TEMPLATE, qualification, sign, template
from tests.fuzz.chance import likely, tree
from tests.fuzz.oracle import Breach, tried
from tests.fuzz.surface import Surface

KEYS = (
    *("AuditInfo", "RejectInfo", "SignStatus", "TemplateStatus", "OperatorCode", "RegisterStatus"),
    *("RegisterStatusReasons", "ReasonCode", "ReasonDescList", "List", "StateName", "GroupId"),
)
WORDS = (
    *(0, 1, 2, 10, "0", "1", "2", "10", "-1", -2, 3, 4, "１", "1.0", "mobile", "telecom"),
    *("PASS", "AUDIT_SATE_CANCEL", "INIT", "审核中", "0001-01-01 00:00:00", "9999-12-31 23:59:59"),
    *(
        "2026-11-16 09:30:00",
        "证件\x1b[2J",
        "${code}",
        "验证码${code}，10分钟内有效",
        "UNBINDING_QUA",
    ),
)
_CODES = ("OK", "OK", "OK", "isv.SMS_SIGNATURE_ILLEGAL", "NoPermission", "Throttling.User", "x y")
_APPROVED = (1, "1", "PASS")


def surface() -> Surface:
    """Return the three answers of one look."""
    return Surface("account-answers", _draw, _Checked())


def _draw(chance: Random) -> tuple[str, Any, str, Any, str, Any]:
    return (
        *(chance.choice(_CODES), _changed(chance, sign())),
        *(chance.choice(_CODES), _changed(chance, template())),
        *(chance.choice(_CODES), [_changed(chance, qualification()) for _ in range(2)]),
    )


def _changed(chance: Random, body: dict[str, Any]) -> dict[str, Any]:
    """Return the answer with something else in some places, and without others."""
    changed = {}
    for name, told in body.items():
        if likely(chance, 4):
            changed[name] = tree(chance, KEYS, WORDS, 3)
        elif not likely(chance, 12):
            changed[name] = told
    return changed


class _Checked:
    """Puts a look together as the check does."""

    def __init__(self) -> None:
        environ = {
            "SMSCTL_GATEWAY__PROVIDER": "aliyun",
            "SMSCTL_GATEWAY__ACCESS_KEY_ID": "id",
            "SMSCTL_GATEWAY__ACCESS_KEY_SECRET": "secret",
            "SMSCTL_GATEWAY__SIGN_NAME": SIGN,
            "HOME": "/nonexistent",
        }
        read = load(environ=environ, defaults=True)
        purposes = {"login": Purpose(template=TEMPLATE)}
        self._config: Config = replace(read, purposes=purposes)

    def __call__(self, drawn: tuple[str, Any, str, Any, str, Any]) -> None:
        given = tried(lambda: self._look(drawn))
        if not isinstance(given, tuple):
            raise Breach("wrong", "an error where there are items")
        levels, said = given
        for check, status in (
            ("online.sign", drawn[1].get("SignStatus")),
            ("online.template.login", drawn[3].get("TemplateStatus")),
        ):
            if levels[check] == "ok" and status not in _APPROVED:
                raise Breach("wrong", "approved by nobody")
        if not all(said):
            raise Breach("wrong", "nothing is said")

    def _look(
        self, drawn: tuple[str, Any, str, Any, str, Any]
    ) -> tuple[Mapping[str, str], list[str]]:
        of_sign, a, of_template, b, of_record, c = drawn
        told = Told(
            sending="may",
            sign=_read(of_sign, "GetSmsSign", a, lambda body: sign_of(SIGN, body)),
            templates={
                purpose.template: _read(
                    of_template, "GetSmsTemplate", b, lambda body: template_of(TEMPLATE, body)
                )
                for purpose in self._config.purposes.values()
            },
            qualifications=_read(
                of_record,
                "QuerySmsQualificationRecord",
                {"Data": {"List": c}},
                lambda body: tuple(qualifications_of(body)),
            ),
        )
        items = {item.check: item for item in online_items(self._config, told)}
        said = [str(item.message) for item in items.values()]
        said += [str(step.message) for step in steps(self._config, told, [])]
        return {check: item.level for check, item in items.items()}, said


def _read(code: str, action: Any, body: Mapping[str, Any], read: Any) -> Any:
    """Return what is made of an answer; what the SDK cannot take is a lost one, as in `ask`."""
    from alibabacloud_dysmsapi20170525 import models  # noqa: PLC0415 - for this surface alone

    made: Reply | Broken
    try:
        model = getattr(models, f"{action}ResponseBody")().from_map({"Code": code, **body})
        made = Reply(
            status=200, code=code if " " not in code else None, request_id=None, body=model
        )
    except Exception:  # noqa: BLE001 - as `ask` does
        made = Broken("lost")
    refusal = refusal_of(Question(action, SIGN), made)
    body_read = made.body if isinstance(made, Reply) else None
    return refusal or read(body_read)
