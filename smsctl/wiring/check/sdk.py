"""Whether requests to the configured vendors can be made here: built and signed, and not sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from smsctl.config import Config, policy
from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import phrase
from smsctl.vendors.aliyun_captcha import AliyunCaptcha
from smsctl.vendors.aliyun_client import unusable
from smsctl.vendors.aliyun_sms import AliyunGateway
from smsctl.vendors.captcha_answers import unmade
from smsctl.vendors.lane import Lane
from smsctl.vendors.network import Broken
from smsctl.wiring.check.item import Item, error, ok
from smsctl.wiring.parts import captcha_of, gateway_of


def sdk_items(config: Config) -> Iterator[Item]:
    """Yield whether the vendor's SDK can be used, for each vendor that has one."""
    lane = Lane(blocking=True)  # no call is made in it
    try:
        gateway = gateway_of(config, policy(config), lane)
        captcha = captcha_of(config, lane)
    except ConfigError:
        return  # told with the parts, which need the same
    if isinstance(gateway, AliyunGateway):
        yield _item("gateway.sdk", gateway.rehearse(), unusable)
    if isinstance(captcha, AliyunCaptcha):
        yield _item("captcha.sdk", captcha.rehearse(), unmade)


def _item(check: str, broken: Broken | None, problem: Callable[[Broken], Problem]) -> Item:
    if broken is None:
        return ok(check, phrase("the vendor's SDK builds and signs a request"))
    fault = problem(broken)
    return error(check, fault.message, fault.hint)
