"""One flow, two faces: drives a coroutine over ports that never suspend."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns, without an event loop.

    Raises RuntimeError when it suspends: then one of its ports is not a blocking one.
    """
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("a port suspended: Guard needs blocking ports, AsyncGuard takes the others")
