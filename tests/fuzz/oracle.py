"""What must hold for every input: an answer, or an error of the tree, soon, with nothing told.

Knows no surface and no driver.
"""

from __future__ import annotations

import logging
import re
import signal
import traceback
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from smsctl.core.errors import SmsctlError

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that one input may take; the slowest lawful one takes a tenth of it."""

Kind = Literal["outside", "hang", "write", "told", "wrong"]
"""What an input found: an exception outside the error tree, no end, a write on refusal, a secret in
a text, an answer that nobody gave."""


class Breach(Exception):
    """A property that did not hold."""

    def __init__(self, kind: Kind, what: str) -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind
        self.what = what


class Hang(BaseException):
    """The input took longer than PATIENCE."""


@contextmanager
def patience(seconds: float = PATIENCE) -> Iterator[None]:
    """Break off with Hang what takes longer; for the main thread alone."""

    fired: list[bool] = []

    def give_up(_signal: int, _frame: object) -> None:
        fired.append(True)
        raise Hang

    before = signal.signal(signal.SIGALRM, give_up)
    # Again and again: what is raised in a finalizer is dropped.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    except BaseException:
        if fired:  # an event loop makes a cancellation of it
            raise Hang from None
        raise
    else:
        if fired:
            raise Hang
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def tried(call: Callable[[], T], *, secrets: Collection[str] = ()) -> T | SmsctlError:
    """Return what the call gives, or its error of the tree. Raises Breach for anything else.

    None of the secrets may stand in what the error or the value shows of itself.
    """
    told: list[str] = []
    with _overheard(told):
        try:
            given: T | SmsctlError = call()
        except SmsctlError as error:
            given = error
            told += [str(error), str(error.hint), *map(str, getattr(error, "problems", ()))]
            told += _chained(error)
        except Exception as error:
            raise Breach("outside", _place(error)) from error
    told.append(repr(given))
    if any(_shows(text, secret) for text in told for secret in secrets):
        raise Breach("told", f"a secret in what {type(given).__name__} or its log says")
    return given


def _shows(text: str, secret: str) -> bool:
    # Not inside a longer number or a hex string: there it is chance.
    apart = rf"(?<![0-9A-Za-z.]){re.escape(secret)}(?![0-9A-Za-z])"
    return secret in text and re.search(apart, text) is not None


def _chained(error: BaseException) -> list[str]:
    """Return what a traceback of this error would say, beside the code."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [f"{error!r} {error}", *(_chained(cause) if cause else [])]


def _place(error: BaseException) -> str:
    """Return the error's type and the innermost line of smsctl's on its way."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/smsctl/" in frame.filename] or list(frames)
    last = ours[-1]
    return f"{type(error).__name__} from {last.filename.rpartition('/smsctl/')[2]}:{last.name}"


class _Ear(logging.Handler):
    told: list[str] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self.told is not None:
            self.told.append(self.format(record))


_EAR = _Ear()


@contextmanager
def _overheard(told: list[str]) -> Iterator[None]:
    """Add to `told` what is logged meanwhile, by whomever."""
    root = logging.getLogger()
    if _EAR not in root.handlers:
        root.addHandler(_EAR)
    _EAR.told = told
    try:
        yield
    finally:
        _EAR.told = None


def same(before: Any, after: Any, *, why: str) -> None:
    """Raises Breach where a refusal wrote something."""
    if before != after:
        raise Breach("write", why)
