"""What a policy promises, in numbers: messages, money, guesses. From the rules alone.

The figures hold whatever strangers do; an operator's resets, his test numbers and what he sends
past smsctl are not in them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from smsctl.core.bounds import CALENDAR_DAY, DAY, most
from smsctl.core.policy import Policy
from smsctl.core.segments import purpose_segments


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The worst that a calendar day can bring. None: nothing bounds it."""

    messages: int | None
    """Messages, to all phones together."""
    messages_per_phone: int | None
    """Messages to one phone."""
    messages_per_address: int | None
    """Messages for one client address; calls without an address are not among them."""
    segments: int
    """Segments of the longest message whose text is known; 1 where none is."""
    texts_known: bool
    """Whether every purpose has its text, so that `segments` and `cost` are certain."""
    cost: Decimal | None
    """CNY, where every message is the longest and is charged; mainland price."""
    guesses_per_phone: int
    """Codes that can be tried at one phone: what `wrong`, or its codes' tries, leave."""
    guesses: int | None
    """Codes that can be tried in all: the tries of every code that can be sent."""
    odds_per_phone: float
    """Probability that one of a phone's guesses is right, at most: their expected number."""
    takeovers: float | None
    """Expected number of right guesses in all. It can exceed 1: it is no probability."""
    odds: float | None
    """Probability that any guess in all is right, the guesses being independent."""


def promise(policy: Policy, *, sign_name: str, price: Decimal) -> Promise:
    """Return what the policy promises for a calendar day; `price` is CNY a segment.

    A guess is right with `live` chances in 10 to the power of `length`: it is compared with each
    code that stands. A challenge changes nothing here: who asks for the code is given it. Codes
    sent before midnight and guessed after it are not counted twice.
    """
    code = policy.code
    messages = _count(most(policy, CALENDAR_DAY, of={"all"}))
    per_phone = _count(max(_per_phone(policy)))
    known = [
        purpose_segments(each, sign_name=sign_name, code_length=code.length)
        for each in policy.purposes.values()
    ]
    longest = max((each for each in known if each), default=1)
    tries = min(code.tries, code.wrong_max)
    guesses = None if messages is None else messages * tries
    chance = code.live / 10**code.length
    budget = code.wrong_max * max(1, math.ceil(DAY / code.wrong_window))
    guesses_per_phone = budget if per_phone is None else min(budget, per_phone * tries)
    return Promise(
        messages=messages,
        messages_per_phone=per_phone,
        messages_per_address=_count(most(policy, CALENDAR_DAY, of={"ip", "all"})),
        segments=longest,
        texts_known=None not in known,
        cost=None if messages is None else messages * longest * price,
        guesses_per_phone=guesses_per_phone,
        guesses=guesses,
        odds_per_phone=min(1.0, guesses_per_phone * chance),
        takeovers=None if guesses is None else guesses * chance,
        odds=None if guesses is None else -math.expm1(guesses * math.log1p(-chance)),
    )


def _per_phone(policy: Policy) -> list[float]:
    """Return the most for a phone of each country: rules may tell them apart."""
    return [
        most(policy, CALENDAR_DAY, of={"phone", "prefix", "all"}, country=country)
        for country in policy.countries
    ]


def _count(bound: float) -> int | None:
    return None if math.isinf(bound) else int(bound)
