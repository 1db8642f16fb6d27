"""What `why` says, as a JSON document and as lines for pipes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from smsctl.cli.frame.result import Cell, seconds
from smsctl.cli.frame.words import Words
from smsctl.core.diagnosis import Diagnosis
from smsctl.core.history import TurnedAway
from smsctl.core.timeline import Attempt, Entry, entry_time

if TYPE_CHECKING:
    from smsctl.wiring.why import Gathered  # redis-py: 75 ms

COLUMNS = ("at", "what", "purpose", "outcome", "rule", "count", "detail")


def why_document(
    phone: str, found: Diagnosis, told: Gathered, *, zone: ZoneInfo, since: float
) -> Mapping[str, Any]:
    """Return `smsctl.why/1`; sentences are English, whatever the operator reads."""
    english = Words("en")
    return {
        "phone": phone,
        "since": moment(since, zone),
        "complete_since": moment(told.complete_since if told.rolled else since, zone),
        "receipts_unknown": english.say(told.unasked) if told.unasked else None,
        "diagnosis": {
            "cause": found.cause,
            "sentence": english.say(found.sentence),
            "remedy": english.say(found.remedy),
        },
        "entries": [_entry(each, zone) for each in told.entries],
    }


def tsv_rows(entries: Sequence[Entry], zone: ZoneInfo) -> Iterator[Sequence[Cell]]:
    """Yield one line for each entry."""
    for entry in entries:
        at = moment(entry_time(entry), zone)
        match entry:
            case Attempt():
                caller, settled = entry.admitted.caller, entry.settled
                receipt = entry.receipt
                detail = [settled.vendor_code if settled else "", receipt.code if receipt else ""]
                outcome = settled.state if settled else "pending"
                yield (at, "send", caller.purpose, outcome, None, 1, " ".join(filter(None, detail)))
            case TurnedAway():
                codes = " ".join(entry.codes)
                told = (entry.act, entry.caller.purpose, entry.reason, entry.rule, entry.count)
                yield (at, *told, codes)
            case _:
                act = entry.act
                yield (at, "operator", None, None, None, 1, f"{act.who}: {act.what}: {act.reason}")


def moment(at: float, zone: ZoneInfo) -> str:
    """Return a moment as documents tell it."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


def _entry(entry: Entry, zone: ZoneInfo) -> Mapping[str, Any]:
    match entry:
        case Attempt():
            return _attempt(entry, zone)
        case TurnedAway():
            return {
                "kind": "refused",
                "act": entry.act,
                "first": moment(entry.first, zone),
                "at": moment(entry.last, zone),
                "count": entry.count,
                "purpose": entry.caller.purpose,
                "ip": entry.caller.address,
                "reason": entry.reason,
                "rule": entry.rule,
                "max": entry.max if entry.rule else None,
                "retry_after_s": seconds(entry.retry_after),
                "captcha_codes": list(entry.codes) if entry.reason == "captcha" else [],
                "vendor_code": entry.codes[0]
                if entry.codes and entry.reason == "rejected"
                else None,
            }
        case _:
            act = entry.act
            return {
                "kind": "operator",
                "at": moment(entry.at, zone),
                "who": act.who,
                "what": act.what,
                "reason": act.reason,
            }


def _attempt(attempt: Attempt, zone: ZoneInfo) -> Mapping[str, Any]:
    admitted, settled = attempt.admitted, attempt.settled
    return {
        "kind": "send",
        "at": moment(attempt.at, zone),
        "purpose": admitted.caller.purpose,
        "ip": admitted.caller.address,
        "request_id": admitted.request_id,
        "captcha": admitted.captcha,
        "limits": [
            {"rule": level.rule, "used": level.used, "max": level.max} for level in admitted.levels
        ],
        "gateway": settled
        and {
            "state": settled.state,
            "at": moment(settled.at, zone),
            "throttled": settled.blame == "phone",
            "message_id": settled.message_id,
            "vendor_request_id": settled.vendor_request_id,
            "vendor_code": settled.vendor_code,
        },
        "receipts": [
            {
                "status": each.status,
                "code": each.code or None,
                "at": moment(each.received or each.at, zone),
            }
            for each in attempt.receipts
        ],
        "verifications": [
            {"at": moment(each.at, zone), "result": each.result, "tries_left": each.tries_left}
            for each in attempt.guesses
        ],
    }
