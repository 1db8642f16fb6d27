"""What `send` and `verify` answer. An answer is true where the caller may go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

RefusedReason = Literal["limit", "fuse", "captcha", "country", "denied", "locked", "paused"]
RejectedReason = Literal["mismatch", "exhausted", "missing", "locked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The gateway accepted the message, or it had accepted it under the same request id."""

    phone: str
    """The phone, masked: `+86138****8000`."""
    purpose: str
    """The purpose that the code is bound to."""
    request_id: str
    """Our name for this send; the vendor knows it as OutId."""
    message_id: str | None
    """The vendor's name for the message (BizId); None for a test number."""
    vendor_request_id: str | None
    """The vendor's name for the call; None where there was none."""
    expires_in: float
    """Seconds until the code expires."""
    retry_after: float
    """Seconds until the same call could be admitted again; 0 when at once."""
    challenge: str | None = field(default=None, repr=False)
    """What `verify` must present; None unless the configuration requires a challenge."""
    message: str | None = field(default=None, repr=False)
    """The text that would have been sent: only the console gateway has one."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was sent, and nothing was consumed."""

    phone: str
    """The phone, masked."""
    purpose: str
    """The purpose that was asked for."""
    reason: RefusedReason
    """Which gate refused."""
    rule: str | None = None
    """The rule that refused; None unless the reason is `limit` or `fuse`."""
    retry_after: float | None = None
    """Seconds after which every rule would admit; None where waiting does not help."""
    captcha_codes: tuple[str, ...] = ()
    """The captcha vendor's own codes; empty unless it was asked and the reason is `captcha`."""

    def __bool__(self) -> Literal[False]:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The code was right, and is gone."""

    phone: str
    """The phone, masked."""
    purpose: str
    """The purpose that the code was bound to."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The code was not accepted. Tell the end user one thing, whatever the reason."""

    phone: str
    """The phone, masked."""
    purpose: str
    """The purpose that was asked for."""
    reason: RejectedReason
    """`exhausted` only for the try that burnt the code; `missing` also for a wrong challenge."""
    tries_left: int = 0
    """Wrong tries that the code still bears; 0 unless the reason is `mismatch`."""
    retry_after: float | None = None
    """Seconds until the phone is no longer locked; None unless the reason is `locked`."""

    def __bool__(self) -> Literal[False]:
        return False
