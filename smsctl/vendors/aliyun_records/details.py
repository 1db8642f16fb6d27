"""From the records of a phone's messages to what became of one of them. Pure.

The vendor's rows are not trusted to be about what was asked: a row counts only where its number,
and our own name for the send where it has one, are those of the message. Source: help.aliyun.com,
QuerySendDetails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from smsctl.core.phone import Phone
from smsctl.vendors.aliyun_fields import entries, moment, whole
from smsctl.vendors.aliyun_records.values import Report, Status
from smsctl.vendors.codes.table import entry_of
from smsctl.vendors.words import plain_word

_STATUS: Mapping[int, Status] = {1: "waiting", 2: "failed", 3: "delivered"}
_CERTAIN: Mapping[Status, int] = {"waiting": 0, "delivered": 1, "failed": 2}


def report_of(
    bodies: Iterable[object], *, phone: Phone, message_id: str | None, request_id: str
) -> Report | None:
    """Return what became of the send; None where the records do not have it, or not readably.

    With the vendor's `message_id` all rows were asked for by it; without, a row has to name our
    `request_id`. Of several rows a final one stands before one that waits, the later before the
    earlier. Where they leave it open, or a row's state and code disagree, it did not arrive.
    """
    named = message_id is not None
    rows = (row for body in bodies for row in _rows(body))
    ours = (row for row in rows if _is_to(row, phone) and _is_ours(row, request_id, named=named))
    found = [report for row in ours if (report := _report(row))]
    if not found:
        return None
    final = {each.status for each in found if each.status != "waiting"}
    last = max(found, key=_standing)
    return replace(last, disputed=last.disputed or len(final) > 1)


def _rows(body: object) -> Iterator[Any]:
    within = getattr(body, "sms_send_detail_dtos", None)
    yield from entries(getattr(within, "sms_send_detail_dto", None))


def _is_to(row: Any, phone: Phone) -> bool:
    """Say whether the row is about this number, bare or with its calling code, masked or not."""
    told = getattr(row, "phone_num", None)
    if not isinstance(told, str):
        return False
    digits = told.strip().removeprefix("+").removeprefix("00")
    whole_number = f"{phone.calling_code}{phone.national}"
    if len(digits) not in {len(phone.national), len(whole_number)}:
        return False
    expected = whole_number[-len(digits) :]
    return all(one in {"*", other} for one, other in zip(digits, expected, strict=True))


def _is_ours(row: Any, request_id: str, *, named: bool) -> bool:
    told = getattr(row, "out_id", None)
    return told == request_id if told else named


def _report(row: Any) -> Report | None:
    status = _STATUS.get(whole(getattr(row, "send_status", None)) or 0)
    if status is None:
        return None
    code = plain_word(getattr(row, "err_code", None)) or ""
    sent, received = (_seconds(getattr(row, name, None)) for name in ("send_date", "receive_date"))
    if status == "waiting":
        return Report(status=status, sent=sent)
    disputed = _denies(code, status)
    return Report(
        status="failed" if disputed else status,
        code=code,
        sent=sent,
        received=received,
        disputed=disputed,
    )


def _denies(code: str, status: Status) -> bool:
    """Say whether a known code says the opposite of the status."""
    if status == "failed":
        return code == "DELIVERED"
    entry = entry_of(code)
    return entry is not None and entry.source == "receipt" and entry.billed == "no"


def _standing(report: Report) -> tuple[bool, float, int]:
    return report.status != "waiting", report.received or 0.0, _CERTAIN[report.status]


def _seconds(told: object) -> float | None:
    written = moment(told)
    return written.timestamp() if written else None
