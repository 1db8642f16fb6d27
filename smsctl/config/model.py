"""The configuration as the rest of the program sees it, and what the core needs of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from smsctl.config.alerts import Alerts
from smsctl.config.intake import Setting
from smsctl.config.needs import NEEDS, Needs, concerning
from smsctl.config.sections import Address, Captcha, Code, Gateway, PhoneNumbers, Store
from smsctl.core.errors import ConfigError, Problem
from smsctl.core.policy import CodePolicy, Policy, Purpose, TestNumber
from smsctl.core.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything an operator decides. Secrets stay out of its repr."""

    gateway: Gateway
    purposes: Mapping[str, Purpose]
    default_purpose: str
    captcha: Captcha
    store: Store
    code: Code
    phone: PhoneNumbers
    address: Address
    test_numbers: tuple[TestNumber, ...]
    limits: tuple[Rule, ...]
    alerts: Alerts
    timezone: ZoneInfo
    path: Path | None
    """The file; None where there is none and the defaults stand."""
    overridden: bool
    """A variable of the environment stands for a value of a section."""
    settings: tuple[Setting, ...] = field(repr=False)
    """Every value in force with its origin, secrets masked, in the order of the sections."""
    problems: tuple[Problem, ...] = ()
    """Everything that is wrong, in the same order. The default stands in for a wrong value."""

    @property
    def configured(self) -> bool:
        """Whether an operator decided anything: there is a file, or a variable for a value."""
        return self.path is not None or self.overridden

    def wrong(self, *paths: str) -> tuple[Problem, ...]:
        """Return what is wrong with the values at these paths, or with parts of them."""
        return tuple(concerning(self.problems, paths))

    def require(self, needs: Needs) -> None:
        """Raise ConfigError with every problem that stops this use."""
        need = NEEDS[needs]
        stopping = [
            problem
            for problem in self.wrong(*need.paths)
            if not (need.without_secrets and problem.missing)
        ]
        if stopping:
            raise ConfigError(*stopping)

    def lacking(self, needs: Needs) -> tuple[Problem, ...]:
        """Return what does not stop this use, and should be said all the same.

        That is what is missing, and what is wrong with the alerts of who reads the store.
        """
        need = NEEDS[needs]
        if need.without_secrets:
            return tuple(problem for problem in self.wrong(*need.paths) if problem.missing)
        return self.wrong("alerts") if "store" in need.paths and "alerts" not in need.paths else ()

    def origin(self, path: str) -> str:
        """Say where the value at `path` came from; KeyError where there is no such value."""
        return next((each.origin for each in self.settings if each.path == path), "") or _no(path)


def policy(config: Config) -> Policy:
    """Return what the core needs to decide about a request."""
    code = config.code
    return Policy(
        rules=config.limits,
        purposes=config.purposes,
        default_purpose=config.default_purpose,
        code=CodePolicy(
            length=code.length,
            ttl=code.ttl,
            tries=code.tries,
            live=code.live,
            wrong_max=code.wrong.max,
            wrong_window=code.wrong.window,
            challenge=code.challenge,
        ),
        countries=config.phone.countries,
        timezone=config.timezone,
        private_addresses=config.address.private,
        on_outage=config.captcha.on_outage,
        outage_max=config.captcha.outage_max,
        test_numbers={number.e164: number for number in config.test_numbers},
        thresholds=config.alerts.fuse,
    )


def _no(path: str) -> str:
    raise KeyError(path)
