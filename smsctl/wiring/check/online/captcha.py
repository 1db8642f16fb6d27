"""What the captcha vendor says of a token that is none. Pure.

Refused as a bad token, the secret is right; refused as a bad secret, every visitor would be.
"""

from __future__ import annotations

from collections.abc import Iterator

from smsctl.config import Config
from smsctl.core.phrase import phrase
from smsctl.core.ports import Human, Misconfigured, NotHuman, Outage
from smsctl.vendors.captcha_answers import overdue
from smsctl.vendors.codes.table import known
from smsctl.vendors.turnstile_answers import is_test_secret
from smsctl.wiring.account import CaptchaResult
from smsctl.wiring.check.item import Item, error, ok, warn
from smsctl.wiring.check.settings import is_real

CHECK = "online.captcha"

_SCENE = frozenset({"F005", "F006", "F012"})
_TOKEN = frozenset(
    {
        *("invalid-input-response", "timeout-or-duplicate"),
        *("F001", "F002", "F003", "F008", "F013", "F014", "F017", "F018", "F019", "F020", "F023"),
    }
)
"""Refusals that are about the token: the secret, or the key, was taken before."""


def captcha_items(config: Config, verdict: CaptchaResult | None) -> Iterator[Item]:
    """Yield what the verdict on the made-up token means."""
    captcha = config.captcha
    if captcha.provider == "turnstile" and is_test_secret(captcha.secret):
        if not is_real(config):  # with a real gateway it is an error, told without asking
            yield ok(CHECK, phrase("one of Turnstile's secrets for tests: it was not asked"))
        return
    if captcha.provider != "none":
        yield _item(verdict)


def _item(verdict: CaptchaResult | None) -> Item:
    match verdict or overdue():
        case NotHuman(codes=codes):
            return _refused(set(codes), ", ".join(codes) or "-")
        case Human():
            return error(
                CHECK,
                phrase("a made-up token passed: the captcha tells nobody apart"),
                phrase("end the vendor's test mode, and check captcha.endpoint"),
            )
        case Misconfigured(problem=problem):
            return error(CHECK, problem.message, problem.hint)
        case Outage(explanation=explanation):
            return warn(CHECK, explanation, phrase("try again shortly"))


def _refused(codes: set[str], told: str) -> Item:
    if codes & _SCENE:
        return error(
            CHECK,
            phrase("the vendor does not know the scene: {code}", code=told),
            phrase("copy captcha.scene_id from the vendor's console"),
        )
    if codes & _TOKEN:
        return ok(
            CHECK,
            phrase(
                "the secret is right: a made-up token is refused as a token ({code})", code=told
            ),
        )
    entries = known(codes)
    if entries:
        first = entries[0]
        return warn(
            CHECK,
            phrase(
                "a made-up token is refused, and not clearly as a token: {meaning} ({code})",
                meaning=first.meaning,
                code=told,
            ),
            first.remedy,
        )
    return warn(
        CHECK,
        phrase("a made-up token is refused, and not clearly as a token: {code}", code=told),
        phrase("try the captcha once by hand"),
    )
