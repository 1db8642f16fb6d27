"""What the fake vendor wrote down of messages: receipts that come late, and counts of days.

The bodies are written by the vendor's pages, with its habits: the number of rows as a string, the
message's text, code and all, in each row. Nothing here knows the SDK.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.fakes.vendor import Answer

CHINA = timezone(timedelta(hours=8))
SENT, FAILED, DELIVERED = 1, 2, 3
"""SendStatus: handed to the carrier, failed, delivered."""


@dataclass(frozen=True)
class Fate:
    """What becomes of a message."""

    code: str = "DELIVERED"
    after: int = 0
    """How many looks find it waiting."""
    seconds: int = 4
    """From sending to the receipt."""

    @property
    def status(self) -> int:
        return DELIVERED if self.code == "DELIVERED" else FAILED


@dataclass
class Record:
    """One message that the vendor took."""

    phone: str
    message_id: str
    out_id: str
    template: str
    text: str
    sent: datetime
    fate: Fate
    looks: int = 0

    def row(self) -> dict[str, Any]:
        """Return the row of QuerySendDetails, which one more look has found."""
        self.looks += 1
        row = {
            "PhoneNum": self.phone,
            "OutId": self.out_id,
            "TemplateCode": self.template,
            "Content": self.text,
            "SendDate": written(self.sent),
            "SendStatus": SENT,
            "ErrCode": "",
        }
        if self.looks <= self.fate.after:
            return row
        return row | {
            "SendStatus": self.fate.status,
            "ErrCode": self.fate.code,
            "ReceiveDate": written(self.sent + timedelta(seconds=self.fate.seconds)),
        }


@dataclass
class Records:
    """Everything written down. A test changes it; every answer is made from what it is then."""

    messages: list[Record] = field(default_factory=list)
    fates: deque[Fate] = field(default_factory=deque)
    """Of the next messages, in order; afterwards all are delivered at once."""
    more: list[dict[str, Any]] = field(default_factory=list)
    """Rows that are in every answer of QuerySendDetails besides."""
    days: list[dict[str, Any]] | None = None
    """Rows of QuerySendStatistics, in place of those counted from the messages."""
    abroad: list[dict[str, Any]] = field(default_factory=list)
    """The same for messages to other countries."""
    refused_abroad: Answer | None = None
    """What the question about other countries gets, instead."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """The fields of every question, with its action."""
    clock: Callable[[], datetime] = lambda: datetime.now(CHINA)

    def take(self, *, phone: str, out_id: str, template: str, text: str) -> str:
        """Write a message down and return its BizId."""
        message_id = f"9{len(self.messages):011}^0"
        fate = self.fates.popleft() if self.fates else Fate()
        self.messages.append(Record(phone, message_id, out_id, template, text, self.clock(), fate))
        return message_id

    def reply(self, action: str, fields: Mapping[str, str]) -> Answer | None:
        """Return the answer to a question, or None where there is no such action."""
        match action:
            case "QuerySendDetails":
                self.asked.append({"action": action, **fields})
                return self._details(fields)
            case "QuerySendStatistics":
                self.asked.append({"action": action, **fields})
                return self._statistics(fields)
            case _:
                return None

    def _details(self, fields: Mapping[str, str]) -> Answer:
        found = [
            each
            for each in self.messages
            if each.phone == fields["PhoneNumber"]
            and f"{each.sent.astimezone(CHINA):%Y%m%d}" == fields["SendDate"]
            and fields.get("BizId", each.message_id) == each.message_id
        ]
        rows = [each.row() for each in found] + self.more
        page = _page(rows, fields, "CurrentPage")
        return _ok({"TotalCount": str(len(rows)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": page}})

    def _statistics(self, fields: Mapping[str, str]) -> Answer:
        rows = self.abroad
        if fields["IsGlobe"] == "2" and self.refused_abroad:
            return self.refused_abroad
        if fields["IsGlobe"] == "1":
            rows = self._counted() if self.days is None else self.days
        rows = [row for row in rows if fields["StartDate"] <= row["SendDate"] <= fields["EndDate"]]
        page = _page(rows, fields, "PageIndex")
        return _ok({"Data": {"TotalSize": len(rows), "TargetList": page}})

    def _counted(self) -> list[dict[str, Any]]:
        days = Counter(f"{each.sent.astimezone(CHINA):%Y%m%d}" for each in self.messages)
        return [day(date, count) for date, count in sorted(days.items())]


def day(date: str, total: object, **changes: Any) -> dict[str, Any]:
    """Return one row of QuerySendStatistics; all of them delivered, unless changed."""
    told = {
        "SendDate": date,
        "TotalCount": total,
        "RespondedSuccessCount": total,
        "RespondedFailCount": 0,
        "NoRespondedCount": 0,
    }
    return told | changes


def written(moment: datetime) -> str:
    """Return a time as the vendor writes it."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _page(rows: list[dict[str, Any]], fields: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    size = min(50, int(fields["PageSize"]))
    start = (int(fields[name]) - 1) * size
    return rows[start : start + size]


def _ok(content: Mapping[str, Any]) -> Answer:
    return Answer(200, {"Code": "OK", "Message": "OK", "RequestId": "MADE-UP", **content})
