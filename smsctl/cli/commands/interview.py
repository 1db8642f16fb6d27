"""What `config init` has to know: given as options, or asked for at a terminal.

An answer that cannot be right is said so, and asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.run import Run
from smsctl.config.starter import Starter
from smsctl.core.errors import SmsctlError
from smsctl.core.phrase import Phrase, phrase
from smsctl.vendors.aliyun_review import review_sign

CAPTCHAS = ("none", "turnstile", "aliyun")

_TEMPLATE = re.compile(r"SMS_[0-9]{1,20}")
_PURPOSE = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_STORE = re.compile(r"(rediss?(\+(sentinel|cluster))?|unix)://.+")

T = TypeVar("T")


def interview(run: Run, given: Starter) -> Starter:
    """Return the answers: `given` where anything was, else what somebody says at the terminal."""
    if given != Starter() or not run.terminal.interactive:
        return given
    sign = _asked(
        run, phrase("signature, without brackets; empty to try out on the console:"), sign_name
    )
    purposes: Mapping[str, str] = {}
    if sign:
        first = _asked(run, phrase("template for login, like SMS_20261234:"), template)
        more = _asked(
            run, phrase("more purposes, like pay=SMS_20265678, with spaces between:"), _purposes
        )
        purposes = {"login": first, **more} if first else more
    captcha = _asked(run, phrase("captcha: none, turnstile or aliyun [none]:"), _captcha)
    scene = hostname = ""
    if captcha == "aliyun":
        scene = _asked(run, phrase("the captcha's scene id:"), plain)
    if captcha == "turnstile":
        hostname = _asked(
            run, phrase("host name of the pages with the widget; empty for any:"), plain
        )
    store = _asked(
        run, phrase("store: embedded, or redis://host:6379/0 and its like [embedded]:"), store_url
    )
    return Starter(
        sign_name=sign,
        purposes=purposes,
        captcha=captcha,
        hostname=hostname,
        scene_id=scene,
        store=store,
    )


def _asked(run: Run, question: Phrase, read: Callable[[str], T]) -> T:
    """Return the answer to a question as `read` reads it; asks again where it raises."""
    while True:
        try:
            return read(run.ask(question).strip())
        except SmsctlError as error:
            run.err.write([run.err.paint(run.err.say(error.message), "warn")])


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
        name, sign, code = text.partition("=")
        if not sign or not _PURPOSE.fullmatch(name) or not code:
            raise UsageError(
                "a purpose is its name, = and its template: pay=SMS_20265678; the name has small "
                "letters, digits, - and _"
            )
        read[name] = template(code)
    return read


def _purposes(text: str) -> dict[str, str]:
    return purposes(text.split())


def _captcha(text: str) -> str:
    if text and text not in CAPTCHAS:
        raise UsageError("a captcha is none, turnstile or aliyun")
    return text


def plain(text: str) -> str:
    """Return a word; raises UsageError for more than one."""
    if not all(char.isprintable() and not char.isspace() for char in text):
        raise UsageError("that is more than one word")
    return text


def store_url(text: str) -> str:
    """Return a store's URL; raises UsageError for one with a password in it, or of no store."""
    if text in {"", "embedded"}:
        return text
    if not _STORE.fullmatch(plain(text)):
        raise UsageError("a store is embedded, or a URL like redis://host:6379/0")
    password = urlsplit(text).password
    if password and not password.startswith("${"):
        raise UsageError(
            "a password does not belong into the file: write ${SMSCTL_REDIS_PASSWORD} in its place"
        )
    return text
