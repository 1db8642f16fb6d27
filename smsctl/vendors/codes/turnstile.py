"""What Cloudflare Turnstile says of a token: the `error-codes` of siteverify, and two of ours.

Source: developers.cloudflare.com, Turnstile, server-side validation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.vendors.codes.entry import Entry, Retry, entries

_PAGE = "https://developers.cloudflare.com/turnstile/get-started/server-side-validation/"
_NEW_TOKEN = phrase("yes, with a new token: each is good once")


def _failed(
    *codes: str, meaning: Phrase, remedy: Phrase, retry: Retry, when: Phrase = NOTHING
) -> list[Entry]:
    return entries(
        "turnstile",
        *codes,
        meaning=meaning,
        remedy=remedy,
        sent="no",
        billed="no",
        retry=retry,
        when=when,
        page=_PAGE,
    )


TURNSTILE: Sequence[Entry] = (
    # The token.
    *_failed(
        "missing-input-response",
        retry="yes",
        when=_NEW_TOKEN,
        meaning=phrase("the captcha token is empty"),
        remedy=phrase("pass on what the captcha's success callback gave to the page"),
    ),
    *_failed(
        "invalid-input-response",
        retry="yes",
        when=_NEW_TOKEN,
        meaning=phrase("the captcha token is malformed, made up, or another site's"),
        remedy=phrase(
            "pass the token on unchanged; the page's site key and captcha.secret are a pair"
        ),
    ),
    *_failed(
        "timeout-or-duplicate",
        retry="yes",
        when=_NEW_TOKEN,
        meaning=phrase("the captcha token was used before, or is older than five minutes"),
        remedy=phrase("let the page ask for a new token for each send"),
    ),
    *_failed(
        "hostname-mismatch",
        retry="after_fix",
        meaning=phrase("the captcha token was made on another host than captcha.hostname"),
        remedy=phrase("compare captcha.hostname with the page's; else somebody borrows tokens"),
    ),
    *_failed(
        "action-mismatch",
        retry="after_fix",
        meaning=phrase("the captcha token was made for another act than captcha.action"),
        remedy=phrase("compare captcha.action with the page's; else somebody borrows tokens"),
    ),
    # The operator.
    *_failed(
        "missing-input-secret",
        "invalid-input-secret",
        retry="after_fix",
        meaning=phrase("the captcha vendor refuses the secret"),
        remedy=phrase("copy the secret key of this site from the vendor's dashboard"),
    ),
    *_failed(
        "bad-request",
        retry="after_fix",
        meaning=phrase("the captcha vendor does not understand the request"),
        remedy=phrase("check captcha.endpoint"),
    ),
    # The vendor.
    *_failed(
        "internal-error",
        retry="later",
        meaning=phrase("the captcha vendor failed"),
        remedy=phrase("captcha.on_outage: allow lets a bounded number through meanwhile"),
    ),
)
"""In the order in which they are listed."""

BY_CODE: Mapping[str, Entry] = {entry.code: entry for entry in TURNSTILE}
