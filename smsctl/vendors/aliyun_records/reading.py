"""Whole answers: every page of each question, at the vendor's pace, within a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from smsctl.vendors.aliyun_account.refusals import LATE, Refusal, refusal_of, throttled
from smsctl.vendors.aliyun_client import Reply
from smsctl.vendors.aliyun_fields import whole
from smsctl.vendors.aliyun_records.questions import PAGE, Details, Question
from smsctl.vendors.aliyun_records.statistics import rows_told
from smsctl.vendors.inquiry import Inquiry
from smsctl.vendors.network import Broken

_MOST_PAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to ask, and by which clock; `now` and `pause` are that of pace and patience."""

    seconds: float = 30.0
    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], object] | None = None


def read(
    ask: Callable[[Question], Reply | Broken],
    questions: Iterable[Question],
    *,
    patience: Patience,
) -> Mapping[Question, Sequence[object] | Refusal]:
    """Return the bodies of each question's pages, or why one of them is missing."""
    wanted = list(dict.fromkeys(questions))
    inquiry: Inquiry[Question, Reply | Broken] = Inquiry(
        ask,
        seconds=patience.seconds,
        again=lambda _question, answer: throttled(answer),
        now=patience.now,
        pause=patience.pause,
    )
    try:
        told = dict(inquiry.answers(wanted))
        further = {each: _further(each, told.get(each)) for each in wanted}
        told |= inquiry.answers(page for pages in further.values() for page in pages)
    finally:
        inquiry.close()
    return {each: _bodies([each, *further[each]], told) for each in wanted}


def _further(question: Question, answer: Reply | Broken | None) -> list[Question]:
    body = answer.body if isinstance(answer, Reply) else None
    if isinstance(question, Details):
        rows = whole(getattr(body, "total_count", None)) or 0
    else:
        rows = rows_told(body)
    last = min(_MOST_PAGES, -(-rows // PAGE))
    return [replace(question, page=page) for page in range(2, last + 1)]


def _bodies(
    pages: Sequence[Question], told: Mapping[Question, Reply | Broken]
) -> Sequence[object] | Refusal:
    bodies: list[object] = []
    for page in pages:
        answer = told.get(page)
        refusal = LATE if answer is None else refusal_of(page, answer)
        if refusal or not isinstance(answer, Reply):
            return refusal or LATE
        bodies.append(answer.body)
    return bodies
