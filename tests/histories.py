"""One guard over the model and one over a real server, side by side, under one clock."""

from __future__ import annotations

from collections.abc import Callable

from smsctl.core.admin import Selection
from smsctl.core.policy import Policy
from smsctl.core.ports import Guess, NewCode, Request
from smsctl.core.rules import Per, Rule, Window
from smsctl.store.admin import RedisAdmin
from smsctl.store.calls import Scripts
from smsctl.store.connection import BlockingConnection
from smsctl.store.store import RedisStore
from smsctl.store.target import Target

FINGERPRINT = b"0123456789abcdef"


def rule(name: str, per: Per, most: int, window: str, **more: object) -> Rule:
    """Return a rule in one line."""
    return Rule(name=name, per=per, max=most, window=Window.read(window), **more)  # type: ignore[arg-type]


def request(phone: int = 1, ip: int | None = 1, **more: object) -> Request:
    """Return a request of the phone and address with these numbers."""
    fields: dict[str, object] = {
        "phone": f"phone-{phone}",
        "ip": None if ip is None else f"ip-{ip}",
        "prefix": f"prefix-{phone // 2}",
        "country": "CN",
        "purpose": "login",
    }
    return Request(**(fields | more))  # type: ignore[arg-type]


def new_code(number: int, *, attempt: str = "a", challenge: bytes | None = None) -> NewCode:
    """Return the code that `guess(number)` guesses."""
    return NewCode(
        request_id=f"r{number}", attempt=attempt, digest=_digest(number), challenge=challenge
    )


def guess(
    number: int, *, phone: int = 1, purpose: str = "login", challenge: bytes | None = None
) -> Guess:
    """Return a guess at the code of that number."""
    return Guess(
        phone=f"phone-{phone}", purpose=purpose, digest=_digest(number), challenge=challenge
    )


def everything(phone: int = 1, ip: int = 1, *purposes: str) -> Selection:
    """Point at every subject of such a request."""
    return Selection(
        phone=f"phone-{phone}",
        prefix=f"prefix-{phone // 2}",
        country="CN",
        ip=f"ip-{ip}",
        purposes=purposes or ("login",),
        all=True,
    )


def redis_store(
    target: Target,
    policy: Policy,
    clock: Callable[[], float] | None,
    fingerprint: bytes = FINGERPRINT,
) -> tuple[RedisStore, RedisAdmin, BlockingConnection]:
    """Return both sides of a real store."""
    connection = BlockingConnection(target)
    scripts = Scripts(connection, policy=policy, prefix="sms", fingerprint=fingerprint, clock=clock)
    return RedisStore(scripts), RedisAdmin(scripts), connection


def _digest(number: int) -> bytes:
    return number.to_bytes(32, "big")
