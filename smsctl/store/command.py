"""What is asked of a server in one go, and what its answers are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hiredis import pack_command
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from smsctl.store.target import Target

Argument: TypeAlias = str | bytes | int
Command: TypeAlias = tuple[Argument, ...]

HUNG = (RedisTimeoutError, TimeoutError)
"""What is raised where an answer stays away."""

_KEPT = 90 * 86_400_000  # ms; as long as reserve.lua keeps the key that is touched


class UnconfirmedError(RedisError):
    """A write was executed, and not every replica said in time that it has it."""


UNREADABLE = (LookupError, TypeError, ValueError, RecursionError)
"""What redis-py and hiredis raise, beside their own, at a reply that no server writes."""

UNREACHABLE = (RedisError, OSError, ValueError)
"""What is raised where no connection comes about; a ValueError where a host is no name of one."""


class UnsentError(Exception):
    """No connection came about: nothing was asked."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(slots=True)
class Ask:
    """Commands that go to the server one behind the other."""

    packed: bytes
    count: int
    replicas: int = 0
    """How many have to confirm; 0 where the answer does not wait for them."""
    key: str = ""
    """A key of the commands' slot that lives at least 90 days; needed where replicas confirm."""


@dataclass(slots=True)
class Question:
    """What one caller wants to know, and to whom he was sent with it."""

    commands: Sequence[Command]
    text: str = ""
    """Of the script that is called by its name, for a server that lacks it; else empty."""
    kept: str = ""
    """A key that is kept for at least 90 days, where the replicas have to confirm."""
    asking: Target | None = None
    """The node that a cluster said to ask this once."""

    def ask(self, replicas: int) -> Ask:
        """Return the packed question to a primary with so many replicas."""
        commands = [("ASKING",), *self.commands] if self.asking else self.commands
        return pack(commands, replicas=max(1, replicas) if self.kept else 0, key=self.kept)

    def spell_out(self) -> None:
        """Call the script by its text from now on, where the server lacks it."""
        [(_, _, *rest)] = self.commands
        self.commands, self.text = [("EVAL", self.text, *rest)], ""


def pack(commands: Sequence[Command], *, replicas: int = 0, key: str = "") -> Ask:
    """Return the commands, packed. Raises UnicodeError for a lone surrogate."""
    packed = b"".join([pack_command(command) for command in commands])  # type: ignore[arg-type] # its stub knows one-tuples
    return Ask(packed, len(commands), replicas, key)


def confirmation(asks: Sequence[Ask], seconds: float) -> Ask | None:
    """Return what makes the server wait for the replicas, where one of `asks` wants that.

    WAIT counts from this connection's own last write, and an ask may be a repeated one that had
    nothing left to write: so something is written first.
    """
    most = max(asks, key=lambda each: each.replicas)
    if not most.replicas:
        return None
    wait = ("WAIT", most.replicas, max(1, int(seconds * 1000)))
    return pack([("PEXPIRE", most.key, _KEPT), wait])


def confirmed(asked: Ask, replies: list[Any], told: Sequence[Any]) -> list[Any]:
    """Return `replies` as far as `told`, what the confirmation brought, lets them stand."""
    if not asked.replicas:
        return replies
    match told:
        case [_, int(count)] if count >= asked.replicas:
            return replies
        case [_, Exception() as fault]:
            # A replica refuses WAIT as well: what it says to the question itself is more.
            return [next((each for each in replies if isinstance(each, Exception)), fault)]
        case _:
            return [UnconfirmedError(f"{told[-1]} of {asked.replicas} replicas confirmed")]
