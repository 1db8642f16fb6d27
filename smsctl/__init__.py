"""The guard on the “get code” button: SMS one-time codes through Alibaba Cloud.

with open_guard("config.yaml") as guard:
    answer = guard.send("13800138000", ip="203.0.113.7")
"""

from __future__ import annotations

from smsctl.core.answers import Refused, Rejected, Sent, Verified
from smsctl.core.errors import (
    CaptchaUnavailable,
    ConfigError,
    CredentialsRefused,
    GatewayRejected,
    GatewayUnknown,
    InvalidAddress,
    InvalidCode,
    InvalidPhone,
    InvalidPurpose,
    InvalidRequestId,
    SmsctlError,
    StoreUnavailable,
)
from smsctl.core.guard import AsyncGuard, Guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smsctl.wiring import open_async_guard, open_guard

__all__ = [
    "AsyncGuard",
    "CaptchaUnavailable",
    "ConfigError",
    "CredentialsRefused",
    "GatewayRejected",
    "GatewayUnknown",
    "Guard",
    "InvalidAddress",
    "InvalidCode",
    "InvalidPhone",
    "InvalidPurpose",
    "InvalidRequestId",
    "Refused",
    "Rejected",
    "Sent",
    "SmsctlError",
    "StoreUnavailable",
    "Verified",
    "open_async_guard",
    "open_guard",
]


def __getattr__(name: str) -> object:
    # Opening a guard needs redis-py, 75 ms: `import smsctl` for its errors alone does not.
    if name in {"open_async_guard", "open_guard"}:
        from smsctl import wiring  # noqa: PLC0415

        return getattr(wiring, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
