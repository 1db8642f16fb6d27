"""What an operator did, for the audit log: who, when, what, why. No whole phone number is in it."""

from __future__ import annotations

import os
import pwd
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from smsctl.core.admin import Act
from smsctl.core.phone import mask_within

_LONGEST = 500  # characters of a reason; a log line, not an essay


def act(what: str, *, reason: str = "", zone: ZoneInfo, touches: Sequence[str] = ()) -> Act:
    """Return the record of an act done now by this user on this host; `what` is masked already."""
    now = datetime.now(UTC).astimezone(zone)
    return Act(
        at=now.isoformat(timespec="milliseconds"),
        who=author(),
        what=what,
        reason=_plain(reason),
        touches=tuple(touches),
    )


def author() -> str:
    """Return who acts, `user@host`."""
    return f"{_user()}@{os.uname().nodename}"


def _user() -> str:
    # Not $USER: whoever acts could name somebody else.
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)  # a container's user need not have a name


def _plain(text: str) -> str:
    """Return the text on one line, without bytes that are no text, and no whole phone number."""
    readable = text.encode("utf-8", "replace").decode()  # it is kept as JSON
    return mask_within(" ".join(readable.split()))[:_LONGEST]
