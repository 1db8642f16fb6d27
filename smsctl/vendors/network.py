"""How much of an answer is read, and what a broken connection says about the request.

The latter from the types of the errors, never their text: it holds the URL, and in it the phone and
the code.
"""

from __future__ import annotations

import errno
import logging
import ssl
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Literal

from smsctl.vendors.exchange import CalledOff, Exchange
from smsctl.vendors.reason import reason

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_log = logging.getLogger("smsctl.vendors")

LONGEST_ANSWER = 65_536
"""Bytes, unpacked: a hundred times the vendors' longest."""

Breakdown = Literal["refused", "timeout", "tls", "proxy", "unmade", "lost"]
"""How a call broke. All but `lost` are certain: nothing of the request was written.

`refused`: no connection (also: no such name, no route, no TLS). `timeout`: none in time. `tls`: the
other side could not prove who it is. `proxy`: no connection to, or through, the proxy. `unmade`:
our own fault, it never came as far as the network. `lost`: the request had begun, so it may have
arrived.
"""

_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
"""This host has nothing left to connect with: no word about the other side."""


@dataclass(frozen=True, slots=True)
class Broken:
    """There was no answer that could be read."""

    how: Breakdown
    fault: str = ""
    """Type and reason of what was raised, where it was our own fault."""

    @classmethod
    def by(cls, error: BaseException, exchange: Exchange, *, secrets: Iterable[str] = ()) -> Broken:
        """Return how the call that ended in `error` broke, and log it if it is our own fault.

        None of `secrets` is in it.
        """
        how = "lost" if exchange.begun else _unsent(error)
        return cls.here(error, secrets=secrets) if how == "unmade" else cls(how)

    @classmethod
    def here(cls, error: BaseException, *, secrets: Iterable[str] = ()) -> Broken:
        """Return that `error` is our own fault, and log it. None of `secrets` is in it."""
        fault = reason(error, secrets=secrets)
        # An exception with the same words follows: a command line shows one of the two.
        _log.error("no request was made: %s", fault, extra={"raised": True})
        return cls("unmade", fault)


def read_body(answer: BaseHTTPResponse, *, until: float) -> bytes:
    """Return the body of an answer that was not read yet; nothing of one that is too long.

    A few KB can be packed to unfold into gigabytes. Raises TimeoutError when it is not whole at
    `until`, by `time.monotonic`: bytes that come one by one would hold their thread for hours.
    """
    parts: list[bytes] = []
    room = LONGEST_ANSWER + 1
    while room and (part := answer.read1(room, decode_content=True)):
        parts.append(part)
        room -= len(part)
        if monotonic() > until:
            answer.close()
            raise TimeoutError
    if not room:
        answer.close()
        return b""
    answer.release_conn()
    return b"".join(parts)


def _unsent(error: BaseException) -> Breakdown:
    """Return what kept a request from beginning; in doubt, ourselves."""
    exceptions = sys.modules.get("urllib3.exceptions")
    if exceptions is None:  # what could not be imported cannot have raised
        return "unmade"
    from http.client import BadStatusLine  # noqa: PLC0415 - with urllib3

    chain = list(_chain(error))
    if any(getattr(link, "errno", None) in _EXHAUSTED for link in chain):
        return "unmade"
    # The override matters: a refused proxy is both, and a refusal is a timeout to urllib3.
    kinds: list[tuple[Breakdown, tuple[type[BaseException], ...]]] = [
        ("proxy", (exceptions.ProxyError,)),
        ("tls", (ssl.SSLCertVerificationError,)),
        ("refused", (exceptions.NewConnectionError,)),
        ("timeout", (exceptions.TimeoutError, TimeoutError, CalledOff)),
        ("refused", (ConnectionError, ssl.SSLError, BadStatusLine)),
    ]
    return next(
        (how for how, kind in kinds if any(isinstance(link, kind) for link in chain)), "unmade"
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and every one it was made from, by whichever of the libraries' habits."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop()
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        # `reason` is urllib3's and `inner_exception` the SDK's; requests puts it into `args`.
        waiting += [link.__cause__, link.__context__, *link.args]
        waiting += [getattr(link, "reason", None), getattr(link, "inner_exception", None)]
