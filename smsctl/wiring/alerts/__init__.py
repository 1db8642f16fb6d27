"""Telling somebody of alerts: who, in which words, and when."""

from __future__ import annotations

from functools import partial

from smsctl.core.blocking import run_blocking
from smsctl.wiring.alerts.channels import channels
from smsctl.wiring.alerts.delivering import Delivered, deliver_all
from smsctl.wiring.alerts.sweep import sweep
from smsctl.wiring.alerts.words import news
from smsctl.wiring.parts import Parts

__all__ = ["Delivered", "round_of"]


def round_of(parts: Parts) -> Delivered:
    """Look for what no decision raises, then deliver all that waits. Raises StoreUnavailable."""
    told = parts.config.alerts
    book, now = run_blocking(parts.overrides.read())
    sweep(parts, told.conversion, now=now, raised=book.raised(now))
    words = partial(news, language=told.language, zone=parts.policy.timezone)
    return deliver_all(parts.outbox, channels(told), words)
