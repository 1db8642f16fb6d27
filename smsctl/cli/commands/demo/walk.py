"""The demo's screen: a heading, a command and its outcome for each step. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from smsctl.cli.commands.fuses import Fuse
from smsctl.cli.frame.chart import bar
from smsctl.cli.frame.result import Block, Inset, Line, Result
from smsctl.cli.frame.screen import Screen
from smsctl.cli.frame.terminal import encodable
from smsctl.core.admin import Day
from smsctl.core.phrase import Phrase, phrase

_INDENT = 3
_BAR = 24
_NEXT = (
    ("smsctl config init", phrase("writes a file to begin with")),
    ("smsctl config check", phrase("says what is wrong with it, and what a day can cost")),
    ("smsctl --help", phrase("shows every command")),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the walk, and what it must have come to."""

    name: str
    title: str
    command: str
    result: Result
    as_expected: bool

    def document(self) -> Mapping[str, object]:
        """Return the step's part of the demo's document."""
        return {
            "step": self.name,
            "command": self.command,
            "as_expected": self.as_expected,
            "exit_code": self.result.exit_code,
            "document": {"schema": f"smsctl.{self.result.schema}/1", **self.result.document},
        }


@dataclass(frozen=True, slots=True)
class FuseBar:
    """One fuse as a bar, with what is left of it."""

    fuse: Fuse

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the one line."""
        used, most = self.fuse.used, self.fuse.rule.max
        drawn = bar(used, most, width=_BAR, blocks=screen.blocks)
        rest = ("░" if encodable(screen.stream, "░") else ".") * (_BAR - len(drawn))
        said = screen.say(
            phrase(
                "{used} of {most} used, {left} left",
                used=used,
                most=f"{most:,}",
                left=f"{self.fuse.remaining:,}",
            )
        )
        painted = screen.paint(drawn, "good") + screen.paint(rest, "dim")
        yield f"{self.fuse.rule.name}  {painted}  {said}"


def walk(steps: Sequence[Step], *, expected: bool) -> Iterator[Block]:
    """Yield the whole walk; `expected`: every step came out as it must."""
    yield Line("A walk through smsctl. Nothing is sent, and nothing stays.", tone="dim")
    for number, step in enumerate(steps, start=1):
        yield Line("")
        title = phrase("{number}  {title}", number=number, title=Phrase(step.title))
        yield Line(title, tone="strong")
        yield Inset(Line(phrase("$ {command}", command=step.command), tone="accent"), _INDENT)
        for block in step.result.blocks:
            yield Inset(block, _INDENT)
        if not step.as_expected:
            yield Inset(Line("this is not what it must come to", "bad"), _INDENT)
    yield Line("")
    if not expected:
        yield Line("The walk went wrong.", "bad")
        return
    yield Line("Every step came out as it must. The store is thrown away.", "ok")
    yield Line("")
    yield Line("Next", tone="strong")
    for command, purpose in _NEXT:
        padded = phrase("{command}  {purpose}", command=f"{command:<19}", purpose=purpose)
        yield Inset(Line(padded), _INDENT)


def spent(
    today: Day, fuses: Sequence[Fuse], promise: Sequence[Phrase], document: Mapping[str, object]
) -> Result:
    """Return the last step: today's counts, the fuse, and the worst that a day can bring."""
    refused = ", ".join(f"{name} {count}" for name, count in today.refused.items())
    counts = phrase(
        "today: {sent} sent, {verified} verified; refused: {refused}",
        sent=today.outcomes.get("sent", 0),
        verified=today.outcomes.get("verified", 0),
        refused=refused or "-",
    )
    return Result(
        schema="usage",
        document=document,
        blocks=[*map(FuseBar, fuses), Line(counts), *(Line(each, tone="dim") for each in promise)],
    )
