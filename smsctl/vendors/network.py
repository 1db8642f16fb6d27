"""How much of an answer is read, and what a broken connection says about the request.

The latter from the types of the errors, never their text: it holds the URL, and in it the phone and
the code.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

LONGEST_ANSWER = 65_536
"""Bytes, unpacked: a hundred times the vendors' longest."""

Breakdown = Literal["refused", "timeout", "tls", "proxy", "lost"]
"""How a call broke. All but `lost` are certain: nothing of the request was written.

`refused`: no connection (also: no such name, no route). `timeout`: none in time. `tls`: the other
side could not prove who it is. `proxy`: no connection to, or through, the proxy. `lost`: anything
else, so the request may have arrived.
"""


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


def breakdown(error: BaseException) -> Breakdown:
    """Return how the call that ended in `error` broke; in doubt, `lost`."""
    from urllib3 import exceptions  # noqa: PLC0415 - 77 ms; whoever fails here has paid them

    kinds: dict[type[BaseException], Breakdown] = {
        # The order matters: a refused proxy is both, and a refusal is a timeout to urllib3.
        exceptions.ProxyError: "proxy",
        ssl.SSLCertVerificationError: "tls",
        exceptions.NewConnectionError: "refused",
        exceptions.ConnectTimeoutError: "timeout",
    }
    chain = list(_chain(error))
    written = (exceptions.ReadTimeoutError, exceptions.ProtocolError)
    if any(isinstance(link, written) for link in chain):
        return "lost"
    for kind, how in kinds.items():
        if any(isinstance(link, kind) for link in chain):
            return how
    return "lost"


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
