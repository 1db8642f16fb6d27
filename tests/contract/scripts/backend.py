"""A backend as the contract shows it, over both faces; prints what came out, as JSON."""

import asyncio
import json
import re
import sys
from typing import Any

from smsctl import (
    ConfigError,
    Refused,
    Rejected,
    Sent,
    Verified,
    open_async_guard,
    open_guard,
)

IP = "203.0.113.7"


def described(answer: Sent | Refused | Verified | Rejected) -> list[Any]:
    """Return an answer's kind, its truth, and what a backend takes out of it."""
    match answer:
        case Sent(expires_in=ttl):
            return ["sent", bool(answer), ttl]
        case Refused(reason=reason, rule=rule, retry_after=wait):
            return ["refused", bool(answer), reason, rule, wait is not None]
        case Verified(purpose=purpose):
            return ["verified", bool(answer), purpose]
        case Rejected(reason=why, tries_left=left):
            return ["rejected", bool(answer), why, left]


def code_of(sent: Sent | Refused) -> str:
    """Return the code in the console gateway's message."""
    assert isinstance(sent, Sent)
    assert sent.message
    code = re.search(r"\d{6}", sent.message)
    assert code
    return code[0]


def blocking(phone: str) -> list[Any]:
    """Send, send again, guess, verify, and verify with the code that is used."""
    with open_guard() as guard:
        sent = guard.send(phone, ip=IP, purpose="login")
        assert isinstance(sent, Sent)
        code = code_of(sent)
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        answers = [
            sent,
            guard.send(phone, ip=None),
            guard.verify(phone, wrong),
            guard.verify(phone, code, purpose="login", challenge=sent.challenge),
            guard.verify(phone, code),
        ]
        hidden = "message=" not in repr(sent) and "challenge=" not in repr(sent)
        return [[*map(described, answers)], hidden, phone in repr(answers)]


async def looping(phone: str) -> list[Any]:
    """Do the same in an event loop."""
    async with open_async_guard() as guard:
        sent = await guard.send(phone, ip=IP, purpose="login")
        assert isinstance(sent, Sent)
        code = code_of(sent)
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        answers = [
            sent,
            await guard.send(phone, ip=None),
            await guard.verify(phone, wrong),
            await guard.verify(phone, code, purpose="login", challenge=sent.challenge),
            await guard.verify(phone, code),
        ]
        hidden = "message=" not in repr(sent) and "challenge=" not in repr(sent)
        return [[*map(described, answers)], hidden, phone in repr(answers)]


if sys.argv[1:] == ["unconfigured"]:
    try:
        open_guard()
    except ConfigError as error:
        print("ConfigError", bool(error.hint))  # noqa: T201
    with open_guard(defaults=True) as bare:
        print(bool(bare.send("13800138000", ip=None)))  # noqa: T201
else:
    json.dump(
        {"blocking": blocking("13800138000"), "looping": asyncio.run(looping("13900139000"))},
        sys.stdout,
    )
