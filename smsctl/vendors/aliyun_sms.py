"""Messages through Alibaba Cloud's Short Message Service (Dysmsapi 2017-05-25, SendSms).

One message is one request. What its answer means is in `aliyun_answers.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from smsctl.core.phone import Phone
from smsctl.core.policy import Purpose
from smsctl.core.ports import Accepted, Declined, Message, Unclear
from smsctl.vendors.aliyun_answers import outcome, overdue, saturated, unreached
from smsctl.vendors.aliyun_client import ask, read_account, rehearse, settings
from smsctl.vendors.exchange import Exchange
from smsctl.vendors.lane import DeadlinePassed, Lane, NotStarted, Saturated
from smsctl.vendors.libraries import SDK, missing
from smsctl.vendors.network import Broken

_NOBODY = Phone("CN", "86", "nobody")  # no message could come of it, whatever became of it


class AliyunGateway:
    """Sends through the official SDK, once, within `timeout` seconds of wall-clock time."""

    def __init__(
        self,
        *,
        access_key_id: str,
        access_key_secret: str,
        sign_name: str,
        purposes: Mapping[str, Purpose],
        lane: Lane,
        endpoint: str = "dysmsapi.aliyuncs.com",
        proxy: str = "",
        timeout: float = 8.0,
    ) -> None:
        """Raises ConfigError where endpoint or access key are not usable; connects to nothing."""
        self._account = read_account(
            access_key_id=access_key_id,
            access_key_secret=access_key_secret,
            endpoint=endpoint,
            endpoint_path="gateway.endpoint",
            proxy=proxy,
            timeout=timeout,
        )
        self._sign_name = sign_name
        self._purposes = purposes
        self._lane = lane

    async def submit(self, message: Message) -> Accepted | Declined | Unclear:
        """Make exactly one request for this message."""
        exchange = Exchange()
        if broken := missing(SDK):
            return outcome(broken)
        try:
            answer = await self._lane.run(
                lambda: ask(
                    self._account,
                    lambda: self._send_sms(message),
                    exchange=exchange,
                    secrets=(message.code, message.phone.national),
                ),
                timeout=self._account.timeout,
            )
        except (Saturated, NotStarted):
            return saturated()
        except DeadlinePassed:
            return unreached() if exchange.call_off() else overdue()
        return outcome(answer)

    def rehearse(self) -> Broken | None:
        """Build and sign a request without sending it; return what goes wrong, None for nothing."""
        purpose = next(iter(self._purposes))
        message = Message(phone=_NOBODY, purpose=purpose, code="000000", request_id="rehearsal")
        return rehearse(self._account, lambda: self._send_sms(message))

    def _send_sms(self, message: Message) -> Any:
        # Imported in `libraries.py`, before the time began to run.
        from alibabacloud_dysmsapi20170525.client import Client  # noqa: PLC0415
        from alibabacloud_dysmsapi20170525.models import SendSmsRequest  # noqa: PLC0415
        from alibabacloud_tea_openapi.utils_models import Config  # noqa: PLC0415
        from darabonba.runtime import RuntimeOptions  # noqa: PLC0415

        purpose = self._purposes[message.purpose]
        request = SendSmsRequest(
            phone_numbers=vendor_form(message.phone),
            sign_name=self._sign_name,
            template_code=purpose.template,
            template_param=json.dumps({purpose.variable: message.code}),
            out_id=message.request_id,
        )
        # A client is cheap and the connections are not its own: 20 us each time, and no state.
        client = Client(Config(**settings(self._account)))
        return client.send_sms_with_options(request, RuntimeOptions())


def vendor_form(phone: Phone) -> str:
    """Return the number as the vendor reads it: mainland bare, others with the calling code."""
    return phone.national if phone.country == "CN" else f"{phone.calling_code}{phone.national}"
