"""What `config init` has to know: given as options, or asked for at a terminal.

An answer that cannot be right is said so, and asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from smsctl.cli.commands.config import answers
from smsctl.cli.frame.failures import Unconfirmed
from smsctl.cli.frame.run import Run
from smsctl.config.starter import Starter
from smsctl.core.errors import SmsctlError
from smsctl.core.phrase import Phrase, phrase

T = TypeVar("T")


def interview(run: Run, given: Starter) -> Starter:
    """Return the answers: `given` where anything was, else what somebody says at the terminal.

    Raises Unconfirmed where the terminal's input ends before the last answer.
    """
    if given != Starter() or not run.terminal.interactive:
        return given
    sign = _asked(
        run,
        phrase("signature, without brackets; empty to try out on the console:"),
        answers.sign_name,
    )
    purposes = _purposes(run) if sign else {}
    captcha = _asked(run, phrase("captcha: none, turnstile or aliyun [none]:"), answers.captcha)
    scene = hostname = ""
    if captcha == "aliyun":
        scene = _asked(run, phrase("the captcha's scene id:"), answers.scene_id)
    if captcha == "turnstile":
        hostname = _asked(
            run, phrase("host name of the pages with the widget; empty for any:"), answers.hostname
        )
    store = _asked(
        run,
        phrase("store: embedded, or redis://host:6379/0 and its like [embedded]:"),
        answers.store_url,
    )
    return Starter(
        sign_name=sign,
        purposes=purposes,
        captcha=captcha,
        hostname=hostname,
        scene_id=scene,
        store=store,
    )


def _purposes(run: Run) -> Mapping[str, str]:
    """Return the templates by purpose; with a template for login, that is the first."""
    code = _asked(run, phrase("template for login, like SMS_20261234:"), answers.template)
    login = [f"login={code}"] if code else []
    return _asked(
        run,
        phrase("more purposes, like pay=SMS_20265678, with spaces between:"),
        lambda text: answers.purposes([*login, *text.split()]),
    )


def _asked(run: Run, question: Phrase, read: Callable[[str], T]) -> T:
    """Return the answer to a question as `read` reads it; asks again where it raises."""
    while True:
        said = run.answer(question)
        if said is None:
            run.err.write([""])
            raise Unconfirmed(phrase("the answers ended too early: nothing was written"))
        try:
            return read(said.strip())
        except SmsctlError as error:
            run.err.write([run.err.paint(run.err.say(error.message), "warn")])
