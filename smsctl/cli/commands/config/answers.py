"""How the answers to a first configuration file are read: each one, or what is wrong with it.

Takes a text and returns what goes into the file. Knows neither who is asked nor where it is
written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from smsctl.cli.frame.failures import UsageError
from smsctl.config.environment import expand
from smsctl.config.leaves import Wrong
from smsctl.config.readers import name
from smsctl.config.urls import has_password
from smsctl.config.urls import store as read_store
from smsctl.core.errors import ConfigError
from smsctl.core.phrase import phrase
from smsctl.store.target import read_target
from smsctl.vendors.aliyun_review import review_sign

CAPTCHAS = ("none", "turnstile", "aliyun")

_TEMPLATE = re.compile(r"SMS_[0-9]{1,20}")
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){0,20}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


def sign_name(text: str) -> str:
    """Return a signature; raises UsageError for one that the vendor would reject."""
    for finding in review_sign(text) if text else ():
        if finding.level == "error":
            raise UsageError(finding.message)
    return text


def template(text: str) -> str:
    """Return a template's code; raises UsageError for what is none."""
    if text and not _TEMPLATE.fullmatch(text):
        raise UsageError("a template's code is SMS_ and digits, as the vendor's console shows it")
    return text


def purposes(texts: Sequence[str]) -> dict[str, str]:
    """Return the templates by purpose, from `name=SMS_…`; raises UsageError."""
    read: dict[str, str] = {}
    for text in texts:
        purpose, sign, code = text.partition("=")
        if not sign or not code or not _is_name(purpose):
            raise UsageError(
                "a purpose is its name, = and its template: pay=SMS_20265678; the name has "
                "letters, digits and ._-"
            )
        if purpose in read:
            raise UsageError(phrase("the purpose {purpose} is named twice", purpose=purpose))
        read[purpose] = template(code)
    return read


def captcha(text: str) -> str:
    """Return a captcha's provider; raises UsageError for one that there is not."""
    if text and text not in CAPTCHAS:
        raise UsageError("a captcha is none, turnstile or aliyun")
    return text


def hostname(text: str) -> str:
    """Return a host's name; raises UsageError for a whole address."""
    if text and not _HOST.fullmatch(text):
        raise UsageError("a host name stands alone, like www.example.com: no https://, no path")
    return text


def scene_id(text: str) -> str:
    """Return a scene's id; raises UsageError for what is none."""
    if text and not _ID.fullmatch(text):
        raise UsageError("a scene's id is one word of letters and digits, as the console shows it")
    return text


def store_url(text: str) -> str:
    """Return a store's URL; raises UsageError for one with a password in it, or of no store.

    A password is one also in a reference's default, and where it is not percent-encoded: what the
    URL says without its references is looked at as the file will be.
    """
    if not text or _REFERENCE.fullmatch(text):
        return text
    if has_password(expand(text, {}).literal):
        raise UsageError(
            "a password does not belong in the file: write ${SMSCTL_REDIS_PASSWORD} in its place"
        )
    # What a reference stands for is not known: 1 may be a word, a port and a database.
    shape = _REFERENCE.sub("1", text)
    try:
        if read_store(shape) != "embedded":
            read_target(shape)
    except (Wrong, ConfigError):
        raise UsageError("a store is embedded, or a URL like redis://host:6379/0") from None
    return text


def _is_name(text: str) -> bool:
    try:
        return bool(name(text))
    except Wrong:
        return False
