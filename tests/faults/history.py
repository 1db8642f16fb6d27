"""What every caller asked and was told, and every message that the gateway took, kept in files.

Written before and after each call, so that a caller who is killed leaves what he had asked. Knows
no store and no rule; `checker.py` holds what is read here against the invariants.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

Act = Literal["send", "verify"]
Outcome = Literal[
    "sent",
    "refused",
    "returned",  # the gateway said no: not sent, and the quota went back as far as is known
    "unknown",  # the gateway may have sent it
    "verified",
    "rejected",
    "unavailable",
    "cancelled",
    "unforeseen",  # an exception that is not one of the product's: always a finding
    "none",  # no answer: the caller was killed, or still waits
]

UNSURE: frozenset[Outcome] = frozenset({"unknown", "unavailable", "cancelled", "none"})
"""Outcomes after which the caller does not know what the store did."""


class Call(msgspec.Struct, array_like=True, frozen=True, tag=0):
    """One question, as it was put."""

    number: int
    act: Act
    phone: str
    """By the store's name for it."""
    ip: str | None
    purpose: str
    request: str
    """The request id of a send; empty for a verification."""
    at: float
    """Monotonic seconds, the same clock in all processes of this host."""


class Answer(msgspec.Struct, array_like=True, frozen=True, tag=1):
    """What the caller of that number was told."""

    number: int
    outcome: Outcome
    detail: str
    """The rule, the reason, or the sentence of an error."""
    left: int
    """Tries left, of a rejected verification."""
    at: float


class Taken(msgspec.Struct, array_like=True, frozen=True, tag=2):
    """The gateway accepted a message: one SMS."""

    request: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One call and its answer."""

    act: Act
    phone: str
    ip: str | None
    purpose: str
    request: str
    began: float
    ended: float
    """Infinite where there was no answer."""
    outcome: Outcome
    detail: str = ""
    left: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened, in no order."""

    deeds: list[Deed]
    taken: list[Taken]


class Recorder:
    """Writes to one file, line by line; for any number of threads and tasks of a process."""

    def __init__(self, path: Path, answered: Callable[[int, int], None] = lambda *_: None) -> None:
        """`answered` is told how many answers were written, and how many were `unavailable`."""
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._encode = msgspec.json.Encoder().encode
        self._numbers = itertools.count(1)
        self._answers = self._unavailable = 0
        self._lock = threading.Lock()
        self._answered = answered

    def call(self, act: Act, phone: str, ip: str | None, purpose: str, request: str = "") -> int:
        """Write the question down; return its number."""
        number = next(self._numbers)
        self._write(Call(number, act, phone, ip, purpose, request, time.monotonic()))
        return number

    def answer(self, number: int, outcome: Outcome, detail: str = "", left: int = 0) -> None:
        """Write down what the caller of that number was told."""
        self._write(Answer(number, outcome, detail, left, time.monotonic()))
        with self._lock:
            self._answers += 1
            self._unavailable += outcome == "unavailable"
            self._answered(self._answers, self._unavailable)

    def taken(self, request: str) -> None:
        """Write down that the gateway accepted a message."""
        self._write(Taken(request, time.monotonic()))

    def close(self) -> None:
        os.close(self._file)

    def _write(self, line: Call | Answer | Taken) -> None:
        os.write(self._file, self._encode(line) + b"\n")


def read_history(paths: Iterable[Path]) -> History:
    """Return what the recorders of these files wrote."""
    decoder = msgspec.json.Decoder(Call | Answer | Taken)
    deeds: list[Deed] = []
    taken: list[Taken] = []
    for path in paths:
        whole = path.read_bytes().rpartition(b"\n")[0]
        lines = decoder.decode_lines(whole)
        answers = {line.number: line for line in lines if isinstance(line, Answer)}
        deeds += _deeds(lines, answers)
        taken += [line for line in lines if isinstance(line, Taken)]
    return History(deeds, taken)


def _deeds(lines: Iterable[Call | Answer | Taken], answers: dict[int, Answer]) -> Iterator[Deed]:
    for call in lines:
        if isinstance(call, Call):
            told = answers.get(call.number) or Answer(call.number, "none", "", 0, float("inf"))
            yield Deed(
                act=call.act,
                phone=call.phone,
                ip=call.ip,
                purpose=call.purpose,
                request=call.request,
                began=call.at,
                ended=told.at,
                outcome=told.outcome,
                detail=told.detail,
                left=told.left,
            )
