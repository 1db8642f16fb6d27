"""Many questions at once: few at a time, at a bounded pace, and never beyond a deadline.

Knows nothing of vendors. Questions only: what is asked here may be asked again.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")

_THREADS = 4
_PER_SECOND = 8  # the vendor admits 10 a second of its lists
_FIRST_PAUSE = 0.5  # s, then twice as long each time


class Inquiry(Generic[Q, A]):
    """Asks each question once, and keeps its answer.

    `seconds` is the wall-clock time for all of them, however often `answers` is called. An answer
    of which `again` says so is asked for again, later and later, while there is time; what `again`
    is never true of is asked exactly once. `pause` waits, and `now` tells seconds; both together
    are the clock of pace and patience.
    """

    def __init__(
        self,
        ask: Callable[[Q], A],
        *,
        seconds: float,
        again: Callable[[Q, A], bool] = lambda _question, _answer: False,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._ask = ask
        self._again = again
        self._now = now
        self._over = threading.Event()
        self._pause = pause or self._over.wait
        self._until = now() + seconds
        self._ends = time.monotonic() + seconds
        self._answers: dict[Q, A] = {}
        self._starts: deque[float] = deque(maxlen=_PER_SECOND)
        self._turn = threading.Lock()

    def answers(self, questions: Iterable[Q]) -> Mapping[Q, A]:
        """Return what is known of these questions; one without an answer ran out of time.

        The threads are daemons: a call that hangs is left behind.
        """
        wanted = list(dict.fromkeys(questions))
        missing = [each for each in wanted if each not in self._answers]
        waiting: queue.SimpleQueue[Q] = queue.SimpleQueue()
        come: queue.SimpleQueue[tuple[Q, A]] = queue.SimpleQueue()
        for each in missing:
            waiting.put(each)
        for _ in range(min(_THREADS, len(missing))):
            threading.Thread(
                target=self._work, args=(waiting, come), name="smsctl-inquiry", daemon=True
            ).start()
        try:
            for _ in missing:
                question, answer = self._next(come)
                self._answers[question] = answer
        except queue.Empty:
            self._over.set()
        return {each: self._answers[each] for each in wanted if each in self._answers}

    def close(self) -> None:
        """End what waits; a call under way ends in its thread."""
        self._over.set()

    def _next(self, come: queue.SimpleQueue[tuple[Q, A]]) -> tuple[Q, A]:
        return come.get(timeout=max(0.001, self._ends - time.monotonic()))

    def _work(self, waiting: queue.SimpleQueue[Q], come: queue.SimpleQueue[tuple[Q, A]]) -> None:
        while not self._over.is_set():
            try:
                question = waiting.get_nowait()
            except queue.Empty:
                return
            come.put((question, self._patiently(question)))

    def _patiently(self, question: Q) -> A:
        pause = _FIRST_PAUSE
        while True:
            self._take_turn()
            answer = self._ask(question)
            if not self._again(question, answer) or self._now() + pause >= self._until:
                return answer
            self._pause(pause)
            if self._over.is_set():
                return answer
            pause *= 2

    def _take_turn(self) -> None:
        """Wait until fewer than eight were asked in the last second."""
        with self._turn:
            if len(self._starts) == _PER_SECOND:
                early = self._starts[0] + 1.0 - self._now()
                if early > 0:
                    self._pause(early)
            self._starts.append(self._now())
