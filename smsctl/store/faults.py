"""What redis-py raises, told as one sentence and one remedy. No password is ever in it."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping, Sequence

from redis.exceptions import (
    AskError,
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    InvalidResponse,
    MasterDownError,
    MovedError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from smsctl.core.errors import StoreUnavailable
from smsctl.core.phrase import Phrase, phrase
from smsctl.store.command import UnconfirmedError


class NoPrimaryError(RedisError):
    """Nobody who was asked knows a primary."""


_CLASSES: Mapping[str, type[ResponseError]] = {
    "ASK": AskError,
    "CLUSTERDOWN": ClusterDownError,
    "MASTERDOWN": MasterDownError,
    "MOVED": MovedError,
    "TRYAGAIN": TryAgainError,
}

Sign = type[Exception] | str
"""A kind of exception, or words in its text."""

_LOST = (
    "the store at {place} cannot be reached",
    "is it running, and is store.url right?",
)

_LATE = (
    "the store at {place} did not answer in time",
    "is the host overloaded or cut off? store.timeout is how long one answer may take",
)
_LATE_TLS = (
    "the store at {place} did not answer in time",
    "is its port the TLS one, and is the host overloaded or cut off?",
)

_TOLD: Sequence[tuple[list[Sign], str, str]] = (
    # The first row with a sign of the fault tells it. redis-py has a class for some error codes and
    # takes the code off their text; it has none for others; and Redis 6.2 buries the code of what
    # happened inside a script ("@user_script: 24: -OOM …"), where no class is found.
    (
        ["NOAUTH", "Authentication required", "unauthenticated"],
        "the store at {place} asks for a password",
        "write it into store.url: redis://:password@host",
    ),
    (
        # redis-py's asyncio connection over a socket file makes a ConnectionError of it.
        [AuthenticationError, "username-password pair", "without any password"],
        "the store at {place} refused the password",
        "check user and password in store.url",
    ),
    (
        [
            NoPermissionError,
            "ACL failure in script",
            "can't run this command",
            "can't access",
            "NOPERM",
        ],
        "the store at {place} does not let this user run the scripts",
        "smsctl store acl prints the rights that it needs, with --operator those of the commands",
    ),
    (
        [BusyLoadingError, "LOADING"],
        "the store at {place} is still loading its data",
        "wait until it has, then try again",
    ),
    (
        [ReadOnlyError, "READONLY"],
        "the store at {place} is a read-only replica",
        "point store.url at the primary",
    ),
    (
        [OutOfMemoryError, "OOM"],
        "the store at {place} is out of memory",
        "raise maxmemory or free some; with noeviction nothing is lost meanwhile",
    ),
    (
        ["MISCONF"],
        "the store at {place} cannot save to disk and refuses writes",
        "look at its disk and its log",
    ),
    (
        ["NOREPLICAS"],
        "the store at {place} has too few replicas and refuses writes",
        "bring its replicas back",
    ),
    (
        ["BUSY"],
        "the store at {place} is busy with a script",
        "SCRIPT KILL ends it; smsctl's own take microseconds",
    ),
    (
        ["NEWER"],
        "the store at {place} holds what a newer smsctl wrote",
        "upgrade smsctl on this host",
    ),
    (
        ["WRONGTYPE", "data string too short"],
        "the store at {place} holds something that smsctl did not write",
        "is store.prefix shared with another program?",
    ),
    (
        [UnconfirmedError],
        "the store at {place} could not confirm the write: a replica does not answer",
        "with durability: strict nothing is sent until every replica follows again",
    ),
    (
        ["No such master"],
        "the sentinels at {place} know no primary of that name",
        "is the service in store.url the one that they watch?",
    ),
    (
        [NoPrimaryError],
        "nobody at {place} knows a primary",
        "is a failover under way? it takes seconds",
    ),
    (
        [TryAgainError],
        "the store at {place} is moving its slot to another node",
        "wait until the cluster has moved it, then try again",
    ),
    (
        [MasterDownError],
        "the store at {place} is a replica without its primary",
        "point store.url at the primary",
    ),
    (
        [ClusterDownError],
        "the store at {place} is a cluster that is down",
        "CLUSTER INFO says why",
    ),
    (
        [MovedError, AskError, "SELECT is not allowed in cluster mode"],
        "the store at {place} is a cluster",
        "write store.url as redis+cluster://",
    ),
    (
        ["cluster support disabled"],
        "the store at {place} is no cluster",
        "write store.url as redis://",
    ),
    (
        ["DB index"],
        "the store at {place} has no database of that number",
        "leave the number out of store.url, or take one that the server has",
    ),
    (
        ["protected mode"],
        "the store at {place} is in protected mode: it serves its own host alone",
        "set a password on the server, and write it into store.url",
    ),
    (
        ["illegal address"],  # Alibaba Cloud's managed Redis
        "the store at {place} does not admit this host's address",
        "add the address to the instance's whitelist",
    ),
    (
        ["unknown command 'SENTINEL", "unknown command `SENTINEL"],
        "what answers at {place} is no sentinel",
        "name the sentinels' own hosts and ports, or write store.url as redis://",
    ),
    (
        ["unknown command"],
        "the store at {place} does not run Lua scripts",
        "Redis or Valkey 6.2 or later is needed, with EVAL and EVALSHA",
    ),
    (
        # "Not ready" is redis-py's word for a server that speaks before it is asked.
        ["max number of clients", "Connection not ready"],
        "the store at {place} has no connection left",
        "raise its maxclients",
    ),
    (
        ["No connection available"],
        "all connections of this process to the store at {place} are in use",
        "the store answers too slowly for so many calls at once",
    ),
    (
        ["certificate has expired", "certificate is not yet valid"],
        "the certificate of the store at {place} has expired, or is not valid yet",
        "renew it on the server; look at this host's clock, too",
    ),
    (
        ["Hostname mismatch", "IP address mismatch"],
        "the certificate of the store at {place} is made out to another host",
        "write the host into store.url that the certificate names",
    ),
    (
        ["unable to get", "unable to verify the first", "self-signed", "self signed"],
        "the certificate of the store at {place} is not trusted: {reason}",
        "store.ca names the file of the CA that signed it, for the host in store.url",
    ),
    (
        [ssl.SSLCertVerificationError],
        "the certificate of the store at {place} is not accepted: {reason}",
        "make it, or its CA's, anew as RFC 5280 asks: Python 3.13 and later check that strictly",
    ),
    (
        [ssl.SSLError],
        "no TLS with the store at {place}",
        "is its port the TLS one, and does store.ca name a file of certificates?",
    ),
    (
        [InvalidResponse],
        "what answers at {place} does not speak Redis's protocol",
        "is store.url right? a port with TLS needs rediss://",
    ),
    ([RedisTimeoutError, TimeoutError], *_LATE),
    ([RedisConnectionError, OSError], *_LOST),
)


def first_fault(replies: Iterable[object]) -> Exception | None:
    """Return the first error among the replies, of the class that redis-py 6 and later give it."""
    fault = next((reply for reply in replies if isinstance(reply, Exception)), None)
    if type(fault) is not ResponseError:
        return fault
    code, _, rest = str(fault).partition(" ")
    try:
        return _CLASSES[code](rest) if code in _CLASSES else fault
    except ValueError:  # MOVED to no address
        return InvalidResponse()


def unavailable(fault: Exception, place: str) -> StoreUnavailable:
    """Return the error that tells `fault`, whose own text may hold secrets."""
    message, hint = _told(fault)
    lost = (message, hint) == _LOST
    if (message, hint) == _LATE and place.startswith("rediss"):
        # A server without TLS waits for the end of a line that the handshake does not have.
        message, hint = _LATE_TLS
    values = {"place": place, "reason": _reason(fault)}
    return StoreUnavailable(Phrase(message, values), hint=phrase(hint), reply_lost=lost)


def _told(fault: Exception) -> tuple[str, str]:
    for signs, message, hint in _TOLD:
        if any(_shows(fault, sign) for sign in signs):
            return message, hint
    return (
        "the store at {place} answered with an error",
        "smsctl config check tries all that smsctl needs of it; look at its log, too",
    )


def _reason(fault: Exception) -> str:
    """Return why OpenSSL did not accept a certificate, in its own words; else nothing."""
    cause = fault.__context__
    return cause.verify_message if isinstance(cause, ssl.SSLCertVerificationError) else ""


def _shows(fault: Exception, sign: Sign) -> bool:
    if isinstance(sign, str):
        return sign in str(fault)
    if issubclass(sign, ssl.SSLError):
        return isinstance(fault.__context__, sign)  # redis-py wraps what a socket raises
    return isinstance(fault, sign)
