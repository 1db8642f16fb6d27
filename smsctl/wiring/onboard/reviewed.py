"""The steps that the vendor reviews: qualification, signature, templates. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TypeVar
from zoneinfo import ZoneInfo

from smsctl.config import Config
from smsctl.core.phrase import Phrase, phrase
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_account.values import (
    Carrier,
    Qualification,
    Review,
    Sign,
    Template,
)
from smsctl.wiring.account import Told
from smsctl.wiring.account.asking import sign_missing, template_missing
from smsctl.wiring.check.online.sign import (
    CARRIERS,
    qualification_of,
    review_message,
    sign_items,
    when,
)
from smsctl.wiring.check.online.template import template_items
from smsctl.wiring.onboard.step import (
    QUALIFICATIONS,
    RAM_POLICIES,
    SIGNS,
    TEMPLATES,
    State,
    Step,
    StepName,
    unknown,
)

T = TypeVar("T", Qualification, Sign, Template)

_CHECK = "smsctl config check --online"
_POLICY = "smsctl config ram-policy"
_WATCH = "smsctl onboard --watch"
_MEND: Mapping[StepName, str] = {
    "signature": "smsctl lint sign",
    "template": "smsctl lint template",
}
"""Lint, of what is configured."""
_LINT_SIGN = "smsctl lint sign NAME"
_LINT_TEMPLATE = "smsctl lint template --file FILE"

_STATES: Mapping[Review, State] = {
    "approved": "done",
    "pending": "waiting",
    "rejected": "blocked",
    "unfinished": "blocked",
    "cancelled": "todo",
    "unknown": "unknown",
}
_BEST = ("approved", "pending", "unfinished", "rejected", "cancelled", "unknown")
_WORST: Sequence[State] = ("blocked", "waiting", "todo", "unknown", "done")
_TEST_TAG = 4


def qualification_step(told: Told, zone: ZoneInfo) -> Step:
    """Return where the qualification stands: the signature's, or the account's best."""
    name: StepName = "qualification"
    found = told.qualifications
    if isinstance(found, Refusal):
        return _refused(name, found, QUALIFICATIONS)
    bound = qualification_of(told.sign, found or ()) if isinstance(told.sign, Sign) else None
    best = bound or _best(found or ())
    if best is None:
        return Step(
            name=name,
            state="todo",
            message=phrase("apply for it: the vendor looks at the papers for about two days"),
            page=QUALIFICATIONS,
        )
    return _reviewed(name, best, zone, QUALIFICATIONS)


def sign_step(config: Config, told: Told) -> Step:
    """Return where the configured signature stands; without one, which there are."""
    name: StepName = "signature"
    if sign_missing(config):
        return _choose_sign(told.signs, config.timezone)
    sign = told.sign
    if sign is None or isinstance(sign, Refusal):
        return _refused(name, sign, SIGNS)
    if sign.review != "approved":
        return _reviewed(name, sign, config.timezone, SIGNS)
    return _approved_sign(config, sign)


def template_step(config: Config, told: Told) -> Step:
    """Return where the purposes' templates stand: the one that is furthest from done."""
    steps = [_template(config, name, told) for name in config.purposes]
    return min(steps, key=lambda step: _WORST.index(step.state))


def _template(config: Config, purpose: str, told: Told) -> Step:
    name: StepName = "template"
    code = config.purposes[purpose].template
    if template_missing(code):
        return _choose_template(purpose, told.listed, config.timezone)
    template = told.templates.get(code)
    if template is None or isinstance(template, Refusal):
        return _refused(name, template, TEMPLATES, of=purpose)
    if template.review != "approved":
        return _reviewed(name, template, config.timezone, TEMPLATES, of=purpose)
    items = template_items(config, purpose, template)
    wrong = next((each for each in items if each.level == "error"), None)
    if wrong:
        return Step(
            name=name,
            state="blocked",
            message=_of(purpose, wrong.message),
            command=_CHECK,
            page=TEMPLATES,
        )
    message = phrase("approved") if len(config.purposes) == 1 else phrase("all are approved")
    return Step(name=name, state="done", message=message, since=template.audited)


