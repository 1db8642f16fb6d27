"""The channels that a configuration names."""

from __future__ import annotations

from collections.abc import Sequence

from smsctl.config.alerts import Alerts
from smsctl.config.alerts import Channel as Written
from smsctl.vendors.notify.delivery import Channel, Post


def channels(alerts: Alerts) -> Sequence[Channel]:
    """Return the channels in the order in which they are written; none connects to anything."""
    return [_channel(each, alerts.timeout) for each in alerts.channels]


def _channel(written: Written, timeout: float) -> Channel:
    from smsctl.vendors.notify.mail import Mail  # noqa: PLC0415 - 15 ms, for whoever has one
    from smsctl.vendors.notify.robots import (  # noqa: PLC0415 - as above
        DingTalk,
        Feishu,
        Slack,
        Webhook,
        WeCom,
    )

    post = Post(url=written.url, timeout=timeout)
    match written.kind:
        case "dingtalk":
            return DingTalk(name=written.name, post=post, secret=written.secret)
        case "feishu":
            return Feishu(name=written.name, post=post, secret=written.secret)
        case "wecom":
            return WeCom(name=written.name, post=post)
        case "slack":
            return Slack(name=written.name, post=post)
        case "webhook":
            return Webhook(name=written.name, post=post, secret=written.secret)
        case "email":
            return Mail(
                name=written.name,
                host=written.host,
                port=written.port,
                tls=written.tls,
                user=written.user,
                password=written.password,
                sender=written.sender,
                to=written.to,
                timeout=timeout,
            )
