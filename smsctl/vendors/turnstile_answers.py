"""What Turnstile's answer to siteverify means. Pure functions from facts to values.

Codes come before the HTTP status: they say more.
Source: developers.cloudflare.com, Turnstile, server-side validation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from smsctl.core.phrase import phrase
from smsctl.core.ports import Human, Misconfigured, NotHuman, Outage
from smsctl.vendors.captcha_answers import CaptchaResult, failed, misconfigured, unreadable
from smsctl.vendors.codes.turnstile import BY_CODE
from smsctl.vendors.words import plain_word

TEST_SECRETS = frozenset(
    {
        "1x0000000000000000000000000000000AA",  # always passes
        "2x0000000000000000000000000000000AA",  # always fails
        "3x0000000000000000000000000000000AA",  # always "already spent"
    }
)
"""The vendor's published secrets for tests: not to be used beside a real gateway."""

_TEST_SECRET = re.compile(r"[1-3]x0+[A-Z]{2}")

_SECRET_CODES = {"missing-input-secret", "invalid-input-secret"}
_VISITOR_CODES = {"missing-input-response", "invalid-input-response", "timeout-or-duplicate"}
_OUTAGE_CODES = {"internal-error"}
_MOST_CODES = 8  # it has six in all, and each ends up in a log


def is_test_secret(secret: str) -> bool:
    """Say whether this is one of the vendor's secrets for tests, by its shape."""
    return bool(_TEST_SECRET.fullmatch(secret.strip()))


def verdict(status: int, content: bytes, *, hostname: str = "", action: str = "") -> CaptchaResult:
    """Return what siteverify's HTTP answer says; `hostname` and `action` must match when set."""
    answer = _object(content)
    codes = _codes(answer)
    if fault := _fault(status, codes):
        return fault
    if codes or answer.get("success") is False:
        return NotHuman(codes=codes)
    if answer.get("success") is not True:
        return unreadable()
    mismatches = [
        f"{name}-mismatch"
        for name, wanted in (("hostname", hostname), ("action", action))
        if wanted and answer.get(name) != wanted
    ]
    return NotHuman(codes=mismatches) if mismatches else Human()


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _codes(answer: dict[str, Any]) -> Sequence[str]:
    codes = answer.get("error-codes")
    words = (
        [word for code in codes if (word := plain_word(code))] if isinstance(codes, list) else []
    )
    return words[:_MOST_CODES]


def _fault(status: int, codes: Sequence[str]) -> Misconfigured | Outage | None:
    """Return whose fault it is but the visitor's; None when it is his, or nobody's."""
    if secret := _SECRET_CODES.intersection(codes):
        entry = BY_CODE[min(secret)]
        return misconfigured("captcha.secret", entry.meaning, entry.remedy)
    if _OUTAGE_CODES.intersection(codes) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return failed()
    if "bad-request" in codes:
        entry = BY_CODE["bad-request"]
        return misconfigured("captcha.endpoint", entry.meaning, entry.remedy)
    if status != HTTPStatus.OK and not _VISITOR_CODES.intersection(codes):
        return misconfigured(
            "captcha.endpoint",
            phrase("the captcha vendor refuses the request: HTTP {status}", status=status),
            phrase("check captcha.endpoint"),
        )
    return None
