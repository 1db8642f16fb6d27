"""A sentence for people, kept apart from the values inside it.

The template is the English sentence and, at the same time, the key under which the CLI finds its
translation. Nothing here knows which language the reader wants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Phrase:
    """A template in `str.format` syntax and its values; `str()` of it is the English sentence."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def __bool__(self) -> bool:
        return bool(self.template)


def phrase(template: str, /, **values: object) -> Phrase:
    """Return the phrase of `template` with these values."""
    return Phrase(template, values)


NOTHING = Phrase("")
"""The phrase that says nothing; false."""
