"""A user's own tests, with the fakes and the clock; prints what came out, as JSON."""

import contextlib
import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from smsctl import GatewayUnknown, Refused, Rejected, SmsctlError
from smsctl.testing import (
    Clock,
    CodePolicy,
    Declined,
    FakeCaptcha,
    FakeGateway,
    NotHuman,
    Outage,
    Policy,
    Rule,
    Unclear,
    Window,
    fake_guard,
)

PHONE, OTHER = "13800138000", "13900139000"
# Whom a send without rules lets through, by the address.
ADDRESSES = sys.argv[1].split()
PHONES = sys.argv[2].split()
WORDS: Any = "no"
free = Policy(rules=(Rule(name="r", per="ip", max=99, window=Window.read("1h")),))


def raised(call: Callable[[], object]) -> str | None:
    """Return the name of what a call raises."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - its name is the point
        return type(error).__name__
    return None


def reasons() -> list[str]:
    """Return what verify says to wrong codes: mismatch, exhausted, missing, locked."""
    clock, gateway = Clock(), FakeGateway()
    policy = Policy(rules=free.rules, code=CodePolicy(tries=2, wrong_max=3))
    guard = fake_guard(policy, gateway=gateway, clock=clock)
    given: list[str] = []
    for _ in range(2):
        guard.send(PHONE, ip=None)
        for _ in range(3):
            wrong = f"{(int(gateway.sent[-1].code) + 1) % 1_000_000:06}"
            answer = guard.verify(PHONE, wrong)
            assert isinstance(answer, Rejected)
            given.append(answer.reason)
    return given


def expiry() -> list[bool]:
    """Return whether a code verifies just before and at its end."""
    clock, gateway = Clock(), FakeGateway()
    guard = fake_guard(free, gateway=gateway, clock=clock)
    verified = []
    for age in (299.9, 300.0):
        guard.send(PHONE, ip=None)
        clock.advance(age)
        verified.append(bool(guard.verify(PHONE, gateway.sent[-1].code)))
    return verified


def challenges() -> list[str | None]:
    """Return what a wrong and the right challenge give."""
    gateway = FakeGateway()
    guard = fake_guard(Policy(code=CodePolicy(challenge="required")), gateway=gateway)
    sent: Any = guard.send(PHONE, ip=None)
    code = gateway.sent[-1].code
    answers: list[Any] = [
        guard.verify(PHONE, code),
        guard.verify(PHONE, code, challenge="wrong"),
        guard.verify(PHONE, code, challenge=sent.challenge),
    ]
    return [getattr(answer, "reason", None) for answer in answers]


def unknown() -> list[Any]:
    """Return what an unknown outcome carries, and whether its code verifies."""
    gateway = FakeGateway([Unclear(explanation=WORDS)])
    guard = fake_guard(gateway=gateway)
    with contextlib.suppress(SmsctlError):
        guard.send(PHONE, ip=None, request_id="r-1")
    try:
        guard.send(OTHER, ip=None, request_id="r-2")
        gateway.replies.append(Unclear(explanation=WORDS))
        guard.send("13700137000", ip=None, request_id="r-3")
    except GatewayUnknown as error:
        carried = [error.request_id, error.challenge, error.expires_in, error.retry_after]
    else:
        carried = []
    return [carried, bool(guard.verify(PHONE, gateway.sent[0].code))]


def captcha_reasons() -> list[str | None]:
    """Return what no token, a refused one, and an outage give."""
    captcha = FakeCaptcha([NotHuman(), Outage(explanation=WORDS)])
    guard = fake_guard(captcha=captcha)
    given: list[Any] = [
        guard.send(PHONE, ip=None),
        guard.send(PHONE, ip=None, captcha_token="t"),
    ]
    assert all(isinstance(answer, Refused) for answer in given)
    outage = raised(lambda: guard.send(PHONE, ip=None, captcha_token="t"))
    return [*(answer.reason for answer in given), outage]


guard: Any = fake_guard(free)
refusing: Any = fake_guard(gateway=FakeGateway([Declined(explanation=WORDS)] * 2))
keys = [Declined(explanation=WORDS, credentials=True)]
facts = {
    "addresses": [raised(partial(guard.send, PHONE, ip=address)) for address in ADDRESSES],
    "phones": [raised(partial(guard.send, phone, ip=None)) for phone in PHONES],
    "without ip": raised(lambda: guard.send(PHONE)),
    "positional ip": raised(lambda: guard.send(PHONE, "203.0.113.7")),
    "bad purpose": raised(lambda: guard.send(PHONE, ip=None, purpose="nope")),
    "bad code": raised(lambda: guard.verify(PHONE, "12")),
    "bad request id": raised(lambda: guard.send(PHONE, ip=None, request_id="")),
    "rejected": raised(lambda: refusing.send(PHONE, ip=None)),
    "rejected again": raised(lambda: refusing.send(PHONE, ip=None)),
    "credentials": raised(lambda: fake_guard(gateway=FakeGateway(keys)).send(PHONE, ip=None)),
    "reasons": reasons(),
    "expiry": expiry(),
    "challenges": challenges(),
    "unknown": unknown(),
    "captcha": captcha_reasons(),
}
json.dump(facts, sys.stdout)
