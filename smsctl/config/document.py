"""From the bytes of a YAML file to plain mappings, lists and texts.

Every scalar stays the text that was written: what it means is its reader's to say, so neither `NO`
nor `000123` turns into something else on the way. Knows nothing of smsctl's keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import yaml

from smsctl.config.leaves import MOST_TOLD, Node
from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import NOTHING, Phrase, phrase

MAX_DEPTH = 8
"""Twice what the deepest key needs; a document nested by thousands is nobody's configuration."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is not in every build
_BLANK = {"", "~", "null"}


def parse(written: bytes, name: str) -> tuple[Node, list[Problem]]:
    """Return the document and its duplicate keys; `name` is the file's, for `name:line:column`.

    Raises ConfigError for what is not one YAML document in UTF-8, or has aliases or tags.
    """
    return _Document(name).read(_decoded(written, name))


def _decoded(written: bytes, name: str) -> str:
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = written.count(b"\n", 0, fault.start) + 1
        raise ConfigError(
            Problem(f"{name}:{line}", phrase("not UTF-8"), phrase("save the file as UTF-8"))
        ) from None


class _Mark(Protocol):
    """A place in the text, from either parser; both count from 0."""

    line: int
    column: int


class _Document:
    """Builds the tree from the parser's events: nothing recurses deeper than MAX_DEPTH."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._problems: list[Problem] = []
        self._more = 0
        self._events: Iterator[yaml.Event] = iter(())

    def read(self, text: str) -> tuple[Node, list[Problem]]:
        try:
            self._events = yaml.parse(text, Loader=_Loader)
            root = self._root()
        except yaml.MarkedYAMLError as fault:
            reason = phrase("not YAML: {reason}", reason=fault.problem or fault.context)
            raise self._at(fault.problem_mark or fault.context_mark, reason) from None
        except (yaml.YAMLError, ValueError, OverflowError):
            # The parser in Python lets out what it makes of numbers that are none: "\UFFFFFFFF".
            raise ConfigError(
                Problem(self._name, phrase("not YAML: it has characters that text does not have"))
            ) from None
        if self._more:
            message = phrase("and {count} more keys that are written twice", count=self._more)
            self._problems.append(Problem(self._name, message))
        return root, self._problems

    def _root(self) -> Node:
        next(self._events)  # the stream's start
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            return None
        root = self._node(next(self._events), 1)
        next(self._events)  # the document's end
        after = next(self._events)
        if isinstance(after, yaml.DocumentStartEvent):
            raise self._at(after.start_mark, phrase("a second document begins here"))
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._at(event.start_mark, phrase("nested too deeply"))
        if isinstance(event, yaml.AliasEvent):
            raise self._at(
                event.start_mark, phrase("aliases are not read"), phrase("write the value out")
            )
        if getattr(event, "tag", None) not in {None, "!"}:
            raise self._at(event.start_mark, phrase("tags are not read"), phrase("leave it out"))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(depth)
        return _scalar(event)

    def _mapping(self, depth: int) -> dict[str, Node]:
        mapping: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            value = self._node(next(self._events), depth + 1)
            if key in mapping:
                self._twice(event)
            mapping.setdefault(key, value)
        return mapping

    def _sequence(self, depth: int) -> list[Node]:
        sequence: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            sequence.append(self._node(event, depth + 1))
        return sequence

    def _twice(self, event: yaml.Event) -> None:
        if len(self._problems) == MOST_TOLD:
            self._more += 1
            return
        place = self._place(event.start_mark)
        self._problems.append(
            Problem(place, phrase("this key is written twice"), phrase("keep one of them"))
        )

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._at(event.start_mark, phrase("a key is one plain word"))
        return str(event.value)

    def _at(self, mark: _Mark | None, message: Phrase, hint: Phrase = NOTHING) -> ConfigError:
        return ConfigError(Problem(self._place(mark), message, hint))

    def _place(self, mark: _Mark | None) -> str:
        return f"{self._name}:{mark.line + 1}:{mark.column + 1}" if mark else self._name


def _scalar(event: yaml.Event) -> str | None:
    assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - what remains
    plain = event.style in {None, ""}
    return None if plain and event.value in _BLANK else str(event.value)
