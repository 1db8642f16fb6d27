"""What `limits show` and `limits reset` say, as JSON documents. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smsctl.cli.commands.limits.subjects import Row, Subjects
from smsctl.cli.frame.result import seconds
from smsctl.core.admin import LiveCode, Standing
from smsctl.core.policy import CodePolicy


def limits_document(
    subjects: Subjects, rows: Sequence[Row], standing: Standing, code: CodePolicy
) -> Mapping[str, Any]:
    """Return `smsctl.limits/1`; what no subject was given for is null."""
    return {
        "phone": subjects.phone and subjects.phone.masked,
        "ip": subjects.ip,
        "limits": [_level(row) for row in rows],
        "codes": [_code(each) for each in standing.codes],
        "wrong": wrong_document(subjects, standing, code),
    }


def reset_document(
    rows: Sequence[Row],
    codes: Sequence[LiveCode],
    wrong: int | None,
    *,
    dry_run: bool,
) -> Mapping[str, Any]:
    """Return `smsctl.reset/1`; codes and wrong tries are those that were, or would be, cleared."""
    return {
        "cleared": [{"rule": row.rule.name, "per": row.rule.per, "used": row.used} for row in rows],
        "codes": [_code(each) for each in codes],
        "wrong": wrong,
        "dry_run": dry_run,
    }


def wrong_document(
    subjects: Subjects, standing: Standing, code: CodePolicy
) -> Mapping[str, int] | None:
    """Return the phone's budget of wrong tries; None without a phone."""
    return None if subjects.phone is None else {"used": standing.wrong, "max": code.wrong_max}


def _level(row: Row) -> Mapping[str, Any]:
    rule = row.rule
    return {
        "rule": rule.name,
        "per": rule.per,
        "subject": row.subject,
        "window": rule.window.text,
        "mode": rule.mode,
        "used": row.used,
        "max": rule.max,
        "remaining": row.remaining,
        "retry_after_s": seconds(row.retry_after),
    }


def _code(code: LiveCode) -> Mapping[str, Any]:
    return {
        "purpose": code.purpose,
        "expires_in_s": seconds(code.expires_in),
        "tries_left": code.tries_left,
    }
