"""The same call for several things at once, in threads; the answers come in the order given."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_THREADS = 8


def each(
    call: Callable[[T], R],
    things: Sequence[T],
    *,
    key: Callable[[T], Hashable],
    done: Callable[[], object],
) -> list[R]:
    """Return what `call` returns for each; it must not raise. `done` is called after every one.

    Things of one key are taken one after the other, in the order given. The
    threads are daemons: ctrl-C ends the program without waiting for the calls under way.
    """
    groups: dict[Hashable, list[int]] = {}
    for number, thing in enumerate(things):
        groups.setdefault(key(thing), []).append(number)
    waiting: queue.SimpleQueue[list[int]] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[int, R]] = queue.SimpleQueue()

    def work() -> None:
        while True:
            try:
                group = waiting.get_nowait()
            except queue.Empty:
                return
            for number in group:
                answers.put((number, call(things[number])))

    for group in groups.values():
        waiting.put(group)
    for _ in range(min(_THREADS, len(groups))):
        threading.Thread(target=work, daemon=True).start()
    found: dict[int, R] = {}
    while len(found) < len(things):
        number, answer = answers.get()
        found[number] = answer
        done()
    return [found[number] for number in range(len(things))]
