"""What a page says to type, what it shows of the outcome, and which commands it mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smsctl.cli.tree import TREE

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
    if page.name != "CHANGELOG.md"
)
REASONS = {"installs", "needs Docker", "needs the vendor"}
"""Why a block is not typed. A mark before it says so: `<!-- not typed: installs -->`."""

_BLOCK = re.compile(
    r"^(?:<!-- not typed: (?P<reason>.*) -->\n+)?```(?P<head>.*)\n(?P<text>(?:.*\n)*?)```$",
    re.MULTILINE,
)
_PROMPT = "$ "
_SPAN = re.compile(r"(`+)(?P<code>[^`\n]+)\1")
_SHELL = ("console", "crontab", "ini")
_STARTED = re.compile(r"(?<![\w/])smsctl (?P<words>.+?)(?= *(?:#|\d?>|[|;&)]|$))", re.MULTILINE)
_EXIT = re.compile(r"\bexit (\d+)(?:[^\d#]*?\bor (\d+))?")


@dataclass(frozen=True, slots=True)
class Command:
    """One line behind a prompt."""

    line: str
    shown: str
    """Its output on the page; empty where the page shows none."""

    @property
    def exits(self) -> set[int]:
        """The exit codes that the line's comment names, else 0."""
        named = _EXIT.findall(self.line.partition(" #")[2])
        return {int(code) for codes in named for code in codes if code} or {0}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    head: str
    """Its language, and what follows it."""
    text: str
    reason: str | None
    """Why it is not typed; None where it is."""

    def commands(self) -> Iterator[Command]:
        """Yield what is typed, in order."""
        for part in f"\n{self.text}".split(f"\n{_PROMPT}")[1:]:
            line, _, shown = part.partition("\n")
            yield Command(line, shown if shown.endswith("\n") or not shown else f"{shown}\n")


def read(page: str) -> str:
    """Return a page's text."""
    return (ROOT / page).read_text("utf-8")


def blocks(page: str) -> list[Block]:
    """Return every fenced block of a page."""
    return [Block(m["head"], m["text"], m["reason"]) for m in _BLOCK.finditer(read(page))]


def commands(page: str) -> list[Command]:
    """Return what the page's reader types, from its first line to its last."""
    typed = (block for block in blocks(page) if block.head == "console" and block.reason is None)
    return [command for block in typed for command in block.commands()]


def mentions(page: str) -> Iterator[str]:
    """Yield every command line of `smsctl` in prose, tables and files, without that word.

    In a table it may be a form: with words in brackets, alternatives and placeholders.
    """
    for span in _SPAN.finditer(_BLOCK.sub("", read(page))):
        line = span["code"].replace(r"\|", "|").partition(" | ")[0]
        first, _, rest = line.partition(" ")
        if rest and (first == "smsctl" or first in TREE):
            yield line.removeprefix("smsctl ")
    for block in blocks(page):
        typed = block.text
        if block.head == "console":
            typed = "\n".join(command.line.partition(" #")[0] for command in block.commands())
        if block.head.startswith(_SHELL):
            yield from (started["words"] for started in _STARTED.finditer(typed))
