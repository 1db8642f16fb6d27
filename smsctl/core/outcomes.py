"""From what the ports said to what the caller is told. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from smsctl.core.answers import Refused, RefusedReason, Rejected, Sent, Verified
from smsctl.core.errors import (
    ConfigError,
    CredentialsRefused,
    GatewayRejected,
    GatewayUnknown,
    InvalidRequestId,
)
from smsctl.core.phone import Phone
from smsctl.core.phrase import phrase
from smsctl.core.ports import (
    Accepted,
    Declined,
    LimitExceeded,
    Repeated,
    Reserved,
    Settlement,
    Unclear,
    VerifyResult,
)
from smsctl.core.rules import Blame

Explain = Callable[[str], Declined | Unclear | None]
"""From one of the gateway's codes to what it said of a message; None where it is not known."""


def unexplained(_code: str) -> None:
    """Know no code: a gateway without codes has none to be explained."""


_NOT_RETURNED = phrase(
    "the store did not take the refund: the quota stays used until its windows pass"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendContext:
    """What every answer to one request repeats."""

    phone: Phone
    purpose: str
    request_id: str
    challenge: str | None
    address: str | None = None
    """The client's, as limits count it."""
    named: bool = False
    """The request id is the caller's own."""

    def submitted(
        self, kept: Reserved, reply: Accepted | Declined | Unclear, *, settled: bool
    ) -> Sent:
        """Answer what the gateway did; raise what it did not do, or may not have done."""
        match reply:
            case Accepted():
                return self.sent(kept, reply)
            case Declined():
                raise self.rejected(reply, refunded=settled)
            case Unclear():
                raise self.unknown(kept, reply)

    def sent(self, kept: Reserved | Repeated, accepted: Accepted) -> Sent:
        """Answer that the gateway has the message."""
        return Sent(
            phone=self.phone.masked,
            purpose=self.purpose,
            request_id=self.request_id,
            message_id=accepted.message_id,
            vendor_request_id=accepted.vendor_request_id,
            expires_in=kept.expires_in,
            retry_after=kept.retry_after,
            challenge=self.challenge,
            message=accepted.text,
        )

    def refused(self, reason: RefusedReason, *, retry_after: float | None = None) -> Refused:
        """Answer that something other than the rules refused."""
        return Refused(
            phone=self.phone.masked,
            purpose=self.purpose,
            reason=reason,
            retry_after=retry_after,
        )

    def limit_exceeded(self, exceeded: LimitExceeded) -> Refused:
        """Answer that a rule refused, or the lock, or the bound on a captcha outage."""
        reason: RefusedReason = "fuse" if exceeded.fuse else "limit"
        if exceeded.rule in {"locked", "captcha"}:
            reason = "locked" if exceeded.rule == "locked" else "captcha"
        return Refused(
            phone=self.phone.masked,
            purpose=self.purpose,
            reason=reason,
            rule=exceeded.rule if reason in {"limit", "fuse"} else None,
            retry_after=exceeded.retry_after,
        )

    def repeated(self, earlier: Repeated, explain: Explain) -> Sent:
        """Answer as the first time: an outcome is raised where it was raised before."""
        told = explain(earlier.vendor_code) if earlier.vendor_code else None
        match earlier.state:
            case "sent":
                accepted = Accepted(
                    message_id=earlier.message_id, vendor_request_id=earlier.vendor_request_id
                )
                return self.sent(earlier, accepted)
            case "rejected":
                blamed = isinstance(told, Declined) and told.credentials
                kind = CredentialsRefused if blamed else GatewayRejected
                raise kind(
                    phrase(
                        "the gateway had refused this request, not sent: {why}",
                        why=told.explanation,
                    )
                    if told
                    else phrase("the gateway had refused this request: not sent"),
                    hint=phrase("ask again under a new request id"),
                    request_id=self.request_id,
                    vendor_code=earlier.vendor_code,
                    vendor_request_id=earlier.vendor_request_id,
                )
            case "pending" | "unknown":
                raise self.unknown(
                    earlier,
                    Unclear(
                        explanation=phrase(
                            "this request was made before and may have been sent: {why}",
                            why=told.explanation,
                        )
                        if told
                        else phrase(
                            "this request was made before and its outcome is not known: "
                            "it may have been sent"
                        ),
                        vendor_code=earlier.vendor_code,
                        vendor_request_id=earlier.vendor_request_id,
                    ),
                )

    def taken(self) -> InvalidRequestId:
        """Return the error for a request id that names another phone's or purpose's send."""
        return InvalidRequestId(
            "this request id was given to another phone or purpose",
            hint=phrase("give each send a request id of its own"),
        )

    def rejected(self, declined: Declined, *, refunded: bool) -> GatewayRejected | ConfigError:
        """Return the error for a message that was definitely not sent."""
        if declined.fault is not None:
            fault = declined.fault
            return ConfigError(fault if refunded else replace(fault, hint=_NOT_RETURNED))
        kind = CredentialsRefused if declined.credentials else GatewayRejected
        return kind(
            declined.explanation,
            hint=declined.hint if refunded else _NOT_RETURNED,
            request_id=self.request_id,
            vendor_code=declined.vendor_code,
            vendor_request_id=declined.vendor_request_id,
            retry_after=declined.throttled,
        )

    def unknown(self, kept: Reserved | Repeated, unclear: Unclear) -> GatewayUnknown:
        """Return the error for a message that may have been sent."""
        return GatewayUnknown(
            unclear.explanation,
            hint=unclear.hint,
            request_id=self.request_id,
            expires_in=kept.expires_in,
            retry_after=kept.retry_after,
            challenge=self.challenge,
            vendor_code=unclear.vendor_code,
            vendor_request_id=unclear.vendor_request_id,
        )

    def verified(self, verdict: VerifyResult) -> Verified | Rejected:
        """Answer what became of a guess."""
        if verdict.result == "verified":
            return Verified(phone=self.phone.masked, purpose=self.purpose)
        return Rejected(
            phone=self.phone.masked,
            purpose=self.purpose,
            reason=verdict.result,
            tries_left=verdict.tries_left,
            retry_after=verdict.retry_after,
        )


def _blame(declined: Declined) -> Blame:
    if declined.throttled is not None:
        return "phone"
    return "number" if declined.bad_number else "account"


def settlement(reply: Accepted | Declined | Unclear) -> Settlement:
    """Return what the gateway's reply means for the reservation."""
    match reply:
        case Accepted():
            return Settlement(
                state="sent",
                message_id=reply.message_id,
                vendor_request_id=reply.vendor_request_id,
            )
        case Declined():
            return Settlement(
                state="rejected",
                blame=_blame(reply),
                vendor_code=reply.vendor_code,
                vendor_request_id=reply.vendor_request_id,
            )
        case Unclear():
            return Settlement(
                state="unknown",
                vendor_code=reply.vendor_code,
                vendor_request_id=reply.vendor_request_id,
            )
