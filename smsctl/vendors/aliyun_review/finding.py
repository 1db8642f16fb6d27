"""What a rule says of a text, and the list of all rules with the page that each is from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from smsctl.core.phrase import Phrase

Level = Literal["error", "warn"]
"""`error`: the vendor's pages refuse it. `warn`: a reviewer may, or it is hardly meant."""

Span = tuple[int, int]
"""Characters of the text from the first, up to but without the second."""

_CODES = "help.aliyun.com 463237"  # 验证码模板规范
_RULES = "help.aliyun.com 2806243"  # TemplateRule and TemplateContent
_SIGNS = "help.aliyun.com sms-signature"  # 短信签名规范
_SEND = "help.aliyun.com 101346"  # why the API refuses a send
_OURS = "configuration"

SOURCES: Mapping[str, str] = {
    "template.length": _CODES,
    "template.variable-count": _CODES,
    "template.variable-form": _RULES,
    "template.code-word": _CODES,
    "template.code-length": _CODES,
    "template.statement": _CODES,
    "template.international": _CODES,
    "template.expiry": _OURS,
    "template.link": _CODES,
    "template.contact": _CODES,
    "template.brackets": _CODES,
    "template.greeting": _CODES,
    "template.marketing": _CODES,
    "template.notice": _CODES,
    "template.unsubscribe": _CODES,
    "template.restricted": _CODES,
    "template.variant": _CODES,
    "template.traditional": _CODES,
    "template.language": _CODES,
    "template.symbol": _CODES,
    "template.whitespace": _CODES,
    "template.invisible": _CODES,
    "template.mojibake": _CODES,
    "sign.length": _SIGNS,
    "sign.brackets": _SIGNS,
    "sign.space": _SIGNS,
    "sign.symbol": _SIGNS,
    "sign.test": "help.aliyun.com CreateSmsSign",
    "sign.digits": _SIGNS,
    "sign.letters": _SIGNS,
    "sign.neutral": _SIGNS,
    "sign.variant": _SIGNS,
    "sign.traditional": _SIGNS,
    "sign.language": _SIGNS,
    "sign.invisible": _SEND,
    "sign.mojibake": _SEND,
}
"""Every rule's id with where it is written down. An id is a promise: it is never renamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that a text breaks."""

    id: str
    level: Level
    message: Phrase
    spans: tuple[Span, ...] = ()
    """The offending characters, ascending; empty where something is missing."""
    rewrite: str | None = None
    """The whole text without this fault, where that is mechanical and leaves fewer findings."""

    @property
    def source(self) -> str:
        """Where the rule is written down: the vendor's document, or `configuration`."""
        return SOURCES[self.id]


def found(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    """Return where the pattern matches, empty matches left out."""
    return tuple(match.span() for match in pattern.finditer(text) if match.group())


def joined(places: Iterable[int]) -> tuple[Span, ...]:
    """Return ascending places of single characters as spans, neighbours in one."""
    spans: list[Span] = []
    for place in places:
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return tuple(spans)


def without(text: str, spans: Iterable[Span]) -> str:
    """Return the text without these spans, which ascend and do not overlap."""
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])
