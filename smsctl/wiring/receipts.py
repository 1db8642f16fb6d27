"""What became of messages, asked of the vendor: for `why` and for `probe`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from smsctl.config import Config
from smsctl.config.needs import ACCOUNT
from smsctl.core.errors import ConfigError, Problem
from smsctl.core.history import Receipt
from smsctl.core.phone import Phone
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.timeline import Attempt
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_client import Reply, read_account, require_sdk
from smsctl.vendors.aliyun_fields import CHINA
from smsctl.vendors.aliyun_records.details import report_of
from smsctl.vendors.aliyun_records.questions import Details, Question, RecordReader
from smsctl.vendors.aliyun_records.reading import Patience, read
from smsctl.vendors.aliyun_records.values import Report
from smsctl.vendors.network import Broken
from smsctl.wiring.why import AskReceipt

PATIENCE = Patience()
_QUICK = Patience(seconds=10.0)  # somebody waits for `why`

_CLOCKS = timedelta(minutes=2)
"""By how much the vendor's clock and the store's may differ: around midnight the day is either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One send that the vendor may know."""

    phone: Phone
    at: float
    """When it was admitted; Unix seconds."""
    request_id: str
    message_id: str | None
    """None where the gateway's answer was lost: the vendor is asked for the phone's whole day."""


def ask_vendor(config: Config) -> Callable[[Question], Reply | Broken]:
    """Return who answers questions about what was sent, with all that he needs imported.

    Raises ConfigError where no real gateway is configured, or the vendor's SDK cannot be used.
    """
    gateway = config.gateway
    if gateway.provider == "console":
        raise ConfigError(
            Problem(
                "gateway.provider",
                phrase("the console gateway sends nothing, so there is no vendor to ask"),
                phrase("set gateway.provider: aliyun and its access key"),
            )
        )
    require_sdk()
    account = read_account(
        access_key_id=gateway.access_key_id,
        access_key_secret=gateway.access_key_secret,
        endpoint=gateway.endpoint,
        endpoint_path="gateway.endpoint",
        proxy=gateway.proxy,
        timeout=gateway.timeout,
    )
    return RecordReader(account).ask


def reports(
    ask: Callable[[Question], Reply | Broken],
    sends: Sequence[Posted],
    *,
    patience: Patience = PATIENCE,
) -> Mapping[Posted, Report | Refusal | None]:
    """Return what became of each send; None where the vendor has nothing, or nothing readable."""
    questions = {send: _questions(send) for send in sends}
    told = read(ask, [each for few in questions.values() for each in few], patience=patience)
    return {send: _report(send, [told[each] for each in few]) for send, few in questions.items()}


def receipt(send: Posted, report: Report, *, now: float) -> Receipt:
    """Return the report as the store keeps it."""
    return Receipt(
        at=now,
        request_id=send.request_id,
        status=report.status,
        code=report.code,
        received=report.received,
    )


def asker(config: Config, *, now: float) -> AskReceipt | None:
    """Return who tells `why` of receipts; None with the console gateway, which has none.

    Where the gateway is not configured whole, the answer is what it lacks.
    """
    if wrong := config.wrong(*ACCOUNT):
        return lambda _phone, _attempt: wrong[0].placed
    if config.gateway.provider == "console":
        return None

    def told(phone: Phone, attempt: Attempt) -> Receipt | Phrase | None:
        try:
            ask = ask_vendor(config)  # only now: most who ask why need no receipt
        except ConfigError as fault:
            return fault.problems[0].message
        settled = attempt.settled
        send = Posted(
            phone=phone,
            at=attempt.at,
            request_id=attempt.admitted.request_id,
            message_id=settled.message_id if settled else None,
        )
        report = reports(ask, [send], patience=_QUICK)[send]
        if isinstance(report, Refusal):
            return report.message
        return None if report is None else receipt(send, report, now=now)

    return told


def _questions(send: Posted) -> Sequence[Question]:
    at = datetime.fromtimestamp(send.at, CHINA)
    days = sorted({(at - _CLOCKS).date(), at.date(), (at + _CLOCKS).date()})
    return [Details(phone=send.phone, day=day, message_id=send.message_id) for day in days]


def _report(send: Posted, answers: Sequence[Sequence[object] | Refusal]) -> Report | Refusal | None:
    bodies = [body for told in answers if not isinstance(told, Refusal) for body in told]
    found = report_of(
        bodies, phone=send.phone, message_id=send.message_id, request_id=send.request_id
    )
    refused = (each for each in answers if isinstance(each, Refusal))
    return found or next(refused, None)
