"""Who is told of what: thresholds, and the channels one by one. A half-written channel is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from smsctl.config.entries import is_repeated, listed
from smsctl.config.intake import Intake
from smsctl.config.leaves import Leaf, Node, Wrong, hidden, leaf, leaves, section, sections
from smsctl.config.readers import choice, duration, name, whole, words
from smsctl.config.urls import is_loopback_url
from smsctl.core.phrase import phrase

ChannelKind = Literal["dingtalk", "feishu", "wecom", "webhook", "slack", "email"]

_MOST_THRESHOLDS = 8
_WHOLE = 100  # percent


def _thresholds(text: str) -> tuple[int, ...]:
    found = [each.strip() for each in text.split(",") if each.strip()]
    if not all(re.fullmatch(r"[0-9]{1,3}", each) for each in found):
        raise Wrong(phrase("is a list of percentages like [50, 80, 100]"))
    numbers = [int(each) for each in found]
    if numbers != sorted(set(numbers)) or not all(1 <= each <= _WHOLE for each in numbers):
        raise Wrong(phrase("are percentages from 1 to 100, ascending"))
    if len(numbers) > _MOST_THRESHOLDS:
        raise Wrong(phrase("are at most {most}", most=_MOST_THRESHOLDS))
    return tuple(numbers)


def _url(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/?#@]+([/?#]\S*)?", words(text)):
        raise Wrong(phrase("is no URL"), phrase("write https://…"))
    if text.startswith("http://") and not is_loopback_url(text):
        raise Wrong(
            phrase("plain HTTP is for loopback addresses alone: the token would travel in the open")
        )
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """When so few of the sent codes are verified that something is wrong."""

    below: int = leaf("30", whole(0, _WHOLE))
    """Percent of an hour's sends; 0 tells nobody."""
    min: int = leaf("50", whole(1, 1_000_000))
    """Fewer sends in the hour say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to somebody."""

    name: str
    kind: ChannelKind
    url: str = field(repr=False)
    secret: str = field(repr=False)
    host: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """What is told, in which language, and to whom."""

    language: Literal["zh-CN", "en"] = leaf("zh-CN", choice("zh-CN", "en"))
    fuse: tuple[int, ...] = leaf("50, 80, 100", _thresholds, many=True)
    """Percent of a fuse."""
    conversion: Conversion = section(Conversion)  # noqa: RUF009 - a field
    timeout: float = leaf("10s", duration("60s"))
    """Seconds that one delivery may take."""
    channels: tuple[Channel, ...] = ()


CHANNEL = {
    "name": Leaf(read=name, default=None),
    "kind": Leaf(
        read=choice("dingtalk", "feishu", "wecom", "webhook", "slack", "email"), default=None
    ),
    "url": Leaf(read=_url, default="", show=hidden, secret=bool),
    "secret": Leaf(read=words, default="", show=hidden, secret=bool),
    "host": Leaf(read=words, default=""),
    "port": Leaf(read=whole(1, 65535), default="587"),
    "tls": Leaf(read=choice("starttls", "tls", "none"), default="starttls"),
    "user": Leaf(read=words, default="", show=hidden),
    "password": Leaf(read=words, default="", show=hidden, secret=bool),
    "from": Leaf(read=words, default=""),
    "to": Leaf(read=words, default=""),
}
_NEEDED: dict[ChannelKind, Sequence[str]] = {
    "dingtalk": ("url", "secret"),
    "feishu": ("url", "secret"),
    "wecom": ("url",),
    "webhook": ("url", "secret"),
    "slack": ("url",),
    "email": ("host", "from", "to"),
}


def alerts(intake: Intake, node: Node) -> Alerts:
    """Return the section with the channels that are whole."""
    known = [*leaves(Alerts), *sections(Alerts), "channels"]
    mapping = intake.mapping(node, "alerts", known)
    rest = {key: each for key, each in mapping.items() if key in known and key != "channels"}
    told = intake.section(Alerts, rest or None, "alerts")
    found: list[Channel] = []
    seen: set[str] = set()
    for path, each in listed(intake, mapping.get("channels", []), "alerts.channels"):
        values = intake.entry(CHANNEL, each, path) or {}
        before = len(intake.problems)
        _check_channel(intake, values, path)
        if is_repeated(values.get("name"), seen):
            intake.problem(
                f"{path}.name", phrase("another channel has this name"), phrase("name it anew")
            )
        if len(values) == len(CHANNEL) and len(intake.problems) == before:
            found.append(Channel(sender=values.pop("from"), **values))
    return replace(told, channels=tuple(found))


def _check_channel(intake: Intake, values: Mapping[str, Any], path: str) -> None:
    """Note what the channel lacks, as far as its values are known."""
    kind: ChannelKind | None = values.get("kind")
    for key in _NEEDED[kind] if kind else ():
        if values.get(key) == "":
            because = phrase("is needed: {because} asks for it", because=f"kind: {kind}")
            intake.problem(f"{path}.{key}", because, missing=True)
    if kind == "email":
        known = {"user", "password"} <= values.keys()
        if known and bool(values["user"]) != bool(values["password"]):
            missing = "password" if values["user"] else "user"
            message = phrase("user and password go together")
            intake.problem(f"{path}.{missing}", message, missing=True)
        host = values.get("host")
        if host is not None and values.get("tls") == "none" and not is_loopback_url(f"//{host}"):
            intake.problem(
                f"{path}.tls", phrase("none is for loopback addresses alone"), phrase("write tls")
            )
