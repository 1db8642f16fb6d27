"""What `lint` looks like on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smsctl.cli.commands.config.screens import tally
from smsctl.cli.commands.lint.documents import Linted
from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.marked import Marked
from smsctl.cli.frame.result import Block, Heading, Line
from smsctl.cli.frame.screen import Tone
from smsctl.core.phrase import phrase
from smsctl.vendors.aliyun_review import Finding

_INDENT = 4


def lint_blocks(found: Sequence[Linted]) -> Iterator[Block]:
    """Yield each text with its findings, its message, and how many findings there are."""
    for place, linted in enumerate(found):
        if place:
            yield Line("")
        if linted.purpose is not None:
            yield Heading(phrase("Purpose {purpose}", purpose=linted.purpose), first=True)
        yield from _one(linted)
    levels = [each.level for linted in found for each in linted.findings]
    yield Line("")
    yield tally(levels.count("error"), levels.count("warn"))


def _one(linted: Linted) -> Iterator[Block]:
    for finding in linted.findings:
        yield from _finding(linted.text, finding)
    if linted.findings:
        yield Line("")
    if linted.rewrite is not None:
        yield Line("Rewritten, as far as that is mechanical:")
        yield Marked(linted.rewrite, tone="accent", indent=_INDENT)
    if linted.message is None:
        return
    yield Line("On a phone:")
    yield Marked(linted.message, tone="strong", indent=_INDENT)
    yield Folded(
        phrase(
            "characters: {characters}, segments: {segments}, CNY a message: {price}",
            characters=len(linted.message),
            segments=linted.segments,
            price=f"{linted.price:f}",
        ),
        tone="dim",
        indent=_INDENT,
    )


def _finding(text: str, finding: Finding) -> Iterator[Block]:
    wrong = finding.level == "error"
    tone: Tone = "bad" if wrong else "warn"
    yield Folded(finding.message, mark="bad" if wrong else "warn", name=finding.id)
    if finding.spans:
        yield Marked(text, finding.spans, tone=tone, indent=_INDENT)
    yield Folded(phrase("source: {source}", source=finding.source), tone="dim", indent=_INDENT)
