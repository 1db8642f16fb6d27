"""Chat robots: DingTalk, Feishu (Lark), WeCom, Slack.

Sources: open.dingtalk.com, custom robot; open.feishu.cn, custom bot; developer.work.weixin.qq.com,
group robot; api.slack.com, incoming webhooks.
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from smsctl.core.phrase import phrase
from smsctl.vendors.notify.delivery import News, NotDelivered, Post, accepted, packed

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalk:
    """A robot of DingTalk that asks for a signature."""

    name: str
    post: Post = field(repr=False)
    secret: str = field(repr=False)
    clock: Clock = time.time

    def deliver(self, news: News) -> None:
        """Tell it. Raises NotDelivered."""
        stamp = round(self.clock() * 1000)
        digest = hmac.digest(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), "sha256")
        sign = quote(base64.b64encode(digest).decode(), safe="")
        body = packed({"msgtype": "text", "text": {"content": news.whole}})
        accepted(*self.post.send(body, query=f"&timestamp={stamp}&sign={sign}"), keys=("errcode",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feishu:
    """A robot of Feishu or Lark that asks for a signature."""

    name: str
    post: Post = field(repr=False)
    secret: str = field(repr=False)
    clock: Clock = time.time

    def deliver(self, news: News) -> None:
        """Tell it. Raises NotDelivered."""
        stamp = round(self.clock())
        digest = hmac.digest(f"{stamp}\n{self.secret}".encode(), b"", "sha256")
        body = {
            "timestamp": str(stamp),
            "sign": base64.b64encode(digest).decode(),
            "msg_type": "text",
            "content": {"text": news.whole},
        }
        accepted(*self.post.send(packed(body)), keys=("code", "StatusCode"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeCom:
    """A group robot of WeCom; its URL is its secret."""

    name: str
    post: Post = field(repr=False)

    def deliver(self, news: News) -> None:
        """Tell it. Raises NotDelivered."""
        body = packed({"msgtype": "text", "text": {"content": news.whole}})
        accepted(*self.post.send(body), keys=("errcode",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """An incoming webhook of Slack, or of whoever takes the same."""

    name: str
    post: Post = field(repr=False)

    def deliver(self, news: News) -> None:
        """Tell it. Raises NotDelivered."""
        status, body = self.post.send(packed({"text": news.whole}))
        accepted(status, body, keys=(), strict=False)
        if body.strip() not in {b"ok", b""} and not body.lstrip().startswith(b"{"):
            raise NotDelivered(phrase("answered something else than this kind of channel does"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A URL of the operator's own, signed: HMAC-SHA256 over `timestamp.body`."""

    name: str
    post: Post = field(repr=False)
    secret: str = field(repr=False)
    clock: Clock = time.time

    def deliver(self, news: News) -> None:
        """Tell it. Raises NotDelivered."""
        stamp = str(round(self.clock()))
        body = packed(
            {
                "schema": "smsctl.alert/1",
                "id": news.id,
                "title": news.title,
                "text": news.text,
                **news.facts,
            }
        )
        sign = hmac.digest(self.secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
        headers = {"X-Smsctl-Timestamp": stamp, "X-Smsctl-Signature": f"sha256={sign}"}
        answer = self.post.send(body, headers=headers)
        accepted(*answer, keys=("errcode", "code"), strict=False)
