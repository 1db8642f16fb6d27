"""The record of one decision: what was asked, what came of it, and how long each step took."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, TypeVar

from smsctl.core.answers import Refused, Rejected, Sent, Verified
from smsctl.core.errors import GatewayRejected, GatewayUnknown, SmsctlError

Answer = TypeVar("Answer", bound=Sent | Refused | Verified | Rejected)


@dataclass(slots=True, kw_only=True)
class Decision:
    """One send or verify: filled on the way, handed to the journal at the end."""

    act: Literal["send", "verify"]
    phone: str
    """Masked."""
    phone_name: str
    """The phone's keyed name, by which the records of one phone are found."""
    purpose: str
    request_id: str | None = None
    outcome: str = "interrupted"
    """sent, refused, verified, rejected, or the code of the error that was raised."""
    reason: str | None = None
    rule: str | None = None
    captcha: Literal["passed", "refused", "outage"] | None = None
    """None where no captcha was asked for."""
    captcha_codes: tuple[str, ...] = ()
    message_id: str | None = None
    vendor_code: str | None = None
    vendor_request_id: str | None = None
    steps: dict[str, float] = field(default_factory=dict)
    """Milliseconds of each step taken: look, captcha, reserve, gateway, settle, verify."""


Journal = Callable[[Decision], None]
"""Keeps decisions. Does not raise."""

Tick = Callable[[], float]
"""Seconds of a clock that only runs forward."""


class _Step(AbstractContextManager[None]):
    """Measures one step. A class, because a generator would take longer than some steps do."""

    __slots__ = ("_name", "_start", "_steps", "_tick")

    def __init__(self, steps: dict[str, float], name: str, tick: Tick) -> None:
        self._steps = steps
        self._name = name
        self._tick = tick
        self._start = tick()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._steps[self._name] = (self._tick() - self._start) * 1000


class Record(AbstractContextManager["Record"]):
    """Fills one decision and hands it to the journal, whatever happens."""

    def __init__(self, decision: Decision, journal: Journal, tick: Tick) -> None:
        self.decision = decision
        self._journal = journal
        self._tick = tick

    def step(self, name: str) -> AbstractContextManager[None]:
        """Time one step, also where it fails."""
        return _Step(self.decision.steps, name, self._tick)

    def keep(self, answer: Answer) -> Answer:
        """Note the answer and return it."""
        decision = self.decision
        decision.outcome = type(answer).__name__.lower()
        match answer:
            case Sent():
                decision.message_id = answer.message_id
                decision.vendor_request_id = answer.vendor_request_id
            case Refused():
                decision.reason, decision.rule = answer.reason, answer.rule
            case Rejected():
                decision.reason = answer.reason
            case Verified():
                pass
        return answer

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        fault: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if isinstance(fault, SmsctlError):
            self.decision.outcome = fault.code
        elif isinstance(fault, Exception):
            self.decision.outcome = SmsctlError.code
        if isinstance(fault, GatewayRejected | GatewayUnknown):
            self.decision.vendor_code = fault.vendor_code
            self.decision.vendor_request_id = fault.vendor_request_id
        self._journal(self.decision)
