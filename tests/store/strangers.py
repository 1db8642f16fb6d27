"""Callers who leave at any moment, and others who look at what they get meanwhile."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from smsctl.store.connection import AsyncConnection
from smsctl.store.target import Site

_TASKS = 100
_LATEST = 6  # turns of the loop after which a caller leaves; an answer takes about as many


@dataclass
class Told:
    """How many callers left, and what the others were told."""

    cancelled: int = 0
    answered: int = 0
    wrong: int = 0


async def cancelled_callers(site: Site, calls: int, chance: random.Random) -> Told:
    """Ask for words, leave half of the questions, and count the answers that are another's."""
    connection, told = AsyncConnection(site), Told()

    async def ask(word: str) -> None:
        (reply,) = await connection.read([("ECHO", word)])
        told.answered += 1
        told.wrong += reply != word.encode()

    async def caller(first: int) -> None:
        for number in range(first, calls, _TASKS):
            asking = asyncio.ensure_future(ask(f"word-{number}"))
            if chance.random() < 0.5:
                for _ in range(chance.randrange(_LATEST)):
                    await asyncio.sleep(0)
                asking.cancel()
            (outcome,) = await asyncio.gather(asking, return_exceptions=True)
            if isinstance(outcome, asyncio.CancelledError):
                told.cancelled += 1
            elif outcome is not None:
                raise outcome

    await asyncio.gather(*(caller(first) for first in range(_TASKS)))
    await connection.close()
    return told
