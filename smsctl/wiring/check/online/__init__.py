"""What `config check --online` adds: what the vendors say of what is configured. Pure.

Where the SMS vendor could not be asked at all, that is one item and not one for each question.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from smsctl.config import Config
from smsctl.core.phrase import phrase
from smsctl.vendors.aliyun_account.answers import Sendable
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.wiring.account import Told
from smsctl.wiring.check.item import Item, error, ok, warn
from smsctl.wiring.check.online.captcha import captcha_items
from smsctl.wiring.check.online.sign import qualification_items, sign_items
from smsctl.wiring.check.online.template import template_items
from smsctl.wiring.check.settings import is_real

_NOTICEABLE = 30.0  # s; the vendor's Date has whole ones, and caches may add some

_STOPPED = {"key": "online.key", "clock": "online.clock"}


def online_items(config: Config, told: Told) -> Iterator[Item]:
    """Yield what the answers mean for this configuration."""
    if not is_real(config):
        yield ok("online.gateway", phrase("the console gateway: there is no SMS vendor to ask"))
    elif told.stopped:
        check = _STOPPED.get(told.stopped.kind, "online.gateway")
        yield error(check, told.stopped.message, told.stopped.hint)
    else:
        yield from _account(config, told)
    yield from captcha_items(config, told.captcha)


def sending_item(sending: Sendable | Refusal) -> Item:
    """Return whether the key may send."""
    check = "online.send"
    if isinstance(sending, Refusal):
        unknown = sending.kind in {"throttled", "late", "unreachable"}
        return (warn if unknown else error)(check, sending.message, sending.hint)
    match sending:
        case "may":
            return ok(check, phrase("the access key may send: dysms:SendSms"))
        case "unclear":
            return warn(
                check,
                phrase("whether the access key may send could not be proved without sending"),
                phrase("make sure that its RAM user has dysms:SendSms"),
            )
        case "sent":
            return error(
                check,
                phrase("the vendor took a message that has neither phone nor template"),
                phrase("check gateway.endpoint: this is not how the vendor answers"),
            )


def _account(config: Config, told: Told) -> Iterator[Item]:
    zone: ZoneInfo = config.timezone
    yield ok("online.key", phrase("the vendor knows the access key"))
    if told.sending is not None:
        yield sending_item(told.sending)
    yield _clock(told.ahead)
    if told.sign is not None:
        yield from sign_items(told.sign, zone)
    yield from qualification_items(told, zone)
    for name, purpose in config.purposes.items():
        if purpose.template in told.templates:
            yield from template_items(config, name, told.templates[purpose.template])


def _clock(ahead: float | None) -> Item:
    check = "online.clock"
    if ahead is None:
        return warn(
            check,
            phrase("the vendor's answers have no date to compare the clock with"),
            phrase("set this host's clock by NTP"),
        )
    seconds = f"{abs(ahead):.0f}"
    if abs(ahead) > _NOTICEABLE:
        return warn(
            check,
            phrase(
                "{seconds} s away from the vendor's: from 900 s on it refuses every request",
                seconds=seconds,
            ),
            phrase("set this host's clock by NTP"),
        )
    return ok(check, phrase("agrees with the vendor's to {seconds} s", seconds=seconds))
