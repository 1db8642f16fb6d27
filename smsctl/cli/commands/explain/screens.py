"""What `explain` looks like on a terminal: a card for one code, lines for several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from smsctl.cli.frame.help import wrap
from smsctl.cli.frame.result import Block, Heading, Mark
from smsctl.cli.frame.screen import Screen
from smsctl.cli.frame.words import cells
from smsctl.core.phrase import Phrase, phrase
from smsctl.vendors.codes.entry import Certainty, Entry, Source

SOURCES: Mapping[Source, Phrase] = {
    "gateway": phrase("SMS vendor: answer to a send"),
    "receipt": phrase("SMS vendor: delivery receipt"),
    "captcha": phrase("Alibaba Captcha: verdict"),
    "turnstile": phrase("Cloudflare Turnstile: verdict"),
    "exit": phrase("smsctl: exit code"),
    "reason": phrase("smsctl: reason of a refusal"),
    "error": phrase("smsctl: code of an error"),
}

_CERTAIN: Mapping[Certainty, Phrase] = {
    "yes": phrase("yes"),
    "no": phrase("no"),
    "perhaps": phrase("perhaps"),
}
_MARKS: Mapping[Certainty, Mark] = {"yes": "ok", "no": "bad", "perhaps": "warn"}

_INDENT = 2
_GAP = 2
_WIDEST = 100  # columns of a line that is read with ease
_NARROWEST = 24  # columns of text; below it a terminal is no place to read


def explain_blocks(found: Sequence[Entry]) -> Iterator[Block]:
    """Yield the one entry whole; of several their meanings, grouped by who says them."""
    if len(found) == 1:
        yield Card(found[0])
        return
    grouped = groupby(sorted(found, key=_rank), key=lambda entry: entry.source)
    for number, (source, group) in enumerate(grouped):
        yield Heading(SOURCES[source], first=number == 0)
        for _, same in groupby(group, key=lambda entry: (entry.meaning.template, entry.sent)):
            yield Brief([*same])
    yield Legend()


def _rank(entry: Entry) -> tuple[int, int]:
    """Return the entry's place: exit codes by number, all others as the tables have them."""
    number = int(entry.code) if entry.source == "exit" else 0
    return [*SOURCES].index(entry.source), number


@dataclass(frozen=True, slots=True)
class Card:
    """All that is known of one code."""

    entry: Entry

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the code, its meaning, and each field behind its name."""
        entry = self.entry
        yield screen.paint(screen.literal(entry.code), "strong")
        yield from _folded(screen, screen.say(entry.meaning), indent=_INDENT)
        yield ""
        fields = [
            (phrase("Source"), SOURCES[entry.source]),
            (phrase("Sent"), _CERTAIN[entry.sent] if entry.sent else None),
            (phrase("Billed"), _CERTAIN[entry.billed] if entry.billed else None),
            (phrase("Retry"), entry.when),
            (phrase("Remedy"), entry.remedy),
            (phrase("Page"), Phrase(entry.page) if entry.page else None),
        ]
        names = [screen.say(name) for name, _ in fields]
        column = _INDENT + max(map(cells, names)) + _GAP
        for name, (_, value) in zip(names, fields, strict=True):
            if value is not None:
                head = f"{' ' * _INDENT}{screen.paint(name, 'dim')}"
                lead = head + " " * (column - _INDENT - cells(name))
                yield from _folded(screen, screen.say(value), indent=column, lead=lead)


@dataclass(frozen=True, slots=True)
class Brief:
    """Codes and their one meaning below them; the mark tells whether the message was sent.

    Of a receipt, whether it arrived: that is what is billed.
    """

    entries: Sequence[Entry]

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield the codes' lines and the meaning's."""
        first = self.entries[0]
        certain = first.billed if first.source == "receipt" else first.sent
        blank = " " * len("✓ " if screen.marks else "ok ")
        mark = screen.mark(_MARKS[certain]) if certain else blank
        indent = _INDENT + len(blank)
        codes = screen.literal(", ".join(entry.code for entry in self.entries))
        for number, line in enumerate(wrap(codes, _width(screen, indent))):
            lead = f"{' ' * _INDENT}{mark}" if number == 0 else " " * indent
            yield f"{lead}{screen.paint(line, 'accent')}"
        yield from _folded(screen, screen.say(first.meaning), indent=indent + _INDENT)


@dataclass(frozen=True, slots=True)
class Legend:
    """What the marks of a list stand for, and where the rest is."""

    def lines(self, screen: Screen) -> Iterator[str]:
        """Yield each mark and the command, below an empty line."""
        yield ""
        marks: Mapping[Mark, Phrase] = {
            "ok": phrase("sent, delivered"),
            "bad": phrase("not sent, not delivered"),
            "warn": phrase("perhaps"),
        }
        for mark, said in marks.items():
            yield f"{' ' * _INDENT}{screen.mark(mark)}{screen.say(said)}"
        yield " " * _INDENT + screen.paint(screen.say("smsctl explain CODE says the rest"), "dim")


def _folded(screen: Screen, text: str, *, indent: int, lead: str = "") -> Iterator[str]:
    """Yield the text's lines, set in; `lead` stands in place of the first one's indent."""
    for number, line in enumerate(wrap(text, _width(screen, indent))):
        yield f"{lead if lead and number == 0 else ' ' * indent}{line}"


def _width(screen: Screen, indent: int) -> int:
    return max(_NARROWEST, min(_WIDEST, screen.width) - indent)
