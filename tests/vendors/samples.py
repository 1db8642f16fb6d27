"""Values that the vendors' tests share: one message, and gateways that point at a fake."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.phone import Phone
from smsctl.core.policy import Purpose
from smsctl.core.ports import Accepted, Declined, Message, Unclear
from smsctl.vendors.aliyun_sms import AliyunGateway
from smsctl.vendors.lane import DeadlinePassed, Lane
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET

PHONE = Phone("CN", "86", "13800138000")
CODE = "042517"
PURPOSES = {
    "login": Purpose(template="SMS_20261234"),
    "pay": Purpose(template="SMS_20265678", variable="number", text="付款码${number}，5分钟有效。"),
}
SECRETS = (CODE, PHONE.national, ACCESS_KEY_SECRET, ACCESS_KEY_ID)


def message(**changes: Any) -> Message:
    """Return a message for login, with these fields changed."""
    fields = {"phone": PHONE, "purpose": "login", "code": CODE, "request_id": "request-1"}
    return Message(**{**fields, **changes})


def gateway(url: str, lane: Lane, **changes: Any) -> AliyunGateway:
    """Return a gateway for the fake at `url`, with these arguments changed."""
    arguments: dict[str, Any] = {
        "access_key_id": ACCESS_KEY_ID,
        "access_key_secret": ACCESS_KEY_SECRET,
        "sign_name": "示例签名",
        "purposes": PURPOSES,
        "endpoint": url,
        "timeout": 5.0,
        "lane": lane,
    }
    return AliyunGateway(**{**arguments, **changes})


def submit(url: str, lane: Lane, **changes: Any) -> Accepted | Declined | Unclear:
    """Submit one message to the fake at `url`, and return what became of it."""
    return run_blocking(gateway(url, lane, **changes).submit(message()))


@contextmanager
def held(lane: Lane) -> Iterator[None]:
    """Let one call hang in the lane for the block."""
    over = threading.Event()
    with pytest.raises(DeadlinePassed):
        run_blocking(lane.run(over.wait, timeout=0.02))
    try:
        yield
    finally:
        over.set()
