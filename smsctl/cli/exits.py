"""Exit codes, the same in every output mode. One table; nothing else knows a number."""

from __future__ import annotations

from smsctl.core.answers import RefusedReason
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
    VendorDenied,
    VendorUnavailable,
)

DONE = 0
INTERNAL = 1
USAGE = 2
NOT_VERIFIED = 3
LIMIT = 4
FUSE = 5
CAPTCHA = 6
UNCONFIRMED = 7
FOUND_WRONG = 8
STORE = 69
GATEWAY_UNKNOWN = 75
GATEWAY_REJECTED = 76
CREDENTIALS = 77
CONFIG = 78
INTERRUPTED = 130
BROKEN_PIPE = 141  # what a shell shows for a program that SIGPIPE ended
TERMINATED = 143

_ERRORS: dict[type[SmsctlError], int] = {
    ConfigError: CONFIG,
    InvalidPhone: USAGE,
    InvalidAddress: USAGE,
    InvalidPurpose: USAGE,
    InvalidCode: USAGE,
    InvalidRequestId: USAGE,
    StoreUnavailable: STORE,
    CaptchaUnavailable: CAPTCHA,
    CredentialsRefused: CREDENTIALS,
    GatewayRejected: GATEWAY_REJECTED,
    GatewayUnknown: GATEWAY_UNKNOWN,
    VendorUnavailable: GATEWAY_REJECTED,
    VendorDenied: CREDENTIALS,
}

_REFUSALS: dict[RefusedReason, int] = {
    "limit": LIMIT,
    "fuse": FUSE,
    "captcha": CAPTCHA,
    "country": LIMIT,
    "denied": LIMIT,
    "locked": LIMIT,
    "paused": FUSE,
}


def of_error(error: BaseException) -> int:
    """Return the code of an error; of one that nobody foresaw, INTERNAL."""
    known = (_ERRORS[kind] for kind in type(error).__mro__ if kind in _ERRORS)
    return next(known, INTERNAL)


def of_refusal(reason: RefusedReason) -> int:
    """Return the code of a refused send."""
    return _REFUSALS[reason]
