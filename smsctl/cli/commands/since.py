"""How far back a command looks, from `--since`: not beyond what is remembered send by send."""

from __future__ import annotations

from smsctl.cli.frame.failures import UsageError
from smsctl.core.rules import read_duration

_LONGEST = 8 * 86_400.0  # s that the store keeps events


def read_since(text: str) -> float:
    """Return seconds. Raises UsageError."""
    try:
        back = read_duration(text)
    except (ValueError, OverflowError):
        raise UsageError("--since is a duration like 24h or 7d") from None
    if not 0 < back <= _LONGEST:
        raise UsageError("--since goes back at most 8d: older sends are forgotten")
    return back
