"""Who asks: one side that speaks to the store, and one that speaks to a whole guard.

Both write down what they ask and are told; what the gateway takes is written down when it does.
"""

from __future__ import annotations

import asyncio
import secrets
import zlib
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from smsctl import (
    CaptchaUnavailable,
    ConfigError,
    GatewayRejected,
    GatewayUnknown,
    Refused,
    Rejected,
    StoreUnavailable,
)
from smsctl.core.address import read_address
from smsctl.core.answers import Sent, Verified
from smsctl.core.flow import Flow, Ports
from smsctl.core.naming import Keyring
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy
from smsctl.core.ports import (
    Accepted,
    Captcha,
    Declined,
    Gateway,
    Guess,
    LimitExceeded,
    Message,
    NewCode,
    Repeated,
    Request,
    Reserved,
    Settlement,
    State,
    Store,
    Unclear,
)
from smsctl.numbering import read_phone
from smsctl.store.calls import Scripts
from smsctl.store.connection import Connection
from smsctl.store.store import RedisStore
from tests.faults.history import Outcome, Recorder
from tests.faults.world import address_name, phone_name
from tests.guards import SECRET

KEYRING = Keyring(SECRET)
Told = tuple[Outcome, str, int]
_REPEATED: dict[State, Outcome] = {
    "sent": "sent", "pending": "unknown", "unknown": "unknown", "rejected": "returned"
}  # fmt: skip


class Player(Protocol):
    """One who presses buttons; phones are numbers."""

    shared: str
    """What request ids begin with that many of its kind use."""

    async def send(self, phone: int, purpose: str, *, request: str, alone: bool) -> Outcome:
        """Ask for a code; `alone`: no client address is behind the call."""

    async def verify(self, phone: int, purpose: str, *, right: bool) -> Outcome:
        """Guess, rightly where the code is known."""


def redis_store(connection: Connection, policy: Policy) -> RedisStore:
    """Return the store of a load, under the secret of the tests."""
    return RedisStore(scripts(connection, policy))


def scripts(connection: Connection, policy: Policy) -> Scripts:
    """Return the scripts that all players of a store share."""
    return Scripts(connection, policy=policy, prefix="sms", fingerprint=KEYRING.fingerprint())


@dataclass
class StorePlayer:
    """Speaks to the store as the guard does, without gates before and behind: for volume."""

    store: Store
    recorder: Recorder
    shared: str = "shared-store"

    async def send(self, phone: int, purpose: str, *, request: str, alone: bool) -> Outcome:
        name, ip = phone_name(phone), None if alone else address_name(phone)
        number = self.recorder.call("send", name, ip, purpose, request)
        asked = Request(phone=name, ip=ip, prefix="s", country="CN", purpose=purpose)
        return await recorded(self.recorder, number, self._deliver(asked, request, phone))

    async def verify(self, phone: int, purpose: str, *, right: bool) -> Outcome:
        number = self.recorder.call("verify", phone_name(phone), None, purpose)
        return await recorded(self.recorder, number, self._guess(phone, purpose, right=right))

    async def _deliver(self, asked: Request, request: str, phone: int) -> Told:
        code = NewCode(
            request_id=request,
            attempt=secrets.token_hex(4),
            digest=_digest(phone, asked.purpose),
            challenge=None,
            named=request.startswith(self.shared),
        )
        kept = await self.store.reserve(asked, code)
        if isinstance(kept, LimitExceeded):
            return "refused", kept.rule, 0
        if isinstance(kept, Repeated):
            return _REPEATED[kept.state], "", 0
        assert isinstance(kept, Reserved), kept
        # One in ten is turned down by the gateway, one in ten callers is gone before he can settle.
        fate = zlib.crc32(request.encode()) % 10
        if fate != 1:
            self.recorder.taken(request)
        if fate:
            settled = Settlement(state="rejected" if fate == 1 else "sent")
            with suppress(StoreUnavailable):  # the gateway's answer stands
                await self.store.settle(asked, code, settled)
        return ("returned" if fate == 1 else "sent"), "", 0

    async def _guess(self, phone: int, purpose: str, *, right: bool) -> Told:
        digest = _digest(phone, purpose) if right else b"wrong".ljust(32)
        verdict = await self.store.verify(
            Guess(phone=phone_name(phone), purpose=purpose, digest=digest, challenge=None)
        )
        if verdict.result == "verified":
            return "verified", "", 0
        return "rejected", verdict.result, verdict.tries_left


