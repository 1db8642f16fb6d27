"""The RAM actions behind every call that smsctl makes to Alibaba Cloud, and a policy of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

SendAction = Literal["SendSms"]
ReadAction = Literal[
    "GetSmsSign",
    "GetSmsTemplate",
    "QuerySmsQualificationRecord",
    "QuerySmsSignList",
    "QuerySmsTemplateList",
]
RecordAction = Literal["QuerySendDetails", "QuerySendStatistics"]
Action = SendAction | ReadAction | RecordAction
"""A call of Dysmsapi, by its name; the RAM action has the same."""

SENDS: tuple[SendAction, ...] = ("SendSms",)
"""What a backend's key needs, and no more."""

READS: tuple[ReadAction, ...] = (
    "GetSmsSign",
    "GetSmsTemplate",
    "QuerySmsQualificationRecord",
    "QuerySmsSignList",
    "QuerySmsTemplateList",
)
"""What `config check --online` and `onboard` ask besides."""

RECORDS: tuple[RecordAction, ...] = ("QuerySendDetails", "QuerySendStatistics")
"""What `why`, `probe` and `reconcile` ask: receipts, and how much was sent on a day."""

CAPTCHA_CALL = "VerifyIntelligentCaptcha"


def action_name(action: Action) -> str:
    """Return the RAM action's whole name: `dysms:SendSms`."""
    return f"dysms:{action}"


def captcha_actions() -> tuple[str, ...]:
    """Return what Captcha 2.0 needs.

    Its pages name no action of a single call; these are what AliyunYundunAFSFullAccess, the system
    policy that they ask for, grants. Source: help.aliyun.com, RAM, AliyunYundunAFSFullAccess.
    """
    return ("yundun-afs:*", "afs:*")


def ram_policy(actions: Iterable[str]) -> Mapping[str, object]:
    """Return the RAM policy that grants these actions and nothing else.

    Dysmsapi knows no resources: every statement is for all. Source: help.aliyun.com, Short Message
    Service, RAM (101339).
    """
    return {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }
