"""A vendor's codes and ids, as far as they may be shown."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._^-]{0,79}")


def plain_word(text: object) -> str | None:
    """Return `text` where it is one plain word, as the vendors' codes and ids are; else None.

    What answers may not be the vendor, and what it says ends up in terminals and logs.
    """
    return text if isinstance(text, str) and _PLAIN.fullmatch(text) else None
