"""Events and refusals as a store would tell them, with little to write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from smsctl.core.admin import Day
from smsctl.core.history import Admitted, Caller, Guessed, Humanity, Receipt, Settled, TurnedAway

NOON = 1_795_406_400.0  # 2026-11-23 12:00 in Shanghai


def caller(*, purpose: str = "login", country: str = "CN", phone: str = "+86138****8000") -> Caller:
    """Return somebody who asked."""
    return Caller(
        name="p1",
        phone=phone,
        prefix="+861380013",
        address="203.0.113.7",
        country=country,
        purpose=purpose,
    )


def admitted(
    at: float, request: str, *, who: Caller | None = None, captcha: Humanity = "none"
) -> Admitted:
    """Return the admission of a send."""
    return Admitted(at=at, request_id=request, caller=who or caller(), captcha=captcha, levels=())


def settled(
    at: float,
    request: str,
    state: Literal["sent", "rejected", "unknown"] = "sent",
    vendor_code: str | None = None,
) -> Settled:
    """Return what the gateway made of a send."""
    return Settled(
        at=at,
        request_id=request,
        state=state,
        blame="account",
        message_id=None,
        vendor_request_id=None,
        vendor_code=vendor_code,
    )


def guessed(
    at: float, request: str, result: Literal["verified", "mismatch", "exhausted"] = "verified"
) -> Guessed:
    """Return a code that was compared."""
    return Guessed(at=at, request_id=request, result=result, tries_left=2)


def receipt(
    at: float, request: str, status: Literal["waiting", "failed", "delivered"], code: str
) -> Receipt:
    """Return what the carrier said."""
    return Receipt(at=at, request_id=request, status=status, code=code, received=at)


def turned_away(
    first: float,
    last: float,
    count: int,
    *,
    reason: str = "limit",
    rule: str | None = "phone-minute",
    act: Literal["send", "verify"] = "send",
) -> TurnedAway:
    """Return refusals alike."""
    return TurnedAway(
        first=first,
        last=last,
        count=count,
        act=act,
        caller=caller(),
        reason=reason,
        rule=rule,
        max=1,
        retry_after=30.0,
    )


def day(date: str, refused: Mapping[str, int]) -> Day:
    """Return a day's counts of refusals."""
    return Day(date=date, outcomes={}, refused=dict(refused), observed={})
