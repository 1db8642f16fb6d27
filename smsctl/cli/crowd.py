"""The same call for several things at once, in threads; the answers come in the order given."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_THREADS = 8


def each(call: Callable[[T], R], things: Sequence[T], *, done: Callable[[], object]) -> list[R]:
    """Return what `call` returns for each; it must not raise. `done` is called after every one.

    The threads are daemons: ctrl-C ends the program without waiting for the calls under way.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[int, R]] = queue.SimpleQueue()

    def work() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            answers.put((number, call(things[number])))

    for number in range(len(things)):
        waiting.put(number)
    for _ in range(min(_THREADS, len(things))):
        threading.Thread(target=work, daemon=True).start()
    found: dict[int, R] = {}
    while len(found) < len(things):
        number, answer = answers.get()
        found[number] = answer
        done()
    return [found[number] for number in range(len(things))]
