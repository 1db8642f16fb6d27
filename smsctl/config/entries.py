"""The parts of the configuration whose entries the operator names: purposes and test numbers.

Rules are in `limits.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from smsctl.config.intake import Intake, visible
from smsctl.config.leaves import Leaf, Node, Wrong, hidden
from smsctl.config.readers import moment, name, needed, words
from smsctl.core.errors import InvalidPhone
from smsctl.core.phone import mainland, plain_number
from smsctl.core.phrase import phrase
from smsctl.core.policy import DEFAULT_PURPOSE, Purpose, TestNumber

MOST_ENTRIES = 100
"""Purposes, rules or test numbers: beyond it the file was not written by hand."""


def _template_text(text: str) -> str:
    if any(sign in text for sign in "【】"):
        raise Wrong(phrase("has the signature's brackets in it"), phrase("leave the signature out"))
    return text if text.isprintable() else words(text)


def _variable(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_]{1,32}", text):
        raise Wrong(phrase("is the name of the template's variable"), phrase("most say: code"))
    return text


def _e164(text: str) -> str:
    try:
        number = plain_number(text)
    except InvalidPhone as fault:
        raise Wrong(fault.message, fault.hint) from None
    if phone := mainland(number):
        return phone.e164
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise Wrong(
            phrase("is no mobile number of the mainland, and has no calling code"),
            phrase("write +85251234567"),
        )
    return number


PURPOSE: Mapping[str, Leaf] = {
    "template": Leaf(read=words, default=""),
    "variable": Leaf(read=_variable, default="code"),
    "text": Leaf(read=_template_text, default="", references=False),
}
TEST_NUMBER: Mapping[str, Leaf] = {
    "phone": Leaf(read=_e164, default=None, show=hidden),
    # Whoever reads it can sign in as that number: as good as a password.
    "code": Leaf(read=needed, default=None, show=hidden, secret=bool),
    "until": Leaf(read=moment, default=None),
}

DEFAULT_PURPOSES: Node = {"login": {"template": DEFAULT_PURPOSE.template, "text": ""}}


def purposes(intake: Intake, node: Node) -> Mapping[str, Purpose]:
    """Return the purposes by name; the default stands in for a value that is wrong."""
    if not isinstance(node, dict) or not node or len(node) > MOST_ENTRIES:
        intake.problem(
            "purposes",
            phrase("is a mapping of 1 to {most} purposes", most=MOST_ENTRIES),
            phrase("write the purpose, and under it its template"),
        )
        return {}
    found: dict[str, Purpose] = {}
    for key, entry in node.items():
        path = f"purposes.{visible(key)}"
        try:
            name(key)
        except Wrong as wrong:
            intake.problem(path, wrong.message, wrong.hint)
            continue
        values = intake.entry(PURPOSE, {} if entry is None else entry, path)
        found[key] = Purpose(**{"template": "", **(values or {})})
    return found


def test_numbers(
    intake: Intake, node: Node, *, zone: ZoneInfo, length: int
) -> tuple[TestNumber, ...]:
    """Return the test numbers that are whole; a time without offset is one of `zone`.

    Their phones are different ones, and their codes have the configured length.
    """
    found: list[TestNumber] = []
    seen: set[str] = set()
    for path, each in listed(intake, node, "test_numbers"):
        values = intake.entry(TEST_NUMBER, each, path) or {}
        _check_number(intake, values, path, seen, length)
        if len(values) == len(TEST_NUMBER):
            until: datetime = values["until"]
            until = until if until.tzinfo else until.replace(tzinfo=zone)
            found.append(TestNumber(e164=values["phone"], code=values["code"], until=until))
    return tuple(found)


def _check_number(
    intake: Intake, values: Mapping[str, Any], path: str, seen: set[str], length: int
) -> None:
    code = values.get("code")
    if is_repeated(values.get("phone"), seen):
        intake.problem(f"{path}.phone", phrase("this number is listed twice"))
    if code is None or intake.broken("code.length"):
        return
    if not re.fullmatch(rf"[0-9]{{{length}}}", code):
        intake.problem(
            f"{path}.code",
            phrase("a code has {length} digits", length=length),
            phrase("see code.length"),
        )


def is_repeated(name: str | None, seen: set[str]) -> bool:
    """Say whether the name was seen before, and keep it; one that is not known is not."""
    repeated = name in seen
    if name is not None:
        seen.add(name)
    return repeated


def listed(intake: Intake, node: Node, path: str) -> list[tuple[str, Node]]:
    """Return the entries of a list, each with its path."""
    if not isinstance(node, list) or len(node) > MOST_ENTRIES:
        intake.problem(
            path,
            phrase("is a list of at most {most}", most=MOST_ENTRIES),
            phrase("write [] for none"),
        )
        return []
    return [(f"{path}[{index}]", each) for index, each in enumerate(node)]
