"""The example file with an operator's first answers in it. Pure: text in, text out.

Comments stay where they are, which no YAML writer would see to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from smsctl.config import example

_FIRST = "SMS_20261234"  # the example's template


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """What is known before the first start; what is empty keeps the example's value."""

    sign_name: str = ""
    """With it the gateway is the vendor's, without it the console."""
    purposes: Mapping[str, str] = field(default_factory=dict)
    """Template by purpose; the first is the default one."""
    captcha: str = ""
    hostname: str = ""
    """Of the pages with the Turnstile widget."""
    scene_id: str = ""
    """Of the Alibaba captcha."""
    store: str = ""


def starter(answers: Starter) -> str:
    """Return the commented file with these answers."""
    text = example()
    if answers.sign_name:
        text = _put(text, "gateway", "provider", "aliyun")
        text = _put(text, "gateway", "sign_name", _quoted(answers.sign_name))
    for section, key, value in (
        ("captcha", "provider", answers.captcha),
        ("captcha", "hostname", answers.hostname and _quoted(answers.hostname)),
        ("captcha", "scene_id", answers.scene_id and _quoted(answers.scene_id)),
        ("store", "url", answers.store and _quoted(answers.store)),
    ):
        if value:
            text = _put(text, section, key, value)
    return _with_purposes(text, answers.purposes)


def _put(text: str, section: str, key: str, value: str) -> str:
    """Return the text with another value of a section's key."""
    line = re.compile(rf"(^{section}:\n(?:(?: .*|#.*)?\n)*?  {key}: ).*$", re.MULTILINE)
    changed, count = line.subn(lambda found: found[1] + value, text)
    if count != 1:
        raise ValueError(f"the example has no {section}.{key}")
    return changed


def _with_purposes(text: str, purposes: Mapping[str, str]) -> str:
    if not purposes:
        return text
    (first, template), *others = purposes.items()
    more = "".join(f"  {name}:\n    template: {_quoted(code)}\n" for name, code in others)
    text = text.replace("\n  login:\n", f"\n  {first}:\n", 1)
    text = text.replace(f"    template: {_FIRST}\n", f"    template: {_quoted(template)}\n", 1)
    text = text.replace('    text: ""\n', f'    text: ""\n{more}', 1)
    return text.replace("\ndefault_purpose: login\n", f"\ndefault_purpose: {first}\n", 1)


def _quoted(value: str) -> str:
    """Return what YAML reads as this text, whatever is in it: `yes` and `123` are text, too."""
    return json.dumps(value, ensure_ascii=False)
