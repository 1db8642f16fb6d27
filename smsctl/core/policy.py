"""What the operator decided, as plain values: the whole input of the guard besides the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from smsctl.core.rules import Rule, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a code is for, and the vendor's template that says so."""

    template: str
    variable: str = "code"
    """The template's one variable."""
    text: str = ""
    """The template's words with `${code}` in them, for segments and price; empty when unknown."""


DEFAULT_PURPOSE = Purpose(template="SMS_20261234")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePolicy:
    """The one-time rule."""

    length: int = 6
    ttl: float = 300.0
    """Seconds."""
    tries: int = 3
    live: int = 1
    """How many of the newest codes stay valid."""
    wrong_max: int = 20
    wrong_window: float = 86400.0
    """Seconds."""
    challenge: Literal["none", "required"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestNumber:
    """A phone with a fixed code, to which nothing is sent."""

    __test__ = False  # not a test case, whatever pytest thinks of its name

    e164: str = field(repr=False)
    code: str = field(repr=False)
    until: datetime
    """Aware; refused from then on."""


DEFAULT_RULES = (
    Rule(name="phone-minute", per="phone", max=1, window=Window.read("60s")),
    Rule(name="phone-hour", per="phone", max=5, window=Window.read("1h")),
    Rule(name="phone-day", per="phone", max=10, window=Window.read("24h")),
    Rule(name="ip-day", per="ip", max=10, window=Window.read("day")),
    Rule(name="fuse", per="all", max=5000, window=Window.read("day")),
)
"""Never looser than the vendor's own 1 a minute, 5 an hour, 10 a day for one phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything that decides about a request; without arguments, the defaults."""

    rules: tuple[Rule, ...] = DEFAULT_RULES
    purposes: Mapping[str, Purpose] = field(default_factory=lambda: {"login": DEFAULT_PURPOSE})
    default_purpose: str = "login"
    code: CodePolicy = field(default_factory=CodePolicy)
    countries: frozenset[str] = frozenset({"CN"})
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    private_addresses: Literal["refuse", "count"] = "refuse"
    on_outage: Literal["refuse", "allow"] = "refuse"
    outage_max: int = 60
    """Sends an hour that a captcha outage may let through."""
    test_numbers: Mapping[str, TestNumber] = field(default_factory=dict)
    """By E.164."""
    thresholds: tuple[int, ...] = (50, 80, 100)
    """Percent of a fuse whose reaching is an alert."""
    alarming: frozenset[str] = frozenset()
    """The gateway's codes that mean money or account trouble."""
