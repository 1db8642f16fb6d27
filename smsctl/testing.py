"""Fakes for your own tests: a guard in memory, with a clock you set and a gateway that you script.

    clock = Clock()
    gateway = FakeGateway()
    guard = fake_guard(gateway=gateway, clock=clock)
    assert guard.send("13800138000", ip=None)
    assert guard.verify("13800138000", gateway.sent[-1].code)

Nothing is sent anywhere and nothing outlives the guard. The rules are the real ones, in the plain
Python that the Lua scripts are held to.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from smsctl.core.flow import Flow, Ports
from smsctl.core.guard import AsyncGuard, Guard
from smsctl.core.ledger import Ledger
from smsctl.core.naming import Keyring
from smsctl.core.policy import CodePolicy, Policy, Purpose, TestNumber
from smsctl.core.ports import (
    Accepted,
    Captcha,
    Declined,
    Gateway,
    Human,
    Message,
    Misconfigured,
    NotHuman,
    Outage,
    Unclear,
)
from smsctl.core.rules import Rule, Window
from smsctl.numbering import read_phone

__all__ = [
    "Accepted",
    "Clock",
    "CodePolicy",
    "Declined",
    "FakeCaptcha",
    "FakeGateway",
    "Human",
    "Misconfigured",
    "NotHuman",
    "Outage",
    "Policy",
    "Purpose",
    "Rule",
    "TestNumber",
    "Unclear",
    "Window",
    "fake_async_guard",
    "fake_guard",
]


class Clock:
    """A clock that stands still until it is told otherwise. Calling it gives Unix seconds."""

    def __init__(self, at: str = "2026-11-23T12:00:00+08:00") -> None:
        self._now = datetime.fromisoformat(at).timestamp()

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        """Move on, or back where `seconds` is negative."""
        self._now += seconds

    def set(self, at: str) -> None:
        """Go to an RFC 3339 time."""
        self._now = datetime.fromisoformat(at).timestamp()


class FakeGateway:
    """Accepts every message and keeps it, or answers what it was given, in that order."""

    def __init__(self, replies: Iterable[Accepted | Declined | Unclear | Exception] = ()) -> None:
        self.sent: list[Message] = []
        """Every message that reached the gateway, whatever it answered."""
        self.replies = list(replies)
        """What it will answer next; when there is none left, it accepts."""

    async def submit(self, message: Message) -> Accepted | Declined | Unclear:
        self.sent.append(message)
        if not self.replies:
            number = len(self.sent)
            return Accepted(message_id=f"message-{number}", vendor_request_id=f"call-{number}")
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


class FakeCaptcha:
    """Vouches for every visitor, or answers what it was given, in that order."""

    def __init__(self, verdicts: Iterable[Human | NotHuman | Outage | Misconfigured] = ()) -> None:
        self.tokens: list[str] = []
        """Every token that was spent."""
        self.verdicts = list(verdicts)

    async def check(
        self,
        token: str,
        *,
        ip: str | None,  # noqa: ARG002 - the port's
    ) -> Human | NotHuman | Outage | Misconfigured:
        self.tokens.append(token)
        return self.verdicts.pop(0) if self.verdicts else Human()


def fake_guard(
    policy: Policy | None = None,
    *,
    gateway: Gateway | None = None,
    captcha: Captcha | None = None,
    clock: Clock | None = None,
) -> Guard:
    """Return a guard in memory; without `policy`, under the default rules."""
    return Guard(_flow(policy, gateway, captcha, clock), close=_nothing)


def fake_async_guard(
    policy: Policy | None = None,
    *,
    gateway: Gateway | None = None,
    captcha: Captcha | None = None,
    clock: Clock | None = None,
) -> AsyncGuard:
    """Return a guard in memory for event loops; without `policy`, under the default rules."""
    return AsyncGuard(_flow(policy, gateway, captcha, clock), close=_nothing)


def _flow(
    policy: Policy | None, gateway: Gateway | None, captcha: Captcha | None, clock: Clock | None
) -> Flow:
    policy, clock = policy or Policy(), clock or Clock()
    ports = Ports(
        store=Ledger(policy, clock=clock),
        gateway=gateway or FakeGateway(),
        captcha=captcha,
        read_phone=lambda text: read_phone(text, region="CN"),
        journal=lambda _: None,
        tick=clock,
        now=lambda: datetime.fromtimestamp(clock(), UTC),
    )
    return Flow(policy, Keyring(secrets.token_bytes(32)), ports)


async def _nothing() -> None:
    pass
