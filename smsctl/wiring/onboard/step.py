"""One step on the way to launch: where it stands, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from smsctl.core.phrase import Phrase

StepName = Literal[
    "qualification", "signature", "template", "credentials", "captcha", "test-send", "limits"
]
State = Literal["done", "waiting", "todo", "blocked", "unknown"]
"""`waiting`: for the vendor. `todo`: for the operator. `blocked`: refused, it has to be mended.
`unknown`: it could not be asked."""

CONSOLE = "https://dysms.console.aliyun.com"
QUALIFICATIONS = f"{CONSOLE}/domestic/text/qualification"
SIGNS = f"{CONSOLE}/domestic/text/sign"
TEMPLATES = f"{CONSOLE}/domestic/text/template"
OVERVIEW = f"{CONSOLE}/overview"
BINDING = f"{CONSOLE}/quickstart"
RAM_USERS = "https://ram.console.aliyun.com/users"
RAM_POLICIES = "https://ram.console.aliyun.com/policies"
CAPTCHA = "https://yundun.console.aliyun.com/?p=captcha"
TURNSTILE = "https://dash.cloudflare.com/?to=/:account/turnstile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step as it stands now."""

    name: StepName
    state: State
    message: Phrase
    since: datetime | None = None
    """When the vendor last had it, or decided on it; aware."""
    command: str | None = None
    """What to type next."""
    page: str | None = None
    """Where to go next."""


def unknown(name: StepName, message: Phrase, *, page: str | None = None) -> Step:
    """Return a step that could not be asked about."""
    return Step(
        name=name,
        state="unknown",
        message=message,
        command="smsctl config check --online",
        page=page,
    )
