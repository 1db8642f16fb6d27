"""Which questions a configuration has, and who is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from smsctl.config import Config
from smsctl.config.needs import ACCOUNT
from smsctl.config.sections import Gateway
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import Problem
from smsctl.core.policy import DEFAULT_PURPOSE
from smsctl.core.ports import Captcha
from smsctl.vendors.aliyun_account.questions import AccountReader, Heard, Question
from smsctl.vendors.aliyun_client import read_account
from smsctl.vendors.captcha_answers import CaptchaResult
from smsctl.vendors.lane import Lane
from smsctl.vendors.turnstile_answers import is_test_secret
from smsctl.wiring.parts import captcha_of

PROBE = "smsctl-check-this-is-no-token"
"""What the captcha vendors are asked about: nobody's token, to be refused as one."""

CAPTCHA: Literal["captcha"] = "captcha"
QUALIFICATIONS = Question("QuerySmsQualificationRecord")
SIGNS = Question("QuerySmsSignList")
TEMPLATES = Question("QuerySmsTemplateList")
SENDING = Question("SendSms")

Ask = Question | Literal["captcha"]


def sign_missing(config: Config) -> bool:
    """Say whether the signature is still the example's, or none."""
    return config.gateway.sign_name in {"", Gateway().sign_name}


def template_missing(code: str) -> bool:
    """Say whether this template is the example's, or none."""
    return code in {"", DEFAULT_PURPOSE.template}


def captcha_lacks(config: Config) -> tuple[Problem, ...]:
    """Return why the captcha's vendor cannot be asked; nothing if he can."""
    shared = ACCOUNT if config.captcha.provider == "aliyun" else ()
    return config.wrong("captcha", *shared)


class Asking:
    """The vendors behind one configuration. Raises ConfigError."""

    def __init__(self, config: Config, lane: Lane, clock: Callable[[], float]) -> None:
        self._config = config
        self._reader = _reader(config, clock)
        self._captcha = _captcha(config, lane)

    def ask(self, question: Ask) -> Heard | CaptchaResult:
        """Return the answer to one of `questions`."""
        if isinstance(question, Question):
            if self._reader is None:
                raise ValueError(question)
            return self._reader.ask(question)
        if self._captcha is None:
            raise ValueError(question)
        return run_blocking(self._captcha.check(PROBE, ip=None))

    def questions(self, *, lists: bool) -> list[Ask]:
        """Return what there is to ask; `lists`: also what the account has to choose from."""
        found: list[Ask] = [CAPTCHA] if self._captcha else []
        if self._reader is None:
            return found
        found += [SENDING, QUALIFICATIONS]
        if not sign_missing(self._config):
            found.append(Question("GetSmsSign", self._config.gateway.sign_name))
        elif lists:
            found.append(SIGNS)
        codes = {purpose.template for purpose in self._config.purposes.values()}
        known = sorted(code for code in codes if not template_missing(code))
        found += [Question("GetSmsTemplate", code) for code in known]
        return [*found, TEMPLATES] if lists and len(known) < len(codes) else found


def _reader(config: Config, clock: Callable[[], float]) -> AccountReader | None:
    """Return who is asked about the account; None without one, or without its key."""
    gateway = config.gateway
    if gateway.provider == "console" or config.wrong(*ACCOUNT):
        return None
    account = read_account(
        access_key_id=gateway.access_key_id,
        access_key_secret=gateway.access_key_secret,
        endpoint=gateway.endpoint,
        endpoint_path="gateway.endpoint",
        proxy=gateway.proxy,
        timeout=gateway.timeout,
    )
    return AccountReader(account, clock=clock)


def _captcha(config: Config, lane: Lane) -> Captcha | None:
    """Return who is asked about the captcha; None where nobody can be, or nothing is learnt."""
    captcha = config.captcha
    if captcha_lacks(config):
        return None
    # A secret for tests answers as its name says, whatever it is asked.
    if captcha.provider == "turnstile" and is_test_secret(captcha.secret):
        return None
    return captcha_of(config, lane)