def _approved_sign(config: Config, sign: Sign) -> Step:
    name: StepName = "signature"
    items = sign_items(sign, config.timezone)
    wrong = next((each for each in items if each.level == "error"), None)
    if wrong:
        test = sign.tag == _TEST_TAG
        return Step(
            name=name,
            state="todo" if test else "blocked",
            message=wrong.message,
            command=_LINT_SIGN if test else _CHECK,
            page=SIGNS,
        )
    waiting = [each for each in sign.carriers if each.state == "registering"]
    if waiting:
        return Step(
            name=name,
            state="waiting",
            message=phrase(
                "approved, and being registered with {carriers}", carriers=_names(waiting)
            ),
            since=sign.audited or sign.created,
            command=_WATCH,
            page=SIGNS,
        )
    return Step(name=name, state="done", message=phrase("approved"), since=sign.audited)


def _choose_sign(signs: Sequence[Sign], zone: ZoneInfo) -> Step:
    name: StepName = "signature"
    best = _best(signs)
    if best is None:
        return Step(
            name=name,
            state="todo",
            message=phrase("apply for one; lint says first what a reviewer would object to"),
            command=_LINT_SIGN,
            page=SIGNS,
        )
    if best.review == "approved":
        return Step(
            name=name,
            state="todo",
            message=phrase("{name} is approved: write it to gateway.sign_name", name=best.name),
            page=SIGNS,
        )
    return _reviewed(name, best, zone, SIGNS, of=best.name)


def _choose_template(purpose: str, listed: Sequence[Template], zone: ZoneInfo) -> Step:
    name: StepName = "template"
    best = _best([each for each in listed if each.kind == 0])
    if best is None:
        return Step(
            name=name,
            state="todo",
            message=phrase(
                "{purpose}: apply for one; lint says first what a reviewer would object to",
                purpose=purpose,
            ),
            command=_LINT_TEMPLATE,
            page=TEMPLATES,
        )
    if best.review == "approved":
        return Step(
            name=name,
            state="todo",
            message=phrase(
                "{code} is approved: write it to purposes.{purpose}.template",
                code=best.code,
                purpose=purpose,
            ),
            page=TEMPLATES,
        )
    return _reviewed(name, best, zone, TEMPLATES, of=best.code)


def _best(found: Sequence[T]) -> T | None:
    """Return what is furthest, and of equals the newest."""

    def rank(each: T) -> tuple[int, float]:
        return _BEST.index(each.review), -(each.created.timestamp() if each.created else 0.0)

    return min(found, key=rank, default=None)


def _names(carriers: Sequence[Carrier]) -> Phrase:
    names = [CARRIERS[each.name] for each in carriers]
    return reduce(lambda first, rest: phrase("{first}, {rest}", first=first, rest=rest), names)


def _reviewed(
    name: StepName,
    found: Qualification | Sign | Template,
    zone: ZoneInfo,
    page: str,
    *,
    of: str = "",
) -> Step:
    message = review_message(found.review, reason=found.reason, since=when(found.created, zone))
    decided = found.review in {"approved", "rejected", "cancelled", "unfinished"}
    state = _STATES[found.review]
    return Step(
        name=name,
        state=state,
        message=_of(of, message),
        since=(found.audited or found.created) if decided else found.created,
        command=_WATCH if state == "waiting" else _MEND.get(name) if state != "done" else None,
        page=None if state == "done" else page,
    )


def _refused(name: StepName, refusal: Refusal | None, page: str, *, of: str = "") -> Step:
    if refusal is None:
        return unknown(name, phrase("it was not asked about"), page=page)
    if refusal.kind == "absent":
        message = phrase("the account does not have what is configured")
        return Step(name=name, state="blocked", message=_of(of, message), command=_CHECK, page=page)
    if refusal.kind == "denied":
        return Step(
            name=name,
            state="unknown",
            message=refusal.message,
            command=_POLICY,
            page=RAM_POLICIES,
        )
    return unknown(name, _of(of, refusal.message), page=page)


def _of(what: str, message: Phrase) -> Phrase:
    return phrase("{what}: {message}", what=what, message=message) if what else message
