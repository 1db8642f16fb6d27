"""The way of a request through the three gates, written once.

    send    look ──► captcha ──► reserve ──► gateway ──► settle
    verify  one step

Every `await` may be the last: a reservation counts until it is refunded, so a caller who vanishes
leaves nothing that could be spent twice. Knows neither threads nor event loops.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from smsctl.core.address import read_address
from smsctl.core.answers import Refused, RefusedReason, Rejected, Sent, Verified
from smsctl.core.decision import Decision, Journal, Record, Tick
from smsctl.core.enforcer import OverrideEnforcer
from smsctl.core.errors import CaptchaUnavailable, ConfigError, StoreUnavailable
from smsctl.core.naming import Keyring
from smsctl.core.outcomes import Explain, SendContext, settlement, unexplained
from smsctl.core.overrides import OverrideBook
from smsctl.core.phone import Phone
from smsctl.core.phrase import phrase
from smsctl.core.policy import Policy
from smsctl.core.ports import (
    Accepted,
    Captcha,
    Clear,
    Declined,
    Gateway,
    Guess,
    Human,
    LimitExceeded,
    Message,
    Misconfigured,
    NewCode,
    NotHuman,
    Outage,
    Outdated,
    Repeated,
    Request,
    Reserved,
    Settlement,
    Store,
    Taken,
    Unclear,
)
from smsctl.core.readings import read_code, read_purpose, read_request_id

_log = logging.getLogger("smsctl.guard")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world outside, as one flow sees it."""

    store: Store
    gateway: Gateway
    captcha: Captcha | None
    """None where no human check is configured."""
    read_phone: Callable[[str], Phone]
    journal: Journal
    tick: Tick
    now: Callable[[], datetime]
    """Aware. Asked only whether a test number has run out: limits and codes go by the store."""
    overrides: OverrideBook | None = None
    """None where nobody gives overrides."""
    explain: Explain = unexplained
    """Asked what the gateway's code of an earlier answer meant."""


