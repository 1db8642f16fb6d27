"""Every template that the program can say, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import smsctl
from smsctl.core import errors

SOURCE = Path(smsctl.__file__).parent

_FIRST = {
    *("phrase", "Phrase", "say", "Line", "Heading", "Column", "Branch", "Leaf"),
    *("UsageError", "Unconfirmed"),
    *(name for name in vars(errors) if name.startswith(("Invalid", "Gateway", "Credentials"))),
    *("StoreUnavailable", "CaptchaUnavailable"),
}
"""Calls whose first argument is a template, where it is a text."""


_TUPLES = {"store/faults.py"}
"""Files whose tuples hold templates: a message and its hint."""


def templates() -> dict[str, str]:
    """Return each template with the place where it was found first."""
    found: dict[str, str] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            for text in _said(node, tuples=str(file.relative_to(SOURCE)) in _TUPLES):
                found.setdefault(text, str(file.relative_to(SOURCE)))
    return found


def _said(node: ast.AST, *, tuples: bool) -> Iterator[str]:
    for each in _places(node, tuples=tuples):
        branches = [each.body, each.orelse] if isinstance(each, ast.IfExp) else [each]
        for branch in branches:
            if isinstance(branch, ast.Constant) and isinstance(branch.value, str) and branch.value:
                yield branch.value


def _places(node: ast.AST, *, tuples: bool) -> Iterator[ast.expr]:
    """Yield the expressions in which a template may stand."""
    if tuples and isinstance(node, ast.Tuple):
        yield from node.elts
    if not isinstance(node, ast.Call):
        return
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if name in _FIRST:
        yield from node.args[:1]
    if name == "Step":
        yield from node.args[1:2]
    if name in {"Argument", "Option"}:
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "help")
