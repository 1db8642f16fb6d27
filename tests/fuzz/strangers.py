"""Hostile calls through the whole guard, over the ledger and over a real server.

In each world one code lives that the guesser may or may not know. What a refusal may write is one
tally; everything else is compared before and after.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from smsctl.core.answers import Rejected, Sent, Verified
from smsctl.core.errors import CaptchaUnavailable, GatewayRejected, GatewayUnknown, Problem
from smsctl.core.phrase import Phrase
from smsctl.core.policy import CodePolicy, Policy, Purpose
from smsctl.core.ports import Accepted, Declined, Human, Misconfigured, NotHuman, Outage, Unclear
from tests.fuzz.chance import foreign, likely, text
from tests.fuzz.oracle import Breach, same, tried
from tests.fuzz.readers import SEEDS
from tests.fuzz.surface import Surface
from tests.fuzz.worlds import OWNER, World, ledger_world, server_world

_POLICY = Policy(
    purposes={"login": Purpose(template="SMS_1"), "pay": Purpose(template="SMS_2")},
    countries=frozenset({"CN", "HK"}),
)
POLICIES = (
    _POLICY,
    replace(_POLICY, code=CodePolicy(challenge="required", live=2, tries=2)),
    replace(_POLICY, on_outage="allow"),
)
"""What a world may be under: the defaults, a challenge, an outage that lets some through."""

_TOKENS = ("a-token-of-a-visitor", "0." + "a" * 300, "tok\ufeffen-of-visitor")
_CHALLENGES = ("<challenge>", "AAAAAAAAAAAAAAAAAAAAAA", "")
_CODES = ("<code>", "<code> ", "<full-width>", "<wrong>")

_GATEWAY: tuple[Callable[[], Any], ...] = (
    lambda: Accepted(message_id="m", vendor_request_id=None),
    lambda: Declined(explanation=Phrase("no"), throttled=60.0),
    lambda: Declined(explanation=Phrase("no"), credentials=True),
    lambda: Unclear(explanation=Phrase("who knows")),
    lambda: KeyError("unforeseen"),
)
_CAPTCHA: tuple[Callable[[], Any], ...] = (
    Human,
    lambda: NotHuman(codes=["timeout-or-duplicate"]),
    lambda: Outage(explanation=Phrase("down")),
    lambda: Misconfigured(problem=Problem("captcha.secret", Phrase("bad"))),
)

Drawn = dict[str, Any]


@contextmanager
def over_ledger() -> Iterator[Surface]:
    """Run the guard in memory."""
    yield Surface("guard-ledger", _draw, lambda drawn: _check(ledger_world(_policy(drawn)), drawn))


@contextmanager
def over_server() -> Iterator[Surface]:
    """Run the guard on a private server."""
    with TemporaryDirectory() as folder, server_world(Path(folder), POLICIES) as make:
        yield Surface("guard-server", _draw, lambda drawn: _check(make(drawn["policy"]), drawn))


def _policy(drawn: Drawn) -> Policy:
    return POLICIES[drawn["policy"]]


def _draw(chance: Random) -> Drawn:
    drawn: Drawn = {
        "policy": chance.randrange(len(POLICIES)),
        "verify": likely(chance, 2),
        "phone": _one(chance, [OWNER, *SEEDS["phone"]]),
        "purpose": None if likely(chance, 2) else _one(chance, SEEDS["purpose"]),
    }
    if drawn["verify"]:
        drawn["code"] = _one(chance, _CODES)
        drawn["challenge"] = None if likely(chance, 3) else _one(chance, _CHALLENGES)
    else:
        drawn["ip"] = None if likely(chance, 3) else _one(chance, SEEDS["address"])
        drawn["request_id"] = None if likely(chance, 2) else _one(chance, SEEDS["request"])
        drawn["token"] = None if likely(chance, 3) else _one(chance, _TOKENS)
        drawn["captcha"] = chance.randrange(len(_CAPTCHA) + 1)  # the last: none is configured
        drawn["gateway"] = chance.randrange(len(_GATEWAY))
    return drawn


def _one(chance: Random, seeds: Any) -> Any:
    """Return a text, a lawful one more often than not: what is refused early hides the rest."""
    if likely(chance, 40):
        return foreign(chance)
    return seeds[0] if likely(chance, 2) else text(chance, seeds)


def _check(world: World, drawn: Drawn) -> None:
    first = world.guard.send(OWNER, ip=None, skip_captcha=True)
    assert isinstance(first, Sent)
    before = world.state()
    if drawn["verify"]:
        _verify(world, drawn, first, before)
    else:
        _send(world, drawn, before)


def _send(world: World, drawn: Drawn, before: object) -> None:
    world.gateway.replies = [_GATEWAY[drawn["gateway"]]()]
    if drawn["captcha"] < len(_CAPTCHA):
        world.captcha.verdicts = [_CAPTCHA[drawn["captcha"]]()]
    secrets = [*world.secrets(), *_long(drawn["token"], drawn["phone"])]
    given = tried(
        lambda: world.guard.send(
            drawn["phone"],
            ip=drawn["ip"],
            captcha_token=drawn["token"],
            purpose=drawn["purpose"],
            request_id=drawn["request_id"],
            skip_captcha=drawn["captcha"] == len(_CAPTCHA),
        ),
        secrets=secrets,
    )
    consumed = isinstance(given, Sent | GatewayRejected | GatewayUnknown)
    if not consumed:
        left = world.state()
        if isinstance(given, CaptchaUnavailable) and isinstance(left, dict):
            left.pop(b"{sms}:alerts", None)  # an outage raises one
        same(before, left, why=f"{type(given).__name__} at send left something")
    if consumed != (len(world.gateway.sent) == 2):
        raise Breach("wrong", f"{type(given).__name__}, and the gateway was asked or not")


def _verify(world: World, drawn: Drawn, first: Sent, before: object) -> None:
    code = world.gateway.sent[0].code
    places: Mapping[str, str] = {
        "<code>": code,
        "<wrong>": f"{(int(code) + 1) % 10**6:06}",
        "<full-width>": "".join(chr(ord(digit) + 0xFEE0) for digit in code),
        "<challenge>": first.challenge or "",
    }
    guess, challenge = _filled(drawn["code"], places), _filled(drawn["challenge"], places)
    secrets = [*world.secrets(), *_long(guess, challenge, drawn["phone"])]
    given = tried(
        lambda: world.guard.verify(
            drawn["phone"], guess, purpose=drawn["purpose"], challenge=challenge
        ),
        secrets=secrets,
    )
    right = (
        isinstance(guess, str)
        and unicodedata.normalize("NFKC", guess).strip() == code
        and first.challenge in {None, challenge if isinstance(challenge, str) else None}
    )
    if isinstance(given, Verified) and not right:
        raise Breach("wrong", "verified without the code, or without the challenge")
    compared = isinstance(given, Verified) or (
        isinstance(given, Rejected) and given.reason in {"mismatch", "exhausted"}
    )
    if not compared:
        same(before, world.state(), why=f"{type(given).__name__} at verify left something")


def _filled(written: Any, places: Mapping[str, str]) -> Any:
    if isinstance(written, str):
        for place, stands in places.items():
            written = written.replace(place, stands)
    return written


def _long(*texts: Any) -> list[str]:
    """Return what of these is long enough to be known again."""
    return [each for each in texts if isinstance(each, str) and 7 <= len(each.strip()) < 400]
