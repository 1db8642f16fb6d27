"""What the configuration says that is right value by value, and dangerous together.

Pure but for one look at the file's mode.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from smsctl.config import Config
from smsctl.config.sections import Gateway
from smsctl.core.phrase import phrase
from smsctl.core.policy import DEFAULT_PURPOSE
from smsctl.vendors.turnstile_answers import is_test_secret
from smsctl.wiring.check.item import Item, error, ok, warn

_SOON = timedelta(days=7)
"""How long before its end a test number is named: who relies on it has a working week."""


def is_real(config: Config) -> bool:
    """Say whether messages leave this host and cost money."""
    return config.gateway.provider != "console"


def settings_items(config: Config, now: datetime) -> Iterator[Item]:
    """Yield what is found without asking anybody; `now` is aware."""
    yield from _file(config.path)
    yield from _gateway(config)
    yield from _placeholders(config)
    yield from _captcha(config)
    yield from _address(config)
    yield from _test_numbers(config, now)


def embedded_items(config: Config) -> Iterator[Item]:
    """Yield a warning where a real gateway's fuse would be one user's."""
    if is_real(config) and config.store.url == "embedded":
        yield warn(
            "store.url",
            phrase(
                "a real gateway on the embedded store: its fuse is this user's on this host alone"
            ),
            phrase("name one server for all hosts in store.url"),
        )


def _file(path: Path | None) -> Iterator[Item]:
    if path is None:
        yield warn(
            "config.file",
            phrase("there is no configuration file: the defaults are in force"),
            phrase("write one: smsctl config init"),
        )
        return
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return  # it went away since it was read
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield warn(
            "config.file",
            phrase("others can write {file}: whoever does decides the limits", file=path),
            phrase("chmod go-w {file}", file=path),
        )
    else:
        yield ok("config.file", phrase("{file}, mode {mode}", file=path, mode=f"{mode:04o}"))


def _gateway(config: Config) -> Iterator[Item]:
    gateway = config.gateway
    present = bool(gateway.access_key_id and gateway.access_key_secret)
    if is_real(config):
        # Without them the configuration would not have been read.
        yield ok("gateway.provider", phrase("Alibaba Cloud, with an access key"))
    elif present and config.captcha.provider != "aliyun":
        yield warn(
            "gateway.provider",
            phrase("the console gateway sends nothing, and an access key is configured beside it"),
            phrase("write gateway.provider: aliyun if messages are meant to be sent"),
        )
    else:
        yield ok("gateway.provider", phrase("the console gateway: messages are printed, not sent"))


def _placeholders(config: Config) -> Iterator[Item]:
    if not is_real(config):
        return
    if config.gateway.sign_name == Gateway().sign_name:
        yield error(
            "gateway.sign_name",
            phrase("is still the example's: the vendor knows no such signature"),
            phrase("write the signature that the vendor approved"),
        )
    for name, purpose in config.purposes.items():
        if purpose.template == DEFAULT_PURPOSE.template:
            yield error(
                f"purposes.{name}.template",
                phrase("is still the example's: the vendor knows no such template"),
                phrase("write the code of the template that the vendor approved"),
            )


def _captcha(config: Config) -> Iterator[Item]:
    captcha, real = config.captcha, is_real(config)
    if captcha.provider == "none":
        if real:
            yield warn(
                "captcha.provider",
                phrase("no human check before a real gateway: programs can press the button"),
                phrase("configure turnstile or aliyun"),
            )
        else:
            yield ok("captcha.provider", phrase("no human check, and nothing is sent"))
        return
    if captcha.provider == "turnstile" and real and is_test_secret(captcha.secret):
        yield error(
            "captcha.secret",
            phrase("is one of Turnstile's secrets for tests: it tells nobody apart"),
            phrase("copy the secret key of this site from the vendor's dashboard"),
        )
    else:
        yield ok("captcha.provider", phrase("{provider}", provider=captcha.provider))
    if captcha.on_outage == "allow":
        yield warn(
            "captcha.on_outage",
            phrase(
                "while the captcha vendor is down, up to {count} sends an hour pass unchecked",
                count=captcha.outage_max,
            ),
            phrase("refuse lets none through"),
        )


def _address(config: Config) -> Iterator[Item]:
    if config.address.private == "count":
        yield warn(
            "address.private",
            phrase(
                "private addresses count as clients: behind a proxy all visitors share one limit"
            ),
            phrase("pass the client's address from the trusted proxy, and write refuse"),
        )


def _test_numbers(config: Config, now: datetime) -> Iterator[Item]:
    for index, number in enumerate(config.test_numbers):
        until = number.until.isoformat(timespec="seconds")
        if number.until <= now:
            yield warn(
                f"test_numbers[{index}]",
                phrase("ran out on {until} and is refused", until=until),
                phrase("take it out, or give it another until"),
            )
        elif number.until <= now + _SOON:
            yield warn(
                f"test_numbers[{index}]",
                phrase("runs out on {until} and is refused from then on", until=until),
                phrase("take it out, or give it another until"),
            )
    left = sum(number.until > now for number in config.test_numbers)
    if left:
        yield ok(
            "test_numbers",
            phrase("{count} in force: fixed codes, nothing sent, no limits", count=left),
        )
