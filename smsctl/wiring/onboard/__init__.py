"""The path to launch as a list of steps, each as it stands now.

There is no file of what was done: the steps come from the vendors' answers, the configuration, and
the store's usage, so the list is right whoever did what in between. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smsctl.config import Config
from smsctl.config.needs import ACCOUNT
from smsctl.core.admin import Day
from smsctl.core.errors import SmsctlError
from smsctl.core.phrase import phrase
from smsctl.wiring.account import Told
from smsctl.wiring.check.settings import is_real
from smsctl.wiring.onboard.own import (
    captcha_step,
    credentials_step,
    first_send_step,
    limits_step,
)
from smsctl.wiring.onboard.reviewed import qualification_step, sign_step, template_step
from smsctl.wiring.onboard.step import (
    QUALIFICATIONS,
    SIGNS,
    TEMPLATES,
    State,
    Step,
    StepName,
    unknown,
)

__all__ = ["State", "Step", "StepName", "steps"]

_PAGES: tuple[tuple[StepName, str], ...] = (
    ("qualification", QUALIFICATIONS),
    ("signature", SIGNS),
    ("template", TEMPLATES),
)


def steps(config: Config, told: Told, days: Sequence[Day] | SmsctlError) -> list[Step]:
    """Return the steps in the order in which they are taken."""
    return [
        *_reviewed(config, told),
        credentials_step(config, told),
        captcha_step(config, told),
        first_send_step(config, told, days),
        limits_step(config),
    ]


def _reviewed(config: Config, told: Told) -> Iterator[Step]:
    if not is_real(config):
        yield from _unbegun()
    elif told.stopped or config.wrong(*ACCOUNT):
        for name, page in _PAGES:
            yield unknown(name, phrase("not known: the SMS vendor could not be asked"), page=page)
    else:
        yield qualification_step(told, config.timezone)
        yield sign_step(config, told)
        yield template_step(config, told)


def _unbegun() -> Iterator[Step]:
    """Yield what comes first where no vendor is configured: how far it got cannot be asked."""
    yield Step(
        name="qualification",
        state="todo",
        message=phrase("apply for it: the vendor looks at the papers for about two days"),
        page=QUALIFICATIONS,
    )
    yield Step(
        name="signature",
        state="todo",
        message=phrase("apply for one; lint says first what a reviewer would object to"),
        command="smsctl lint sign NAME",
        page=SIGNS,
    )
    yield Step(
        name="template",
        state="todo",
        message=phrase("apply for one; lint says first what a reviewer would object to"),
        command="smsctl lint template --file FILE",
        page=TEMPLATES,
    )
