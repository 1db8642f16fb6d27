"""Decisions as log records: a sentence for people, fields for machines.

One logger tree, `smsctl`. Nothing is configured on import: a backend sees these records where its
own logging sends them.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import msgspec

from smsctl.core.decision import Decision

FIELDS = "smsctl"
"""The attribute of a log record that holds its fields."""

_log = logging.getLogger("smsctl.decision")


def write_down(decision: Decision) -> None:
    """Log one decision at INFO."""
    if not _log.isEnabledFor(logging.INFO):
        return
    because = _because(decision)
    _log.info(
        "%s %s %s: %s%s",
        decision.act,
        decision.phone,
        decision.purpose,
        decision.outcome,
        f" ({because})" if because else "",
        extra={FIELDS: fields(decision)},
    )


def _because(decision: Decision) -> str:
    """Return why it came so, each code of a vendor with what it means."""
    codes = decision.captcha_codes or ([decision.vendor_code] if decision.vendor_code else [])
    reason = decision.rule or decision.reason
    return ": ".join(filter(None, [reason, "; ".join(map(_explained, codes))]))


def _explained(code: str) -> str:
    from smsctl.vendors.codes.table import entry_of  # noqa: PLC0415 - only for who has a code

    entry = entry_of(code)
    return f"{code}, {entry.meaning}" if entry else code


def fields(decision: Decision) -> dict[str, object]:
    """Return what is known of a decision; what is not is left out. Durations in ms."""
    told = msgspec.to_builtins(decision)
    return {name: value for name, value in told.items() if value not in (None, ())}


class JsonLines(logging.Formatter):
    """One JSON object for each record: time, level, logger, message, and the record's fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. A traceback is told by its exception's type alone."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, FIELDS, {})
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        return msgspec.json.encode(line).decode()
