"""The shape of a document: its exact keys, and what stands behind each."""

from __future__ import annotations

import re
from types import UnionType
from typing import Any

NUMBER = int | float
MAYBE_TEXT = str | None
MAYBE_NUMBER = int | float | None
MASKED = "+86138****8000"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def differences(value: Any, shape: Any, path: str = "$") -> list[str]:
    """Return where the value has another shape: nothing if it fits.

    A mapping has exactly these keys, a list of one shape has only such entries and at least one, a
    pattern fits a whole text, a type is the value's, and anything else is the value itself.
    """
    match shape:
        case dict():
            if not isinstance(value, dict) or value.keys() != shape.keys():
                return [f"{path}: {value!r} has not the keys {sorted(shape)}"]
            inner = ((value[key], shape[key], f"{path}.{key}") for key in shape)
        case [entry]:
            if not isinstance(value, list) or not value:
                return [f"{path}: {value!r} is no list of entries"]
            inner = ((item, entry, f"{path}[{index}]") for index, item in enumerate(value))
        case re.Pattern():
            like = isinstance(value, str) and shape.fullmatch(value)
            return [] if like else [f"{path}: {value!r} is not like {shape.pattern}"]
        case type() | UnionType():
            a_flag = isinstance(value, bool) and shape is not bool
            fits = isinstance(value, shape) and not a_flag
            return [] if fits else [f"{path}: {value!r} is not {shape}"]
        case _:
            return [] if value == shape else [f"{path}: {value!r} is not {shape!r}"]
    return [line for item in inner for line in differences(*item)]
