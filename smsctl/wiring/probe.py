"""A synthetic send, followed until the carrier says what became of it.

The code of such a message is nobody's: nothing here keeps it, or the challenge.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from smsctl.config import Config
from smsctl.core.answers import Refused
from smsctl.core.errors import GatewayRejected, GatewayUnknown, VendorDenied
from smsctl.core.guard import Guard
from smsctl.core.phone import Phone
from smsctl.core.phrase import NOTHING, Phrase
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_client import Reply
from smsctl.vendors.aliyun_fields import CHINA
from smsctl.vendors.aliyun_records.questions import Details, Question
from smsctl.vendors.aliyun_records.reading import Patience, read
from smsctl.vendors.aliyun_records.values import Report
from smsctl.vendors.network import Broken
from smsctl.wiring.receipts import Posted, ask_vendor, reports

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 5.0  # s between two looks
_LOOK = 10.0  # s that one look may take
_FINAL = frozenset({"delivered", "failed"})
_HOPELESS = frozenset({"denied", "key", "clock"})

Outcome = Literal[
    "delivered", "failed", "waiting", "untold", "unknown", "refused", "rejected", "error"
]
"""What became of one phone's message.

`waiting`: no receipt in time. `untold`: sent, but the vendor could not be asked. `unknown`: the
gateway's answer was lost, and the vendor knows nothing of the message. `refused`: by a gate of
ours. `rejected`: by the gateway. `error`: something else of ours.
"""


def _pause(seconds: float) -> None:
    """Wait; ctrl-C ends it."""
    threading.Event().wait(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What waiting is measured by, and how it is done."""

    now: Callable[[], float] = time.monotonic
    """Seconds, from anywhere."""
    pause: Callable[[float], object] = _pause
    unix: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """One phone, as far as is known."""

    phone: Phone
    outcome: Outcome
    code: str | None = None
    """The carrier's or the gateway's."""
    why: Phrase = NOTHING
    """In words, where nothing else says it."""
    refused: Refused | None = None
    """By which of our gates."""
    posted: Posted | None = None
    """As the vendor may know it; None where nothing was sent."""
    handed: float = 0.0
    """When it was handed to the gateway, by the clock's `now`."""
    report: Report | None = None
    seen_after: float | None = None
    """Seconds from handing it over until a receipt was seen."""

    @property
    def latency(self) -> float | None:
        """Seconds to the phone: the vendor's own where it tells both times, else until seen."""
        if self.outcome != "delivered" or self.report is None:
            return None
        told = self.report.latency
        return self.seen_after if told is None else told

    @property
    def open(self) -> bool:
        """Whether the vendor may still tell more."""
        return self.posted is not None and self.outcome not in _FINAL


def prepare(config: Config, phone: Phone, *, clock: Clock) -> Callable[[Question], Reply | Broken]:
    """Return who is asked for receipts, once it is sure that he may be asked.

    Before a message costs anything. Raises ConfigError where no real gateway is configured,
    VendorDenied where the key may not ask.
    """
    ask = ask_vendor(config)
    question = Details(phone=phone, day=datetime.fromtimestamp(clock.unix(), CHINA).date())
    patience = Patience(seconds=_LOOK, now=clock.now, pause=clock.pause)
    told = read(ask, [question], patience=patience)[question]
    if isinstance(told, Refusal) and told.kind in _HOPELESS:
        raise VendorDenied(told.message, hint=told.hint)
    return ask


def submit(guard: Guard, phone: Phone, *, purpose: str | None, clock: Clock) -> Probed:
    """Send one message through the guard, past the captcha, and return what is known then.

    Raises what the guard raises, but for what the gateway made of the message.
    """
    at = clock.unix()

    def posted(request_id: str, message_id: str | None) -> Posted:
        return Posted(phone=phone, at=at, request_id=request_id, message_id=message_id)

    try:
        answer = guard.send(phone.e164, ip=None, skip_captcha=True, purpose=purpose)
    except GatewayRejected as fault:
        return Probed(phone=phone, outcome="rejected", code=fault.vendor_code, why=fault.message)
    except GatewayUnknown as fault:
        return Probed(
            phone=phone,
            outcome="unknown",
            code=fault.vendor_code,
            why=fault.message,
            posted=posted(fault.request_id, None),
            handed=clock.now(),
        )
    if isinstance(answer, Refused):
        return Probed(phone=phone, outcome="refused", refused=answer)
    return Probed(
        phone=phone,
        outcome="waiting",
        posted=posted(answer.request_id, answer.message_id),
        handed=clock.now(),
    )


def follow(
    ask: Callable[[Question], Reply | Broken],
    found: list[Probed],
    *,
    wait: float,
    clock: Clock,
    arrived: Callable[[], object] = bool,
) -> None:
    """Put in the place of each send what became of it, for `wait` seconds and a last look at most.

    Whoever interrupts it has what was found by then. `arrived` is called for each that is final.
    """
    until, pause = clock.now() + wait, _FIRST_PAUSE
    while waiting := [each.posted for each in found if each.open and each.posted]:
        patience = Patience(seconds=_LOOK, now=clock.now, pause=clock.pause)
        told = reports(ask, waiting, patience=patience)
        before = sum(each.open for each in found)
        found[:] = [_told(each, told, clock.now()) for each in found]
        for _ in range(before - sum(each.open for each in found)):
            arrived()
        left = until - clock.now()
        if left <= 0 or not any(each.open for each in found):
            break
        clock.pause(min(pause, left))
        pause = min(_LONGEST_PAUSE, pause * 1.5)


def _told(probed: Probed, told: Mapping[Posted, Report | Refusal | None], now: float) -> Probed:
    if not probed.open or probed.posted is None:
        return probed
    match told[probed.posted]:
        case None:
            again = probed.outcome == "untold"
            return replace(probed, outcome="waiting", why=NOTHING) if again else probed
        case Refusal(message=message):
            if probed.outcome == "unknown":
                return probed
            return replace(probed, outcome="untold", why=message)
        case Report(status=status, code=code) as report:
            return replace(
                probed,
                outcome=status,
                code=code or None,
                why=NOTHING,
                report=report,
                seen_after=now - probed.handed if status in _FINAL else None,
            )
