"""What the configured vendors need to be asked, imported when a guard opens, and tried."""

from __future__ import annotations

from collections.abc import Iterator

from smsctl.config import Config
from smsctl.core.errors import ConfigError, Problem
from smsctl.vendors.aliyun_client import unusable
from smsctl.vendors.captcha_answers import unmade
from smsctl.vendors.libraries import HTTP, SDK, missing


def import_libraries(config: Config) -> None:
    """Import what a send will need, so that no deadline pays for it. Raises ConfigError.

    Whoever opens a guard before he forks shares it among his processes.
    """
    problems = tuple(_problems(config))
    if problems:
        raise ConfigError(*problems)


def _problems(config: Config) -> Iterator[Problem]:
    if config.gateway.provider == "aliyun" and (broken := missing(SDK)):
        yield unusable(broken)
    modules = {"aliyun": SDK, "turnstile": HTTP}.get(config.captcha.provider, ())
    if broken := missing(modules):
        yield unmade(broken)
