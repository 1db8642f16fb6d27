"""What `watch` says, as a JSON document; one a line. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from smsctl.cli.commands.overrides.giving import document as override_document
from smsctl.cli.commands.overrides.hosts import host_documents
from smsctl.cli.commands.usage.documents import fuse_document
from smsctl.cli.commands.watch.reader import Burn, Snapshot
from smsctl.cli.frame.result import seconds
from smsctl.core.alerts import Waiting
from smsctl.core.gauge import Happening, Rate, Reading
from smsctl.core.history import Admitted, Guessed, Receipt, Settled, TurnedAway
from smsctl.core.pace import moment

_NEWEST = 10


def watch_document(snapshot: Snapshot) -> Mapping[str, object]:
    """Return `smsctl.watch/1`."""
    zone, reading = snapshot.timezone, snapshot.reading
    return {
        "at": _time(snapshot.now, zone),
        "silent_since": _time(snapshot.silent_since, zone),
        "rates": {
            "sends": _rate(reading.sends),
            "refusals": _rate(reading.refusals),
            "verified": _rate(reading.verified),
            "wrong": _rate(reading.wrong),
        },
        "refused_by": dict(reading.refused_by),
        "refused_whole": reading.refused_whole,
        "latency": _latency(reading),
        "conversion": {
            "sent": reading.sent_hour,
            "verified": reading.verified_hour,
            "percent": percent(reading.verified_hour, reading.sent_hour),
        },
        "fuses": [_burn(each) for each in snapshot.burns],
        "overrides": [override_document(each, zone) for each in snapshot.overrides],
        "alerts": [_alert(each, zone) for each in snapshot.alerts],
        "hosts": host_documents(snapshot.hosts, snapshot.policy, zone),
        "newest": newest(reading.newest[:_NEWEST], zone),
    }


def percent(part: int, whole: int) -> float | None:
    """Return a share to one place, rounded down; None of nothing."""
    return part * 1000 // whole / 10 if whole else None


def newest(happenings: Sequence[Happening], zone: ZoneInfo) -> Sequence[Mapping[str, object]]:
    """Return happenings as documents, newest first."""
    return [happening_document(each, zone) for each in happenings]


def _rate(rate: Rate) -> Mapping[str, object]:
    return {"minute": rate.minute, "five_minutes": seconds(rate.five)}


def _latency(reading: Reading) -> Mapping[str, object] | None:
    latency = reading.latency
    if latency is None:
        return None
    return {
        "count": latency.count,
        "p50_s": seconds(latency.p50),
        "p95_s": seconds(latency.p95),
    }


def _burn(burn: Burn) -> Mapping[str, object]:
    return {
        **fuse_document(burn.fuse),
        "raised": burn.raised,
        "spent_at": burn.spent_at and burn.spent_at.isoformat(),
    }


def _alert(waiting: Waiting, zone: ZoneInfo) -> Mapping[str, object]:
    alert = waiting.alert
    return {
        "kind": alert.kind,
        "subject": alert.subject,
        "level": alert.level or None,
        "at": _time(alert.at, zone),
        "attempts": waiting.attempts,
    }


def happening_document(happening: Happening, zone: ZoneInfo) -> Mapping[str, object]:
    """Return one thing that happened."""
    caller = happening.caller
    return {
        "at": _time(happening.at, zone),
        **_what(happening),
        "phone": caller and caller.phone,
        "purpose": caller and caller.purpose,
    }


def _what(happening: Happening) -> Mapping[str, object]:
    match happening.what:
        case Admitted() as event:
            return {"event": "admitted", "request_id": event.request_id, "captcha": event.captcha}
        case Settled() as event:
            return {
                "event": "settled",
                "request_id": event.request_id,
                "state": event.state,
                "vendor_code": event.vendor_code,
                "took_s": seconds(happening.took),
            }
        case Guessed() as event:
            return {"event": "guessed", "request_id": event.request_id, "result": event.result}
        case Receipt() as event:
            return {
                "event": "receipt",
                "request_id": event.request_id,
                "status": event.status,
                "code": event.code,
            }
        case TurnedAway() as refusals:
            return {
                "event": "refused",
                "act": refusals.act,
                "reason": refusals.reason,
                "rule": refusals.rule,
                "count": refusals.count,
            }


def _time(at: float | None, zone: ZoneInfo) -> str | None:
    """Return a time as documents tell it; None for none."""
    return None if at is None else moment(at, zone).isoformat()
