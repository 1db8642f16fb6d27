"""The questions about what was sent, each one signed request through the SDK.

What an answer means is in `details.py` and `statistics.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal, TypeAlias

from smsctl.core.phone import Phone
from smsctl.vendors.aliyun_client import Account, Reply, ask, settings
from smsctl.vendors.aliyun_sms import vendor_form
from smsctl.vendors.network import Broken

PAGE = 50
"""Entries a page: the vendor's most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What became of the messages to one phone on one day; the vendor keeps 30 days."""

    action: ClassVar[Literal["QuerySendDetails"]] = "QuerySendDetails"
    phone: Phone
    day: date
    """In China."""
    message_id: str | None = None
    """The vendor's (BizId), for that message alone."""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """How many messages went out on each of these days."""

    action: ClassVar[Literal["QuerySendStatistics"]] = "QuerySendStatistics"
    first: date
    """In China."""
    last: date
    abroad: bool = False
    """To other countries, Hong Kong, Macao and Taiwan among them; else to the mainland."""
    sign: str = ""
    """Under this signature alone; empty for the whole account."""
    page: int = 1


Question: TypeAlias = Details | Statistics


class RecordReader:
    """Asks for one account. Each call makes exactly one request and never raises."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def ask(self, question: Question) -> Reply | Broken:
        """Return the vendor's answer to the question."""
        return ask(self._account, lambda: self._call(question))

    def _call(self, question: Question) -> Any:
        # The SDK: 290 ms and 48 MB, so only who asks pays for it.
        from alibabacloud_dysmsapi20170525 import models  # noqa: PLC0415
        from alibabacloud_dysmsapi20170525.client import Client  # noqa: PLC0415
        from alibabacloud_tea_openapi.utils_models import Config  # noqa: PLC0415
        from darabonba.runtime import RuntimeOptions  # noqa: PLC0415

        client, options = Client(Config(**settings(self._account))), RuntimeOptions()
        match question:
            case Details():
                details = models.QuerySendDetailsRequest(
                    phone_number=vendor_form(question.phone),
                    send_date=f"{question.day:%Y%m%d}",
                    biz_id=question.message_id,
                    current_page=question.page,
                    page_size=PAGE,
                )
                return client.query_send_details_with_options(details, options)
            case Statistics():
                statistics = models.QuerySendStatisticsRequest(
                    start_date=f"{question.first:%Y%m%d}",
                    end_date=f"{question.last:%Y%m%d}",
                    is_globe=2 if question.abroad else 1,
                    sign_name=question.sign or None,
                    page_index=question.page,
                    page_size=PAGE,
                )
                return client.query_send_statistics_with_options(statistics, options)
