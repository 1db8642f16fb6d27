"""The gateway of development: messages go nowhere, and come back as text."""

from __future__ import annotations

from collections.abc import Mapping

from smsctl.core.policy import Purpose
from smsctl.core.ports import Accepted, Message

_WORDS = "您的验证码是${code}，请勿告诉他人。"  # in the vendor's rules for a code's template


class ConsoleGateway:
    """Accepts every message and returns its text, for whoever called to show. Prints nothing."""

    def __init__(self, *, sign_name: str, purposes: Mapping[str, Purpose]) -> None:
        self._sign_name = sign_name
        self._purposes = purposes

    async def submit(self, message: Message) -> Accepted:
        """Return the text that would have been sent, the code in it."""
        purpose = self._purposes[message.purpose]
        place = f"${{{purpose.variable}}}"
        words = purpose.text if place in purpose.text else _WORDS.replace("${code}", place)
        return Accepted(
            message_id=f"console-{message.request_id}",
            vendor_request_id=None,
            text=f"【{self._sign_name}】{words.replace(place, message.code)}",
        )