class Flow:
    """Sends and verifies under one policy, over the ports it is given."""

    def __init__(self, policy: Policy, keyring: Keyring, ports: Ports) -> None:
        self._policy = policy
        self._keyring = keyring
        self._ports = ports
        self._enforcer = OverrideEnforcer(ports.store, ports.overrides, ports.tick)

    async def send(
        self,
        phone: str,
        *,
        ip: str | None,
        captcha_token: str | None = None,
        purpose: str | None = None,
        request_id: str | None = None,
        skip_captcha: bool = False,
    ) -> Sent | Refused:
        """Send a code, or say which gate refused. Errors as in `errors.py`."""
        policy = self._policy
        number = self._ports.read_phone(phone)
        address = read_address(ip, private=policy.private_addresses) if ip is not None else None
        purpose = self._purpose(purpose)
        named = request_id is not None
        request_id = secrets.token_hex(16) if request_id is None else read_request_id(request_id)
        context = SendContext(
            phone=number,
            purpose=purpose,
            request_id=request_id,
            challenge=self._keyring.challenge(number, purpose, request_id)
            if policy.code.challenge == "required"
            else None,
            address=address,
            named=named,
        )
        request = self._request(context, skipped=skip_captcha)
        decision = Decision(
            act="send",
            phone=number.masked,
            phone_name=request.phone,
            purpose=purpose,
            request_id=request_id,
        )
        with Record(decision, self._ports.journal, self._ports.tick) as record:
            test = policy.test_numbers.get(number.e164)
            if number.country not in policy.countries:
                return record.keep(await self._turn_away(context, request, "country"))
            if test is not None:
                if self._ports.now() >= test.until:
                    return record.keep(await self._turn_away(context, request, "denied"))
                request = replace(request, test=True, captcha="test")
            else:
                admitted: Request | Sent | Refused | None
                admitted = await self._earlier(record, context, request)
                if admitted is None:
                    admitted = await self._enforcer.admitted(context, request)
                if isinstance(admitted, Request) and self._asks_captcha(skipped=skip_captcha):
                    token = _text(captcha_token)
                    admitted = await self._human(record, context, admitted, token, ip)
                if not isinstance(admitted, Request):
                    return record.keep(admitted)
                request = admitted
            code = test.code if test is not None else self._new_code()
            return record.keep(await self._deliver(record, context, request, code))

    async def verify(
        self, phone: str, code: str, *, purpose: str | None = None, challenge: str | None = None
    ) -> Verified | Rejected:
        """Compare a code, once. Errors as in `errors.py`."""
        number = self._ports.read_phone(phone)
        purpose = self._purpose(purpose)
        code = read_code(code, length=self._policy.code.length)
        challenge = _text(challenge)
        pseudonyms = self._keyring.pseudonyms(number, None)
        guess = Guess(
            phone=pseudonyms.phone,
            purpose=purpose,
            digest=self._keyring.digest(number, purpose, code),
            challenge=None if challenge is None else self._keyring.challenge_digest(challenge),
            country=number.country,
            names=pseudonyms.names,
            encrypted=pseudonyms.encrypted,
        )
        context = SendContext(phone=number, purpose=purpose, request_id="", challenge=None)
        decision = Decision(
            act="verify", phone=number.masked, phone_name=pseudonyms.phone, purpose=purpose
        )
        with Record(decision, self._ports.journal, self._ports.tick) as record:
            with record.step("verify"):
                verdict = await self._ports.store.verify(guess)
            return record.keep(context.verified(verdict))

    async def _earlier(
        self, record: Record, context: SendContext, request: Request
    ) -> Sent | Refused | None:
        """Return what the caller's id was told before, where an override would stop it by now."""
        if not context.named or request.effect.refused is None:
            return None
        with record.step("look"):
            seen = await self._ports.store.look(request, context.request_id)
        match seen:
            case Repeated():
                return context.repeated(seen, self._ports.explain)
            case Taken():
                raise context.taken()
            case LimitExceeded():
                return context.limit_exceeded(seen)
            case Clear() | Outdated():
                return None

    # Gate one

    def _asks_captcha(self, *, skipped: bool) -> bool:
        return self._ports.captcha is not None and not skipped

    async def _human(
        self,
        record: Record,
        context: SendContext,
        request: Request,
        token: str | None,
        ip: str | None,
    ) -> Request | Sent | Refused:
        """Return the request to go on with, or the answer. A refused caller spends no token."""
        captcha = self._ports.captcha
        if captcha is None or (not token and not context.named):
            record.decision.captcha = "refused"
            return await self._turn_away(context, request, "captcha")
        request, answered = await self._look(record, context, request)
        if answered is not None:
            return answered
        if not token:
            record.decision.captcha = "refused"
            return await self._turn_away(context, request, "captcha")
        with record.step("captcha"):
            verdict = await captcha.check(token, ip=ip)
        match verdict:
            case Human():
                record.decision.captcha = "passed"
                return replace(request, captcha="passed")
            case NotHuman(codes=codes):
                record.decision.captcha, record.decision.captcha_codes = "refused", tuple(codes)
                request = replace(request, captcha_codes=tuple(codes))
                refused = await self._turn_away(context, request, "captcha")
                return replace(refused, captcha_codes=tuple(codes))
            case Misconfigured(problem=problem):
                raise ConfigError(problem)
            case Outage(explanation=explanation):
                record.decision.captcha = "outage"
                if self._policy.on_outage == "allow":
                    return replace(request, outage=True, captcha="outage")
                await self._turn_away(context, request, "captcha", outage=True)
                raise CaptchaUnavailable(
                    explanation,
                    hint=phrase("captcha.on_outage: allow lets a bounded number through meanwhile"),
                )

    async def _look(
        self, record: Record, context: SendContext, request: Request
    ) -> tuple[Request, Sent | Refused | None]:
        """Return the answer that needs no captcha, or None where there is none yet."""
        request_id = context.request_id if context.named else None
        seen: Clear | LimitExceeded | Repeated | Taken | Refused
        with record.step("look"):
            request, seen = await self._enforcer.current(
                context, request, self._ports.store.look, request_id
            )
        match seen:
            case LimitExceeded():
                return request, context.limit_exceeded(seen)
            case Repeated():
                return request, context.repeated(seen, self._ports.explain)
            case Taken():
                raise context.taken()
            case Refused():
                return request, seen
            case Clear():
                return request, None

    # Gates two and three

    async def _deliver(
        self, record: Record, context: SendContext, request: Request, code: str
    ) -> Sent | Refused:
        new = NewCode(
            request_id=context.request_id,
            attempt=secrets.token_hex(8) if context.named else "",
            digest=self._keyring.digest(context.phone, context.purpose, code),
            challenge=None
            if context.challenge is None
            else self._keyring.challenge_digest(context.challenge),
            named=context.named,
        )
        kept: Reserved | LimitExceeded | Repeated | Taken | Refused
        with record.step("reserve"):
            request, kept = await self._enforcer.current(context, request, self._reserve, new)
        match kept:
            case Refused():
                return kept
            case LimitExceeded():
                return context.limit_exceeded(kept)
            case Repeated():
                return context.repeated(kept, self._ports.explain)
            case Taken():
                raise context.taken()
            case Reserved() if request.test:
                return context.sent(kept, Accepted(message_id=None, vendor_request_id=None))
            case Reserved():
                pass
        with record.step("gateway"):
            reply = await self._submit(context, code)
        with record.step("settle"):
            settled = await self._settle(request, new, settlement(reply))
        passed = int(record.decision.steps["gateway"] / 1000)
        return context.submitted(kept.after(passed), reply, settled=settled)

    async def _reserve(
        self, request: Request, new: NewCode
    ) -> Reserved | LimitExceeded | Repeated | Taken | Outdated:
        """Ask a second time where only the reply was lost: it is the same reservation."""
        reserve = self._ports.store.reserve
        try:
            return await reserve(request, new)
        except StoreUnavailable as fault:
            if not fault.reply_lost:
                raise
            return await reserve(request, replace(new, named=True))

    async def _submit(self, context: SendContext, code: str) -> Accepted | Declined | Unclear:
        message = Message(
            phone=context.phone, purpose=context.purpose, code=code, request_id=context.request_id
        )
        try:
            return await self._ports.gateway.submit(message)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the message may be on its way
            # Only its type is told: a vendor's exception text may carry the phone and the code.
            _log.error("the gateway raised %s for %s", type(fault).__name__, message.request_id)
            return Unclear(
                explanation=phrase("the gateway failed in an unforeseen way: it may have been sent")
            )

    async def _settle(self, request: Request, new: NewCode, outcome: Settlement) -> bool:
        """Say whether the store took it. The gateway's answer stands either way."""
        settle = self._ports.store.settle
        try:
            try:
                stands = await settle(request, new, outcome)
            except StoreUnavailable as fault:
                if not fault.reply_lost:
                    raise
                stands = await settle(request, new, outcome)
        except StoreUnavailable as fault:
            _log.warning(
                "%s is %s, but the store did not take it: %s",
                new.request_id,
                outcome.state,
                fault,
            )
            return False
        # Gone where the gateway outlived the code; unknown where the code verified meanwhile.
        return stands == outcome.state

    # Shared

    async def _turn_away(
        self, context: SendContext, request: Request, reason: RefusedReason, *, outage: bool = False
    ) -> Refused:
        if reason == "captcha":
            request = replace(request, captcha="outage" if outage else "refused")
        _, stopped = await self._enforcer.current(
            context, request, self._ports.store.turn_away, reason, outage=outage
        )
        return stopped if isinstance(stopped, Refused) else context.refused(reason)

    def _purpose(self, text: str | None) -> str:
        policy = self._policy
        return read_purpose(text, purposes=policy.purposes, default=policy.default_purpose)

    def _request(self, context: SendContext, *, skipped: bool) -> Request:
        pseudonyms = self._keyring.pseudonyms(context.phone, context.address)
        return Request(
            phone=pseudonyms.phone,
            ip=pseudonyms.ip,
            prefix=pseudonyms.prefix,
            country=context.phone.country,
            purpose=context.purpose,
            names=pseudonyms.names,
            encrypted=pseudonyms.encrypted,
            captcha="skipped" if skipped and self._ports.captcha is not None else "none",
            effect=self._enforcer.effect(context, pseudonyms.phone),
        )

    def _new_code(self) -> str:
        length = self._policy.code.length
        return f"{secrets.randbelow(10**length):0{length}}"


def _text(given: object) -> str | None:
    """Return `given` where it is text: in a stranger's JSON anything else is as good as nothing."""
    return given if isinstance(given, str) else None
