"""What a configuration promises, as sentences: the same in `config check` and in `usage`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from smsctl.config import Config, policy
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.promise import Promise, promise
from smsctl.core.rules import raise_rules

_NONE: Mapping[str, int] = {}
_CENT = Decimal("0.01")


def promised(config: Config, *, raised: Mapping[str, int] = _NONE) -> Promise:
    """Return the worst that a day can bring under this configuration.

    `raised` has the `max` in force of rules that an operator raised.
    """
    decided = policy(config)
    decided = replace(decided, rules=raise_rules(decided.rules, raised))
    return promise(decided, sign_name=config.gateway.sign_name, price=config.gateway.price)


def sentences(worst: Promise) -> dict[str, Phrase]:
    """Return one sentence for each figure, by its name."""
    return {
        "messages": _messages(worst),
        "cost": _cost(worst),
        "phone": phrase(
            "at most {count} guesses a day at one phone: the odds that one is right are {odds}",
            count=f"{worst.guesses_per_phone:,}",
            odds=_odds(worst.odds_per_phone),
        ),
        "guesses": _guesses(worst),
    }


def _messages(worst: Promise) -> Phrase:
    if worst.messages is None:
        return phrase("nothing bounds the messages of a day")
    if worst.messages_per_phone is None:
        return phrase("at most {count} messages a day", count=f"{worst.messages:,}")
    return phrase(
        "at most {count} messages a day, {each} to one phone",
        count=f"{worst.messages:,}",
        each=f"{worst.messages_per_phone:,}",
    )


def _cost(worst: Promise) -> Phrase:
    if worst.cost is None:
        return phrase("nothing bounds the cost of a day")
    cost = f"{worst.cost.quantize(_CENT):,}"
    if worst.texts_known:
        return phrase(
            "at most {cost} CNY a day, segments a message: {segments}",
            cost=cost,
            segments=worst.segments,
        )
    return phrase(
        "about {cost} CNY a day, segments a message: {segments} where texts are known",
        cost=cost,
        segments=worst.segments,
    )


def _guesses(worst: Promise) -> Phrase:
    if worst.guesses is None or worst.odds is None:
        return phrase("nothing bounds the guesses of a day")
    return phrase(
        "at most {count} guesses a day in all: the odds that any is right are {odds}",
        count=f"{worst.guesses:,}",
        odds=_odds(worst.odds),
    )


def _odds(chance: float) -> str:
    """Return a probability as `1:50,000`, rounded against us."""
    return f"1:{int(1 / chance):,}" if chance > 0 else "0"
