"""What any text from a command line must be. Its content is never repeated: it may be a code."""

from __future__ import annotations

from smsctl.cli.frame.failures import UsageError
from smsctl.core.phrase import phrase

_LONGEST = 4096  # characters: a captcha token has 2,048


def check_text(text: str, name: str) -> str:
    """Return the text; raise UsageError where it is empty, endless, or bytes that are no text."""
    if not text:
        raise UsageError(phrase("{name} is empty", name=name))
    if len(text) > _LONGEST:
        raise UsageError(phrase("{name} is too long", name=name))
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise UsageError(
            phrase("{name} is not text in this terminal's encoding", name=name),
            hint=phrase("set LC_ALL to what the terminal uses, like C.UTF-8"),
        )
    return text
