"""What is known of one code, whoever's it is. Pure values; no table is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from smsctl.core.phrase import NOTHING, Phrase, phrase

Source = Literal["gateway", "receipt", "captcha", "turnstile", "exit", "reason", "error"]
"""Who says it: the answer to SendSms, the carrier's receipt, a captcha vendor, smsctl itself.

smsctl's own are its exit codes, the reasons of a refusal, and the codes of its errors.
"""

Certainty = Literal["yes", "no", "perhaps"]

Retry = Literal["yes", "no", "later", "after_fix", "after_check"]
"""Whether the same send may be made again: `after_check`, it may have reached the phone."""

Kind = Literal["rejected", "credentials", "throttle", "number", "unknown"]
"""What an answer to SendSms says of the message.

`rejected`: not sent. `credentials`: not sent, for the access key's sake. `throttle`: not sent,
because the vendor throttles this phone. `number`: not sent, and nothing ever is to this number.
`unknown`: it may have been sent.
"""

WHEN: Mapping[Retry, Phrase] = {
    "yes": phrase("yes, at once"),
    "no": phrase("no: it would end the same way"),
    "later": phrase("yes, a little later"),
    "after_fix": phrase("yes, once the cause is mended"),
    "after_check": phrase("only after a look whether the message arrived"),
}
"""When to try again, where an entry has nothing better to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one code means and what to do about it."""

    code: str
    """As its source writes it; `Name.*` is `Name` and whatever follows a dot."""
    source: Source
    meaning: Phrase
    remedy: Phrase
    sent: Certainty | None
    """Whether the vendor took the message; None where the code is not about one."""
    billed: Certainty | None
    """Whether the message is billed; None as for `sent`."""
    retry: Retry
    when: Phrase
    """When to try again."""
    page: str = ""
    """The vendor's page; empty for what is smsctl's own."""
    kind: Kind | None = None
    """None unless the code refuses a SendSms, or leaves it open."""


def entries(
    source: Source,
    *codes: str,
    meaning: Phrase,
    remedy: Phrase,
    sent: Certainty | None,
    billed: Certainty | None,
    retry: Retry,
    when: Phrase = NOTHING,
    page: str = "",
    kind: Kind | None = None,
) -> list[Entry]:
    """Return an entry for each of `codes`, which mean the same."""
    return [
        Entry(
            code=code,
            source=source,
            meaning=meaning,
            remedy=remedy,
            sent=sent,
            billed=billed,
            retry=retry,
            when=when or WHEN[retry],
            page=page,
            kind=kind,
        )
        for code in codes
    ]
