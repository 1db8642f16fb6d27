"""What the vendors said of what is configured, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smsctl.vendors.aliyun_account.answers import Sendable
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_account.values import Qualification, Sign, Template
from smsctl.vendors.captcha_answers import CaptchaResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was answered. None: it was not asked."""

    sending: Sendable | Refusal | None = None
    sign: Sign | Refusal | None = None
    templates: Mapping[str, Template | Refusal]
    """By code."""
    qualifications: tuple[Qualification, ...] | Refusal | None = None
    signs: tuple[Sign, ...] = ()
    """Of the account, where none is configured."""
    listed: tuple[Template, ...] = ()
    """The account's templates, where one is not configured."""
    ahead: float | None = None
    """Seconds that the vendor's clock is ahead of ours; None where no answer had a date."""
    stopped: Refusal | None = None
    """Why nothing at all could be learnt from the SMS vendor."""
    captcha: CaptchaResult | None = None


NOBODY_ASKED = Told(templates={})
"""Of the console gateway."""
