"""The sections of the configuration: every key, its default as an operator would write it.

`config.example.yaml` says what each is for; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from smsctl.config.leaves import hidden, leaf, section
from smsctl.config.readers import (
    choice,
    countries,
    country,
    duration,
    key,
    money,
    name,
    whole,
    words,
)
from smsctl.config.urls import endpoint, has_password, proxy, store, without_password


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Who sends the messages."""

    provider: Literal["console", "aliyun"] = leaf("console", choice("console", "aliyun"))
    sign_name: str = leaf("示例签名", words)
    access_key_id: str = leaf("${ALIBABA_CLOUD_ACCESS_KEY_ID:-}", words, show=hidden)
    access_key_secret: str = leaf(
        "${ALIBABA_CLOUD_ACCESS_KEY_SECRET:-}", words, show=hidden, secret=bool
    )
    endpoint: str = leaf("dysmsapi.aliyuncs.com", endpoint)
    proxy: str = leaf("", proxy, show=without_password, secret=has_password)
    timeout: float = leaf("8s", duration("60s"))
    """Seconds."""
    price: Decimal = leaf("0.045", money)  # noqa: RUF009 - a field
    """CNY a segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captcha:
    """Who tells people from programs."""

    provider: Literal["none", "turnstile", "aliyun"] = leaf(
        "none", choice("none", "turnstile", "aliyun")
    )
    secret: str = leaf("${TURNSTILE_SECRET:-}", words, show=hidden, secret=bool)
    hostname: str = leaf("", words)
    action: str = leaf("", words)
    scene_id: str = leaf("", words)
    endpoint: str = leaf("", endpoint)
    timeout: float = leaf("5s", duration("60s"))
    """Seconds."""
    on_outage: Literal["refuse", "allow"] = leaf("refuse", choice("refuse", "allow"))
    outage_max: int = leaf("60", whole(1, 100))
    """Sends an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Where limits and codes are kept."""

    url: str = leaf("embedded", store, show=without_password, secret=has_password, partial=True)
    ca: str = leaf("", words)
    prefix: str = leaf("sms", name)
    timeout: float = leaf("1s", duration("60s"))
    """Seconds."""
    durability: Literal["aof", "strict"] = leaf("aof", choice("aof", "strict"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongTries:
    """The budget of wrong tries that one phone has over all its codes."""

    max: int = leaf("20", whole(1, 100))
    window: float = leaf("24h", duration("31d", least=1.0))
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The one-time rule."""

    length: int = leaf("6", whole(4, 6))
    ttl: float = leaf("5m", duration("10m", least=1.0))
    """Seconds."""
    tries: int = leaf("3", whole(1, 10))
    live: int = leaf("1", whole(1, 3))
    wrong: WrongTries = section(WrongTries)  # noqa: RUF009 - a field
    challenge: Literal["none", "required"] = leaf("none", choice("none", "required"))
    secret: str = leaf("${SMSCTL_SECRET:-}", key, show=hidden, secret=bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumbers:
    """How numbers are read, and whose."""

    region: str = leaf("CN", country)
    countries: frozenset[str] = leaf("CN", countries, many=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """How client addresses are taken."""

    private: Literal["refuse", "count"] = leaf("refuse", choice("refuse", "count"))
