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
_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9_-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """What is known before the first start; what is empty keeps the example's value."""

    provider: str = ""
    """Of the gateway; empty is the vendor where there is a signature, else the console."""
    sign_name: str = ""
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
    provider = answers.provider or (answers.sign_name and "aliyun")
    for section, key, value in (
        ("gateway", "provider", provider),
        ("gateway", "sign_name", answers.sign_name and _quoted(answers.sign_name)),
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
    (first, template), *others = ((_name(name), _quoted(code)) for name, code in purposes.items())
    more = "".join(f"  {name}:\n    template: {code}\n" for name, code in others)
    for old, new in (
        ("\n  login:\n", f"\n  {first}:\n"),
        (f"    template: {_FIRST}\n", f"    template: {template}\n"),
        ('    text: ""\n', f'    text: ""\n{more}'),
        ("\ndefault_purpose: login\n", f"\ndefault_purpose: {first}\n"),
    ):
        if text.count(old) != 1:
            raise ValueError(f"the example has no {old.strip()}")
        text = text.replace(old, new)
    return text


def _name(name: str) -> str:
    """Return a purpose's name as a key: quoted where YAML would read something else."""
    return name if _PLAIN.fullmatch(name) else _quoted(name)


def _quoted(value: str) -> str:
    """Return what YAML reads as this text, whatever is in it: `yes` and `123` are text, too."""
    return json.dumps(value, ensure_ascii=False)
