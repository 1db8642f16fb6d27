"""What stands for gateway and captcha in a command that only reads or writes the store."""

from __future__ import annotations

from smsctl.core.ports import (
    Accepted,
    Declined,
    Human,
    Message,
    Misconfigured,
    NotHuman,
    Outage,
    Unclear,
)


class NotSending:
    """Nothing is sent and nobody let through: to get here is a fault of ours."""

    async def submit(self, message: Message) -> Accepted | Declined | Unclear:
        """Raise TypeError."""
        raise TypeError(type(message))

    async def check(
        self, token: str, *, ip: str | None
    ) -> Human | NotHuman | Outage | Misconfigured:
        """Raise TypeError."""
        raise TypeError(type(token), type(ip))
