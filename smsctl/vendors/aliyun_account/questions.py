"""The questions to Alibaba Cloud about an account, each one signed request through the SDK.

What an answer means is in `answers.py` and `refusals.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from smsctl.vendors.aliyun_account.actions import ReadAction, SendAction
from smsctl.vendors.aliyun_client import Account, Reply, ask, settings
from smsctl.vendors.network import Broken

PAGE = 50
"""Entries a page: the vendor's most."""

NOBODY = "nobody"
"""What stands for the phone, the signature and the template of the message that cannot be sent."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; equal questions have one answer for the length of a run."""

    action: SendAction | ReadAction
    subject: str = ""
    """The signature's name or the template's code, where it is about one."""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, and when it came."""

    answer: Reply | Broken
    at: float
    """Unix seconds, by this host's clock."""


class AccountReader:
    """Asks for one account. Each call makes exactly one request and never raises."""

    def __init__(self, account: Account, *, clock: Callable[[], float] = time.time) -> None:
        self._account = account
        self._clock = clock

    def ask(self, question: Question) -> Heard:
        """Return the vendor's answer to the question."""
        answer = ask(self._account, lambda: self._call(question))
        return Heard(answer, self._clock())

    def _call(self, question: Question) -> Any:
        # The SDK: 290 ms and 48 MB, so only who asks pays for it.
        from alibabacloud_dysmsapi20170525 import models  # noqa: PLC0415
        from alibabacloud_dysmsapi20170525.client import Client  # noqa: PLC0415
        from alibabacloud_tea_openapi.utils_models import Config  # noqa: PLC0415
        from darabonba.runtime import RuntimeOptions  # noqa: PLC0415

        client, options = Client(Config(**settings(self._account))), RuntimeOptions()
        page = {"page_index": question.page, "page_size": PAGE}
        match question.action:
            case "GetSmsSign":
                sign = models.GetSmsSignRequest(sign_name=question.subject)
                return client.get_sms_sign_with_options(sign, options)
            case "GetSmsTemplate":
                template = models.GetSmsTemplateRequest(template_code=question.subject)
                return client.get_sms_template_with_options(template, options)
            case "QuerySmsQualificationRecord":
                record = models.QuerySmsQualificationRecordRequest(
                    page_no=question.page, page_size=PAGE
                )
                return client.query_sms_qualification_record_with_options(record, options)
            case "QuerySmsSignList":
                signs = models.QuerySmsSignListRequest(**page)
                return client.query_sms_sign_list_with_options(signs, options)
            case "QuerySmsTemplateList":
                templates = models.QuerySmsTemplateListRequest(**page)
                return client.query_sms_template_list_with_options(templates, options)
            case "SendSms":
                return _unsendable(client, options)


def _unsendable(client: Any, options: Any) -> Any:
    """Ask to send what cannot be sent, to learn whether the key may send at all.

    It is impossible that a message comes of it. A message needs a recipient, a signature and a
    template; this request has none of them, and whoever wrote the configuration cannot give it any:
    all three are one constant word. The recipient has not one digit, and every form of number that
    the vendor takes is digits; the signature and the template are not the configured ones, and no
    template code is without digits either. So the request would have to be turned down three times
    over, and where it is turned down for its content, it was not turned down for the key.

    What it cannot prove: should the vendor ever look at the content before it looks at the
    permission, a key without the permission would look as if it had it.
    """
    from alibabacloud_dysmsapi20170525.models import SendSmsRequest  # noqa: PLC0415 - see above

    request = SendSmsRequest(phone_numbers=NOBODY, sign_name=NOBODY, template_code=NOBODY)
    return client.send_sms_with_options(request, options)
