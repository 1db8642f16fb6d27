"""What can go wrong, as exceptions. A refusal is not here: it is a value (`answers.py`).

    SmsctlError
    ├── ConfigError              what the operator wrote cannot be used
    ├── InvalidPhone             (ValueError) not one mobile number
    ├── InvalidAddress           (ValueError) not one client address
    ├── InvalidPurpose           (ValueError) not a purpose of the configuration
    ├── InvalidCode              (ValueError) not a code of the configured length
    ├── InvalidRequestId         (ValueError) not usable as a request id
    ├── StoreUnavailable         nothing is known, so nothing was sent or verified
    ├── CaptchaUnavailable       the captcha vendor gave no verdict
    ├── GatewayRejected          definitely not sent
    │   └── CredentialsRefused   definitely not sent: the access key is at fault
    ├── GatewayUnknown           may have been sent
    └── VendorUnavailable        a question to the SMS vendor has no answer
        └── VendorDenied         the access key may not ask it

No message holds a code, a key, a token or a whole phone number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from smsctl.core.phrase import NOTHING, Phrase, phrase


class SmsctlError(Exception):
    """Anything that smsctl raises on purpose; `hint` says what to do about it."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: Phrase | str, *, hint: Phrase = NOTHING) -> None:
        self.message = message if isinstance(message, Phrase) else Phrase(message)
        self.hint = hint
        super().__init__(str(self.message))

    def __reduce__(self) -> tuple[object, ...]:
        # By its state: what was given by keyword is not in `args`, and a process pool pickles it.
        return _revived, (type(self), self.args, self.__dict__)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the configuration, and where: `limits[2].window`."""

    path: str
    message: Phrase
    hint: Phrase = NOTHING
    missing: bool = False
    """Nothing is written wrongly: a value is not there yet, like a variable that is not set."""
    because: str = ""
    """The path of the value that asks for this one; empty if it is needed in any case."""

    @property
    def placed(self) -> Phrase:
        """The message behind its path."""
        if not self.path:
            return self.message
        return phrase("{path}: {problem}", path=self.path, problem=self.message)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else str(self.message)


class ConfigError(SmsctlError):
    """What the operator wrote cannot be used; `problems` has all of it, in file order."""

    code = "config"

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        first, more = problems[0], len(problems) - 1
        text = f"{first} (+{more} more)" if more else str(first)
        super().__init__(phrase("{problem}", problem=text), hint=first.hint)


class InvalidPhone(SmsctlError, ValueError):
    """The text is not one mobile number."""

    code = "invalid_phone"


class InvalidAddress(SmsctlError, ValueError):
    """The text is not the address of one client."""

    code = "invalid_address"


class InvalidPurpose(SmsctlError, ValueError):
    """The configuration has no such purpose."""

    code = "invalid_purpose"


class InvalidCode(SmsctlError, ValueError):
    """The text cannot be a code: wrong length, or not digits."""

    code = "invalid_code"


class InvalidRequestId(SmsctlError, ValueError):
    """The text cannot be a request id."""

    code = "invalid_request_id"


class StoreUnavailable(SmsctlError):
    """The store gave no answer that can be trusted, so nothing was sent and nothing verified.

    `reply_lost` is true where the connection broke after the command was written: the same
    reservation may then be asked for again under its request id.
    """

    code = "store_unavailable"

    def __init__(
        self, message: Phrase | str, *, hint: Phrase = NOTHING, reply_lost: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.reply_lost = reply_lost


class CaptchaUnavailable(SmsctlError):
    """The captcha vendor gave no verdict, and an outage lets nobody through."""

    code = "captcha_unavailable"


class VendorUnavailable(SmsctlError):
    """The SMS vendor did not answer a question of the operator's; nothing was sent by asking."""

    code = "vendor_unavailable"


class VendorDenied(VendorUnavailable):
    """The SMS vendor does not accept the access key, or it may not ask."""

    code = "vendor_denied"


class _GatewayError(SmsctlError):
    """What both gateway errors carry: the vendor's own words for it."""

    def __init__(
        self,
        message: Phrase | str,
        *,
        request_id: str,
        hint: Phrase = NOTHING,
        vendor_code: str | None = None,
        vendor_request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.request_id = request_id
        self.vendor_code = vendor_code
        self.vendor_request_id = vendor_request_id
        self.retry_after = retry_after


class GatewayRejected(_GatewayError):
    """Definitely not sent. The quota was returned, unless the message says otherwise.

    `retry_after` is in seconds where the vendor throttled this phone and said for how long.
    """

    code = "gateway_rejected"


class CredentialsRefused(GatewayRejected):
    """Definitely not sent: the vendor does not accept the access key, or it may not send."""

    code = "credentials_refused"


class GatewayUnknown(_GatewayError):
    """The message may have been sent: the code stays valid and the quota stays used.

    `expires_in` and `retry_after` are in seconds; `challenge` as in `Sent`.
    """

    code = "gateway_unknown"

    def __init__(
        self,
        message: Phrase | str,
        *,
        request_id: str,
        expires_in: float,
        retry_after: float,
        challenge: str | None = None,
        hint: Phrase = NOTHING,
        vendor_code: str | None = None,
        vendor_request_id: str | None = None,
    ) -> None:
        super().__init__(
            message,
            request_id=request_id,
            hint=hint,
            vendor_code=vendor_code,
            vendor_request_id=vendor_request_id,
            retry_after=retry_after,
        )
        self.expires_in = expires_in
        self.challenge = challenge


def _revived(
    kind: type[SmsctlError], arguments: tuple[object, ...], state: dict[str, object]
) -> SmsctlError:
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(state)
    return error
