"""The type and the reason of an error, as far as they may be shown and logged: text, no frames."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 200
_WRAPPING = {"Tea", "darabonba", "requests", "urllib3"}
_URL = re.compile(r"\S*(?:://|\?\S)\S*")  # the phone and the code may be in it, or a password
_NUMBER = re.compile(r"(?<![A-Za-z0-9_])[0-9]{4,}")  # a code or a phone, and no part of a name


def reason(error: BaseException, *, secrets: Iterable[str] = ()) -> str:
    """Return `Type: what it says`, on one line; URLs, numbers and `secrets` are left out."""
    error = _unwrapped(error)
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - the type says enough
        text = ""
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    text = _NUMBER.sub("…", _URL.sub("…", text))
    line = "".join(mark if mark.isprintable() else " " for mark in " ".join(text.split()))
    return f"{type(error).__name__}: {line[:_LONGEST]}" if line else type(error).__name__


def _unwrapped(error: BaseException) -> BaseException:
    """Return what was raised first: the libraries wrap what they catch, each in its own way."""
    while type(error).__module__.partition(".")[0] in _WRAPPING:
        inner = getattr(error, "inner_exception", None) or error.__cause__ or error.__context__
        if not isinstance(inner, BaseException):
            break
        error = inner
    return error
