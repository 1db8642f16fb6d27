"""What the vendors say of what is configured, asked once and put together. Nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Callable

from smsctl.config import Config
from smsctl.vendors.aliyun_account.actions import READS
from smsctl.vendors.aliyun_account.questions import Heard, Question
from smsctl.vendors.aliyun_account.refusals import throttled
from smsctl.vendors.captcha_answers import CaptchaResult
from smsctl.vendors.inquiry import Inquiry
from smsctl.vendors.lane import Lane
from smsctl.wiring.account.answering import Answers, put_together
from smsctl.wiring.account.asking import Ask, Asking
from smsctl.wiring.account.told import NOBODY_ASKED, Told
from smsctl.wiring.libraries import import_libraries

__all__ = ["NOBODY_ASKED", "SECONDS", "CaptchaResult", "Told", "consult"]

SECONDS = 30.0
"""Wall-clock time for all questions of one look."""


def consult(
    config: Config,
    *,
    lists: bool = False,
    seconds: float = SECONDS,
    clock: Callable[[], float] = time.time,
    now: Callable[[], float] = time.monotonic,
    pause: Callable[[float], object] | None = None,
) -> Told:
    """Return what the vendors say; `lists`: also what the account has where nothing is configured.

    Only with the real gateway is the SMS vendor asked. Raises ConfigError.
    """
    import_libraries(config)
    lane = Lane(threads=1, queue=1, blocking=True)
    try:
        asked = Asking(config, lane, clock)
        inquiry: Inquiry[Ask, Heard | CaptchaResult] = Inquiry(
            asked.ask,
            seconds=seconds,
            again=_again,
            now=now,
            pause=pause,
        )
        try:
            answers = Answers(inquiry, asked.questions(lists=lists))
            return put_together(config, answers)
        finally:
            inquiry.close()
    finally:
        lane.close()


def _again(question: Ask, heard: Heard | CaptchaResult) -> bool:
    """Say whether to ask again: a read that was throttled, and nothing else ever."""
    read = isinstance(question, Question) and question.action in READS
    return read and isinstance(heard, Heard) and throttled(heard.answer)
