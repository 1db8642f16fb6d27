"""What the store keeps, layout by layout, and how an older or a newer smsctl reads it.

Each value begins with its generation: packed ones with a byte, texts with a number and a space. A
generation is below 32, so that no text of a stranger begins like one. A day's tally has none of its
own: its fields are texts, and a field of an unknown form or kind belongs to a newer smsctl.

What decides (limits, codes, wrong guesses, overrides) is never skipped: a generation that is not
known stops the decision, and nothing is written. What only remembers (sends, refusals, tallies,
alerts, hosts, audit records) is skipped where its generation or kind is not known, and counted.

A release that brings a new generation only reads it. The release after it writes it. So hosts may
be upgraded, and rolled back, one by one (docs/deploy.md).

`lua/parts/layout.lua` names the same forms and places; a test compares the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

NEWEST = 31
"""The last generation there can be."""

_SIZES = {"B": 1, "I2": 2, "I4": 4, "I6": 6}


@dataclass(frozen=True, slots=True)
class Layout:
    """The beginning of one packed value; each comment below says what follows it."""

    name: str
    fields: str
    """`name:form` of each, in their order: `B`, `I2`, `I4`, `I6` are unsigned big-endian numbers of
    so many bytes, times among them in ms; `t` is a text behind its length of one byte."""
    generation: int = 1

    @property
    def form(self) -> str:
        """The form that Lua's struct packs and unpacks."""
        forms = [form for _, form in self._split()]
        return ">" + "".join("Bc0" if form == "t" else form for form in forms)

    @property
    def size(self) -> int:
        """Bytes. Raises KeyError where a text makes it vary."""
        return sum(_SIZES[form] for _, form in self._split())

    def place(self, name: str) -> int:
        """Return where a field begins, from 1 as in Lua."""
        names = [field for field, _ in self._split()]
        return 1 + sum(_SIZES[form] for _, form in self._split()[: names.index(name)])

    def _split(self) -> list[tuple[str, str]]:
        pairs = (field.partition(":") for field in self.fields.split())
        return [(name, form) for name, _, form in pairs]


# What decides

TIMES = Layout("times", "generation:B kept:I6 floor:I6")
"""A rolling track, or the wrong guesses of a phone; then the times, newest first, 6 bytes each.

`kept`: until when the key lives. `floor`: the newest time that a reset cleared.
"""
COUNT = Layout("count", "generation:B stop:I6 epoch:I4 used:I4")
"""A calendar track: when its window ends, how often it was reset, how many sends it counts."""
CODES = Layout("codes", "generation:B alive:I6")
"""The codes of a phone and purpose: until when the key lives; then the records, newest first."""
CODE = Layout(
    "code",
    "state:B used:B left:B at:I6 till:I6 seen:I6 id:t by:t mac:t pass:t took:t msg:t req:t why:t",
)
"""One record among the codes, whose generation is theirs (`lua/parts/codes.lua`)."""
OWNER_GENERATION = 1
"""Whose a request id is, as text: `1 till phone purpose`."""
BOOK_GENERATION = 1
"""The overrides: their version of 8 bytes, which also stands alone, a byte, then MessagePack."""

# What remembers

EVENT = Layout("event", "generation:B kind:B at:I6")
"""One entry of a day's record of sends; what follows is its kind's (`lua/parts/event.lua`)."""
REFUSAL = Layout("refusal", "size:I2 generation:B at:I6 wait:I6 max:I4")
"""One refusal of a day's record; then what identical ones have in common (`turn_away.lua`)."""
BLOCK = Layout("block", "generation:B kind:B at:I6 end:I6")
"""Stands before each block of refusals that were digested (`lua/parts/digest.lua`)."""
OFFENDERS = Layout("offenders", "generation:B error:I4 total:I4")
"""A summary of whom refusals come from; then `{name, count, who}` of each (`offenders.lua`)."""
ALERT_GENERATION = 1
"""An alert, as text: `1 at lease attempts first second channels` (`lua/parts/alert.lua`)."""
HOST_GENERATION = 1
"""A host, as text: `1 since seen` of the field `name limits purposes code timezone`."""
AUDIT_GENERATION = 1
"""An operator's act, as JSON with its generation as `generation`."""


class Newer:
    """Counts what a newer smsctl wrote and this one skipped, each record once."""

    def __init__(self) -> None:
        self._seen: dict[int, str] = {}

    def note(self, layout: str, record: bytes) -> None:
        """Count one record of a layout."""
        self._seen[hash((layout, record))] = layout

    @property
    def counts(self) -> Mapping[str, int]:
        """How many records were skipped, by layout."""
        return Counter(self._seen.values())
