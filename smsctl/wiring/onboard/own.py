"""The steps that are the operator's own: credentials, captcha, the first message, limits. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from smsctl.config import Config, policy
from smsctl.config.needs import ACCOUNT
from smsctl.core.admin import Day
from smsctl.core.errors import Problem, SmsctlError
from smsctl.core.phrase import phrase
from smsctl.core.ports import Outage
from smsctl.core.review import review
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_account.values import Sign
from smsctl.wiring.account import Told
from smsctl.wiring.account.asking import captcha_lacks
from smsctl.wiring.check.online import sending_item
from smsctl.wiring.check.online.captcha import captcha_items
from smsctl.wiring.check.settings import is_real
from smsctl.wiring.onboard.step import (
    BINDING,
    CAPTCHA,
    RAM_POLICIES,
    RAM_USERS,
    TURNSTILE,
    Step,
    StepName,
    unknown,
)
from smsctl.wiring.promises import promised, sentences

_CHECK = "smsctl config check"
_TEST_TAG = 4


def credentials_step(config: Config, told: Told) -> Step:
    """Return whether the access key works, and may send."""
    name: StepName = "credentials"
    if not is_real(config):
        fresh = config.path is None
        return Step(
            name=name,
            state="todo",
            message=phrase(
                "make a RAM user with this policy, and configure gateway.provider: aliyun"
            ),
            command="smsctl config init" if fresh else "smsctl config ram-policy",
            page=RAM_USERS,
        )
    if missing := config.wrong(*ACCOUNT):
        return _lacking(name, missing, RAM_USERS)
    stopped = told.stopped
    if stopped and stopped.kind not in {"key", "clock"}:
        return unknown(name, stopped.message)
    if stopped:
        return Step(
            name=name,
            state="blocked",
            message=stopped.message,
            command=f"{_CHECK} --online",
            page=RAM_USERS if stopped.kind == "key" else None,
        )
    return _sending(told)


def captcha_step(config: Config, told: Told) -> Step:
    """Return whether people are told from programs."""
    name: StepName = "captcha"
    provider = config.captcha.provider
    page = CAPTCHA if provider == "aliyun" else TURNSTILE
    if provider == "none":
        return Step(
            name=name,
            state="todo",
            message=phrase("no human check: configure captcha.provider, turnstile or aliyun"),
            page=page,
        )
    if missing := captcha_lacks(config):
        return _lacking(name, missing, page)
    return _proved(config, told, provider, page)


def _proved(config: Config, told: Told, provider: str, page: str) -> Step:
    """Return what the captcha's vendor says of the secret."""
    name: StepName = "captcha"
    if isinstance(told.captcha, Outage):
        return unknown(name, told.captcha.explanation)
    found = list(captcha_items(config, told.captcha))
    if not found or told.captcha is None:
        return Step(
            name=name,
            state="todo",
            message=phrase("its secret is one for tests: copy your own site's"),
            page=page,
        )
    if found[0].level == "error":
        return Step(
            name=name,
            state="blocked",
            message=found[0].message,
            command=f"{_CHECK} --online",
            page=page,
        )
    if found[0].level == "warn":
        return unknown(name, found[0].message, page=page)
    return Step(name=name, state="done", message=phrase("{provider}", provider=provider))


def first_send_step(config: Config, told: Told, days: Sequence[Day] | SmsctlError) -> Step:
    """Return whether a message was ever sent; `days` is the store's usage."""
    name: StepName = "test-send"
    if isinstance(days, SmsctlError):
        return Step(name=name, state="unknown", message=days.message, command=_CHECK)
    sent = sum(day.outcomes.get("sent", 0) for day in days)
    verified = sum(day.outcomes.get("verified", 0) for day in days)
    if sent and is_real(config):
        return Step(
            name=name,
            state="done",
            message=phrase(
                "{sent} sent and {verified} verified in 90 days", sent=sent, verified=verified
            ),
        )
    skip = "" if config.captcha.provider == "none" else " --skip-captcha"
    test = isinstance(told.sign, Sign) and told.sign.tag == _TEST_TAG
    return Step(
        name=name,
        state="todo",
        message=phrase("bind your own number in the console, and send to it")
        if test
        else phrase("send one to your own number, and verify it"),
        command=f"smsctl send PHONE{skip}",
        page=BINDING if test else None,
    )


def limits_step(config: Config) -> Step:
    """Return whether the rules bound what a day can cost."""
    name: StepName = "limits"
    wrong = next((each for each in review(policy(config)) if each.level == "error"), None)
    if wrong:
        return Step(name=name, state="blocked", message=wrong.message, command=_CHECK)
    worst = sentences(promised(config))
    return Step(
        name=name,
        state="done",
        message=phrase("{messages}; {cost}", messages=worst["messages"], cost=worst["cost"]),
    )


def _lacking(name: StepName, missing: Sequence[Problem], page: str) -> Step:
    """Return a step whose values are not all there yet: the first of them is named."""
    return Step(
        name=name,
        state="todo",
        message=missing[0].placed,
        command=_CHECK,
        page=page,
    )


def _sending(told: Told) -> Step:
    name: StepName = "credentials"
    sending = told.sending or "unclear"
    item = sending_item(sending)
    if item.level == "ok":
        return Step(name=name, state="done", message=item.message)
    if item.level == "warn":
        return unknown(name, item.message)
    denied = isinstance(sending, Refusal) and sending.kind == "denied"
    return Step(
        name=name,
        state="blocked",
        message=item.message,
        command="smsctl config ram-policy" if denied else f"{_CHECK} --online",
        page=RAM_POLICIES if denied else None,
    )
