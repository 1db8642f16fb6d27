"""The guard on the “get code” button: SMS one-time codes through Alibaba Cloud.

with open_guard("config.yaml") as guard:
    answer = guard.send("13800138000", ip="203.0.113.7")
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
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

# A name's module is imported when the name is first used: redis-py behind `open_guard` costs 75 ms,
# and the command line's help needs none of them.
_HOMES = {
    "smsctl.core.answers": ("Refused", "Rejected", "Sent", "Verified"),
    "smsctl.core.guard": ("AsyncGuard", "Guard"),
    "smsctl.wiring": ("open_async_guard", "open_guard"),
}

if not TYPE_CHECKING:  # a type checker that sees `__getattr__` believes in every name

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        homes = (home for home, names in _HOMES.items() if name in names)
        value = getattr(importlib.import_module(next(homes, "smsctl.core.errors")), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
