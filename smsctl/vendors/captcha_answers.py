"""What both captcha vendors' failures mean: pure values, kept in one place.

Only an outage of the vendor is an Outage: an operator may let a few through while it lasts.
"""

from __future__ import annotations

from smsctl.core.errors import Problem
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.ports import Human, Misconfigured, NotHuman, Outage
from smsctl.vendors.libraries import REMEDY
from smsctl.vendors.network import Broken

CaptchaResult = Human | NotHuman | Outage | Misconfigured


def saturated() -> Outage:
    """Return the verdict of a check that was never made."""
    return Outage(
        explanation=phrase("too many checks are waiting for the captcha vendor's answers")
    )


def overdue() -> Outage:
    """Return the verdict of a check that is still under way after its deadline."""
    return Outage(explanation=phrase("the captcha vendor did not answer in time"))


def failed() -> Outage:
    """Return the verdict where the vendor says itself that it failed."""
    return Outage(explanation=phrase("the captcha vendor failed"))


def unreadable() -> Outage:
    """Return the verdict of an answer that says nothing."""
    return Outage(explanation=phrase("the captcha vendor's answer could not be read"))


def broken(call: Broken) -> Outage | Misconfigured:
    """Return the verdict where the call broke.

    A certificate that does not verify is no outage: somebody else may be answering. Nor is a
    request that this host could not even make.
    """
    if call.how == "unmade":
        return Misconfigured(problem=unmade(call))
    if call.how == "tls":
        return misconfigured(
            "captcha.endpoint",
            phrase("the captcha vendor's certificate could not be verified"),
            phrase("check captcha.endpoint, the clock, and what sits on the network between"),
        )
    if call.how == "lost":
        return Outage(
            explanation=phrase("the captcha vendor's answer was lost or could not be read")
        )
    return Outage(explanation=phrase("the captcha vendor could not be reached"))


def unmade(call: Broken) -> Problem:
    """Return what is wrong with an installation where no request to the captcha vendor begins."""
    return Problem(
        "captcha.sdk",
        phrase("no request to the captcha vendor can be made: {fault}", fault=call.fault),
        REMEDY,
    )


def misconfigured(path: str, message: Phrase, hint: Phrase) -> Misconfigured:
    """Return the verdict where the operator has to act; `path` is the configuration's."""
    return Misconfigured(problem=Problem(path, message, hint))
