"""What redis-py raises, told as one sentence and one remedy. No password is ever in it."""

from __future__ import annotations

from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import Phrase, phrase

_KINDS: tuple[tuple[type[RedisError], str, str], ...] = (
    # Subclasses before their bases: redis-py makes AuthenticationError a ConnectionError.
    (
        AuthenticationError,
        "the store at {place} refused the password",
        "check user and password in store.url",
    ),
    (
        NoPermissionError,
        "the store at {place} does not let this user run the scripts",
        "grant the user EVAL, EVALSHA and the keys under store.prefix",
    ),
    (
        BusyLoadingError,
        "the store at {place} is still loading its data",
        "wait until it has, then try again",
    ),
    (
        ReadOnlyError,
        "the store at {place} is a read-only replica",
        "point store.url at the primary",
    ),
    (
        OutOfMemoryError,
        "the store at {place} is out of memory",
        "raise maxmemory or free some; with noeviction nothing is lost meanwhile",
    ),
    (
        RedisTimeoutError,
        "the store at {place} did not answer in time",
        "is the host overloaded or cut off? store.timeout is how long one answer may take",
    ),
    (
        RedisConnectionError,
        "the store at {place} cannot be reached",
        "is it running, and is store.url right?",
    ),
)

_WORDS = {
    # First words of error replies that redis-py has no class for.
    "MISCONF": (
        "the store at {place} cannot save to disk and refuses writes",
        "look at its disk and its log",
    ),
    "NOREPLICAS": (
        "the store at {place} has too few replicas and refuses writes",
        "bring its replicas back",
    ),
    "BUSY": (
        "the store at {place} is busy with a script",
        "SCRIPT KILL ends it; smsctl's own take microseconds",
    ),
    "NOAUTH": (
        "the store at {place} asks for a password",
        "write it into store.url: redis://:password@host",
    ),
    "WRONGTYPE": (
        "the store at {place} holds something that smsctl did not write",
        "is store.prefix shared with another program?",
    ),
    "MASTERDOWN": (
        "the store at {place} is a replica without its primary",
        "point store.url at the primary",
    ),
    "CLUSTERDOWN": ("the store at {place} is a cluster that is down", "CLUSTER INFO says why"),
    "MOVED": (
        "the store at {place} is a cluster",
        "write store.url as redis+cluster://",
    ),
}


def unavailable(fault: Exception, place: str) -> StoreUnavailable:
    """Return the error that tells `fault`; raised `from None`, for its text may hold secrets."""
    message, hint = _told(fault)
    lost = isinstance(fault, RedisConnectionError) and not isinstance(
        fault, AuthenticationError | BusyLoadingError
    )
    return StoreUnavailable(Phrase(message, {"place": place}), hint=phrase(hint), reply_lost=lost)


def _told(fault: Exception) -> tuple[str, str]:
    text = str(fault)
    # An error raised inside a script keeps its first word, or gains one in front.
    words = {word.lstrip("-") for word in text.split(maxsplit=3)[:3]}
    for word, told in _WORDS.items():
        if word in words:
            return told
    if "max number of clients" in text:
        return "the store at {place} has no connection left", "raise its maxclients"
    for kind, message, hint in _KINDS:
        if isinstance(fault, kind):
            return message, hint
    return "the store at {place} answered with an error", "look at its log"
