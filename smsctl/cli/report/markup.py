"""HTML and SVG as trees: what an element holds is escaped when the page is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

from smsctl.cli.frame.words import printable

Content: TypeAlias = "Element | str | int | Iterable[Content] | None"
_PERCENT = "\u00a0%"  # stays with its figure


def el(tag: str, *content: Content, **attributes: str | float | None) -> Element:
    """Return an element: `class_` is its class, `_` in other names is `-`; None leaves one out."""
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            told = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
            made.set(name.rstrip("_").replace("_", "-"), printable(str(told)))
    _put(made, content)
    return made


def page(html: Element) -> str:
    """Return the text of a whole page."""
    return f"<!doctype html>\n{tostring(html, encoding='unicode', method='html')}\n"


def _put(parent: Element, content: Iterable[Content]) -> None:
    for each in content:
        match each:
            case None:
                pass
            case Element():
                parent.append(each)
            case str() | int():
                _write(parent, printable(str(each)).replace(" %", _PERCENT))
            case _:
                _put(parent, each)


def _write(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
