"""Reads a tree of written values leaf by leaf, and notes where each came from.

What is wrong is kept as a problem, and the default stands in for it: reading goes on, so that the
operator is told everything at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from smsctl.config.environment import LONGEST, Expanded, Variable, expand
from smsctl.config.leaves import MOST_TOLD, Leaf, Node, Wrong, leaves, sections
from smsctl.config.needs import within
from smsctl.config.places import sourcing
from smsctl.core.errors import Problem
from smsctl.core.phrase import NOTHING, Phrase, phrase

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value in force, as it may be shown."""

    path: str
    """`store.url`, `limits[2].window`."""
    text: str
    """As it would be written, its secret part masked."""
    origin: str
    """`default`, `file`, `environment NAME`, or one of the first two `, from environment NAME`."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A value before it is read."""

    text: str
    origin: str
    literal: str
    """What of it stands in the file itself."""
    shown: str = ""
    """What to show of it in place of the text, if it lacks one."""


@dataclass(slots=True)
class Intake:
    """What was read so far."""

    environ: Mapping[str, str] = field(repr=False)
    variables: Mapping[str, Variable] = field(default_factory=dict, repr=False)
    problems: list[Problem] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    source: Literal["file", "default"] = "file"
    """Where the entries that are being read stand."""
    literal_secrets: list[str] = field(default_factory=list)
    """The paths of secrets that stand in the file itself."""

    def problem(
        self,
        path: str,
        message: Phrase,
        hint: Phrase = NOTHING,
        *,
        missing: bool = False,
        because: str = "",
    ) -> None:
        """Keep one problem; what is missing is loaded with the service's variables, if at all."""
        hint = (missing and sourcing()) or hint
        self.problems.append(Problem(path, message, hint, missing=missing, because=because))

    def broken(self, path: str) -> bool:
        """Say whether something is wrong with the value at `path`, or with what it is a part of."""
        return any(within(path, each.path) for each in self.problems)

    def section(self, kind: type[S], node: Node, path: str) -> S:
        """Return the section that `node` describes; what is left out keeps its default."""
        inner = sections(kind)
        table = leaves(kind)
        mapping = self.mapping(node, path, [*table, *inner])
        values: dict[str, Any] = {}
        for key, leaf in table.items():
            values |= self._given(key, leaf, mapping, f"{path}.{key}")
        for key, each in inner.items():
            values[key] = self.section(each, mapping.get(key), f"{path}.{key}")
        return kind(**values)

    def entries(
        self,
        read: Callable[Concatenate[Intake, Node, P], T],
        top: Mapping[str, Node],
        key: str,
        default: Node,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return what `read` makes of the entries under `key`, or of the default ones."""
        self.source = "file" if key in top else "default"
        node = top.get(key, default)
        if node == []:
            self.settings.append(Setting(key, "[]", self.source))
        made = read(self, node, *args, **kwargs)
        self.source = "file"
        return made

    def entry(
        self, table: Mapping[str, Leaf], node: Node, path: str, *, inner: Sequence[str] = ()
    ) -> dict[str, Any] | None:
        """Return the values of one entry that are right; `inner` are read elsewhere.

        One that is wrong is left out: it is unknown. None for what is no entry at all.
        """
        if not isinstance(node, dict):
            self.problem(path, phrase("is a mapping of: {keys}", keys=", ".join(table)))
            return None
        mapping = self.mapping(node, path, [*table, *inner])
        values: dict[str, Any] = {}
        for key, leaf in table.items():
            values |= self._given(key, leaf, mapping, f"{path}.{key}")
        return values

    def mapping(self, node: Node, path: str, known: Collection[str]) -> Mapping[str, Node]:
        """Return the mapping that is written there, and note its unknown keys."""
        if node is None:
            return {}
        if not isinstance(node, dict):
            self.problem(path, phrase("is a mapping of: {keys}", keys=", ".join(known)))
            return {}
        unknown = [key for key in node if key not in known]
        for key in unknown[:MOST_TOLD]:
            self._unknown(f"{path}.{visible(key)}" if path else _quoted(key), key, known)
        if len(unknown) > MOST_TOLD:
            more = len(unknown) - MOST_TOLD
            self.problem(path, phrase("and {count} more keys that are not known", count=more))
        return node

    def value(self, leaf: Leaf, mapping: Mapping[str, Node], key: str, path: str) -> Any:
        """Return one value, the default's for one that is wrong, and None where there is none."""
        values = self._given(key, leaf, mapping, path)
        if key not in values and leaf.default is not None:
            return leaf.read(leaf.default)
        return values.get(key)

    def _given(
        self, key: str, leaf: Leaf, mapping: Mapping[str, Node], path: str
    ) -> dict[str, Any]:
        """Return the value under its key, or nothing where it is wrong."""
        written = self._written(leaf, mapping, key, path)
        if written is None:
            return {}
        if len(written.text) > LONGEST:
            self._too_long(path)
            return {}
        try:
            value = leaf.read(written.text)
        except Wrong as wrong:
            self.problem(path, wrong.message, wrong.hint)
            return {}
        text = written.shown or leaf.show(written.text)
        self.settings.append(Setting(path, text, written.origin))
        if leaf.secret(written.literal):
            self.literal_secrets.append(path)
        return {key: value}

    def _written(
        self, leaf: Leaf, mapping: Mapping[str, Node], key: str, path: str
    ) -> _Written | None:
        if variable := self.variables.get(path):
            node = mapping.get(key)
            literal = expand(node[:LONGEST], {}).literal if isinstance(node, str) else ""
            return _Written(variable.text, f"environment {variable.name}", literal)
        if key not in mapping:
            if leaf.default is None:
                self.problem(path, phrase("is missing"))
                return None
            return self._expanded(leaf, leaf.default, "default", path)
        node = mapping[key]
        if leaf.many and isinstance(node, list) and all(isinstance(each, str) for each in node):
            node = ", ".join(map(str, node))
        if isinstance(node, str):
            return self._expanded(leaf, node, self.source, path)
        if node is None:
            hint = phrase('write "" for an empty text, or leave the key out')
            self.problem(path, phrase("has no value"), hint)
        else:
            self.problem(path, phrase("is one value, not a list or a mapping"))
        return None

    def _expanded(self, leaf: Leaf, written: str, origin: str, path: str) -> _Written | None:
        if not leaf.references:
            return _Written(written, origin, written)
        if len(written) > LONGEST:
            self._too_long(path)
            return None
        expanded = expand(written, self.environ)
        for name in expanded.missing:
            hint = phrase("set it, or write a default: {reference}", reference=f"${{{name}:-}}")
            message = phrase("{name} is not set in the environment", name=name)
            self.problem(path, message, hint, missing=True)
        if expanded.malformed:
            hint = phrase("write {form}", form="${NAME} or ${NAME:-default}")
            self.problem(path, phrase("has a {sign} that begins no reference", sign="${"), hint)
        if expanded.malformed:
            return None
        if expanded.missing:
            return self._lacking(leaf, written, origin, expanded, path)
        if expanded.names:
            origin = f"{origin}, from environment {', '.join(expanded.names)}"
        return _Written(expanded.text, origin, "" if origin == "default" else expanded.literal)

    def _lacking(
        self, leaf: Leaf, written: str, origin: str, expanded: Expanded, path: str
    ) -> _Written | None:
        """Show a value without its variables as it is written; return what is known without."""
        origin = f"{origin}, from environment {', '.join(expanded.missing)}"
        shown = leaf.show(written) if expanded.literal else written
        if not leaf.partial:
            self.settings.append(Setting(path, shown, origin))
            return None
        # A word, a port and a database: whatever the variable stands for.
        whole = expand(written, {**self.environ, **dict.fromkeys(expanded.missing, "1")})
        return _Written(whole.text, origin, expanded.literal, shown)

    def _too_long(self, path: str) -> None:
        self.problem(path, phrase("is longer than {most} characters", most=LONGEST))

    def _unknown(self, path: str, key: str, known: Iterable[str]) -> None:
        from smsctl.config.suggest import suggest  # noqa: PLC0415 - difflib: 4 ms, on mistakes

        hint = suggest(key, known) or phrase("known here: {keys}", keys=", ".join(known))
        self.problem(path, phrase("there is no such key"), hint)


def _quoted(key: str) -> str:
    """Return an unknown key at the top so that it is not taken for a path: `"store.url"`."""
    shown = visible(key)
    return f'"{shown}"' if shown[:1].isalnum() and {".", "["} & {*shown} else shown


def visible(key: str) -> str:
    """Return a key as it may be shown: short, and printable."""
    shown = key if len(key) <= 40 else f"{key[:40]}…"  # noqa: PLR2004 - the longest real one is 17
    return shown if shown.isprintable() else ascii(shown)
