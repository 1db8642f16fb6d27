"""From the answers to one value. Pure but for the further pages of a list, which it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from smsctl.config import Config
from smsctl.vendors.aliyun_account.answers import (
    Sendable,
    last_page,
    probed,
    qualifications_of,
    sign_of,
    signs_of,
    template_of,
    templates_of,
)
from smsctl.vendors.aliyun_account.questions import Heard, Question
from smsctl.vendors.aliyun_account.refusals import LATE, Refusal, refusal_of
from smsctl.vendors.aliyun_account.values import Qualification
from smsctl.vendors.aliyun_client import Reply
from smsctl.vendors.captcha_answers import CaptchaResult
from smsctl.vendors.inquiry import Inquiry
from smsctl.wiring.account.asking import CAPTCHA, QUALIFICATIONS, SENDING, SIGNS, TEMPLATES, Ask
from smsctl.wiring.account.told import Told

_SILENT = {"unreachable", "late", "throttled"}


class Answers:
    """What came of the questions, lists with all their pages."""

    def __init__(
        self,
        inquiry: Inquiry[Ask, Heard | CaptchaResult],
        questions: list[Ask],
    ) -> None:
        self._inquiry = inquiry
        self._known = dict(inquiry.answers(questions))
        self.questions = [each for each in questions if isinstance(each, Question)]
        more = [page for each in self.questions for page in self._further(each)]
        self._known |= inquiry.answers(more)

    def refusal(self, question: Question) -> Refusal | None:
        heard = self._known.get(question)
        return refusal_of(question, heard.answer) if isinstance(heard, Heard) else LATE

    def body(self, question: Question) -> object:
        reply = self.reply(question)
        return reply.body if reply else None

    def reply(self, question: Question) -> Reply | None:
        heard = self._known.get(question)
        answer = heard.answer if isinstance(heard, Heard) else None
        return answer if isinstance(answer, Reply) else None

    def pages(self, question: Question) -> list[object] | Refusal:
        """Return the bodies of a list's pages, or why one of them is missing."""
        pages = [question, *self._further(question)]
        refused = (self.refusal(each) for each in pages)
        return next(filter(None, refused), None) or [self.body(each) for each in pages]

    def heard(self) -> Iterable[Heard]:
        return (each for each in self._known.values() if isinstance(each, Heard))

    def verdict(self) -> CaptchaResult | None:
        found = self._known.get(CAPTCHA)
        return None if isinstance(found, Heard) else found

    def _further(self, question: Question) -> list[Question]:
        body = self.body(question)
        if body is None or not question.action.startswith("Query"):
            return []
        return [replace(question, page=page) for page in range(2, last_page(body) + 1)]


def put_together(config: Config, answers: Answers) -> Told:
    """Return what all of them say."""
    asked = set(answers.questions)
    name = config.gateway.sign_name
    sign = Question("GetSmsSign", name)
    templates = [each for each in answers.questions if each.action == "GetSmsTemplate"]
    signs, listed = _bodies(answers, SIGNS, asked), _bodies(answers, TEMPLATES, asked)
    return Told(
        sending=_sending(answers) if SENDING in asked else None,
        sign=(answers.refusal(sign) or sign_of(name, answers.body(sign)))
        if sign in asked
        else None,
        templates={
            each.subject: answers.refusal(each) or template_of(each.subject, answers.body(each))
            for each in templates
        },
        qualifications=_qualifications(answers) if QUALIFICATIONS in asked else None,
        signs=tuple(each for body in signs for each in signs_of(body)),
        listed=tuple(each for body in listed for each in templates_of(body)),
        ahead=_ahead(answers.heard()),
        stopped=_stopped([answers.refusal(each) for each in answers.questions]),
        captcha=answers.verdict(),
    )


def _sending(answers: Answers) -> Sendable | Refusal:
    reply = answers.reply(SENDING)
    proved = probed(reply) if reply else None
    return proved or answers.refusal(SENDING) or "unclear"


def _qualifications(answers: Answers) -> tuple[Qualification, ...] | Refusal:
    pages = answers.pages(QUALIFICATIONS)
    if isinstance(pages, Refusal):
        return pages
    return tuple(each for body in pages for each in qualifications_of(body))


def _bodies(answers: Answers, question: Question, asked: set[Question]) -> list[object]:
    pages = answers.pages(question) if question in asked else []
    return [] if isinstance(pages, Refusal) else pages


def _stopped(refusals: list[Refusal | None]) -> Refusal | None:
    """Return the one reason that makes every other answer worthless."""
    found = [each for each in refusals if each]
    for kind in ("key", "clock"):
        for each in found:
            if each.kind == kind:
                return each
    silent = all(each and each.kind in _SILENT for each in refusals)
    return found[0] if found and silent else None


def _ahead(heard: Iterable[Heard]) -> float | None:
    """Return how far the vendor's clock is ahead, by the answer that was least on its way."""
    found = [
        moment.timestamp() - each.at
        for each in heard
        if isinstance(each.answer, Reply) and (moment := _moment(each.answer.date))
    ]
    return min(found, key=abs, default=None)


def _moment(date: str | None) -> datetime | None:
    try:
        told = parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