@dataclass
class GuardPlayer:
    """Speaks to a whole guard; remembers the codes that its own gateway took."""

    flow: Flow
    recorder: Recorder
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    """By number and purpose: the newest that may have arrived."""
    shared: str = "shared-guard"

    async def send(self, phone: int, purpose: str, *, request: str, alone: bool) -> Outcome:
        ip = None if alone else address_of(phone)
        named = None if ip is None else address_name_of(phone)
        number = self.recorder.call("send", name_of(phone), named, purpose, request)
        sent = self.flow.send(
            as_typed(phone), ip=ip, purpose=purpose, request_id=request, captcha_token=request
        )
        return await recorded(self.recorder, number, _told(sent))

    async def verify(self, phone: int, purpose: str, *, right: bool) -> Outcome:
        known = self.codes.get((as_typed(phone), purpose), "0000000")
        code = known[:6] if right else f"{(int(known[:6]) + 1) % 10**6:06}"
        number = self.recorder.call("verify", name_of(phone), None, purpose)
        guessed = self.flow.verify(as_typed(phone), code, purpose=purpose)
        return await recorded(self.recorder, number, _told(guessed))


@dataclass
class _Remembering:
    """Keeps the codes of the messages that it passes on."""

    gateway: Gateway
    codes: dict[tuple[str, str], str]

    async def submit(self, message: Message) -> Accepted | Declined | Unclear:
        self.codes[message.phone.national, message.purpose] = message.code
        return await self.gateway.submit(message)


@dataclass
class MoodyGateway:
    """Accepts most messages; what it does with a request id, it would do again."""

    recorder: Recorder
    moods: bool = True
    """Else it accepts everything."""

    async def submit(self, message: Message) -> Accepted | Declined | Unclear:
        mood = zlib.crc32(message.request_id.encode()) % 20 if self.moods else 19
        if mood == 0:
            return Declined(explanation=Phrase("no"))
        if mood == 1:
            return Declined(explanation=Phrase("not now"), throttled=60.0)
        if mood == 2:
            return Unclear(explanation=Phrase("no answer, and no message"))
        self.recorder.taken(message.request_id)
        if mood == 3:
            return Unclear(explanation=Phrase("no answer"))
        if mood == 4:
            raise RuntimeError("a gateway that breaks")
        return Accepted(message_id=message.request_id, vendor_request_id=None)


def guard_player(
    connection: Connection,
    policy: Policy,
    recorder: Recorder,
    *,
    gateway: Gateway | None = None,
    captcha: Captcha | None = None,
    moods: bool = True,
) -> GuardPlayer:
    """Return a player with a guard of its own over that connection."""
    codes: dict[tuple[str, str], str] = {}
    ports = Ports(
        store=redis_store(connection, policy),
        gateway=_Remembering(gateway or MoodyGateway(recorder, moods), codes),
        captcha=captcha,
        read_phone=lambda text: read_phone(text, region="CN"),
        journal=lambda _: None,
        tick=lambda: 0.0,
        now=lambda: datetime.now(UTC),
    )
    return GuardPlayer(Flow(policy, KEYRING, ports), recorder, codes)


async def recorded(recorder: Recorder, number: int, step: Coroutine[Any, Any, Told]) -> Outcome:
    """Write down what comes of the step; what is not the product's own is told as unforeseen."""
    try:
        told = await step
    except StoreUnavailable as fault:
        told = "unavailable", fault.message.template, 0
    except GatewayRejected as fault:
        told = "returned", fault.vendor_code or "", 0
    except GatewayUnknown as fault:
        told = "unknown", fault.message.template, 0
    except ConfigError as fault:
        path = fault.problems[0].path
        told = ("returned" if path == "gateway.sdk" else "refused"), str(fault), 0
    except CaptchaUnavailable as fault:
        told = "refused", str(fault), 0
    except asyncio.CancelledError:
        recorder.answer(number, "cancelled")
        raise
    except Exception as stranger:  # noqa: BLE001 - whatever it is, it is a finding
        told = "unforeseen", repr(stranger), 0
    recorder.answer(number, *told)
    return told[0]


async def _told(step: Coroutine[Any, Any, Sent | Refused | Verified | Rejected]) -> Told:
    match await step:
        case Sent():
            return "sent", "", 0
        case Refused(rule=rule, reason=reason):
            return "refused", rule or reason, 0
        case Verified():
            return "verified", "", 0
        case Rejected(reason=reason, tries_left=left):
            return "rejected", reason, left


def _digest(phone: int, purpose: str) -> bytes:
    return f"{phone} {purpose}".encode().ljust(32)


def as_typed(phone: int) -> str:
    """Return the number of a phone of a whole guard."""
    return f"138{phone:08}"


def name_of(phone: int) -> str:
    """Return the store's name for that number."""
    return KEYRING.name("phone", f"+86{as_typed(phone)}")


def address_of(phone: int) -> str:
    """Return the client address behind it; two phones share one."""
    return f"2001:db8:0:{phone // 2:x}::1"


def address_name_of(phone: int) -> str:
    """Return the store's name for that address."""
    return KEYRING.name("ip", read_address(address_of(phone), private="refuse"))
