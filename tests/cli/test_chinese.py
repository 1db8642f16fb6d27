"""The Chinese catalogue is whole: a new sentence without its translation fails here."""

from __future__ import annotations

import pkgutil
import string
from collections import Counter
from importlib import import_module

from smsctl.cli import zh
from smsctl.cli.zh import CATALOGUE
from tests.cli.templates import templates


def _values(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name)


def test_every_template_has_its_translation() -> None:
    """What an operator can be told, a Chinese operator can be told in Chinese."""
    said = templates()
    assert len(said) > 400
    assert {text: file for text, file in said.items() if text not in CATALOGUE} == {}


def test_a_template_is_translated_once() -> None:
    """No catalogue says another's sentence in other words."""
    modules = [
        import_module(f"{zh.__name__}.{own.name}") for own in pkgutil.iter_modules(zh.__path__)
    ]
    catalogues = [
        each for module in modules for name, each in vars(module).items() if name.isupper()
    ]
    said = Counter(text for each in catalogues for text in each)
    assert set(said) == set(CATALOGUE)
    assert [text for text, times in said.items() if times > 1] == []


def test_a_translation_keeps_the_values() -> None:
    """No value is lost, and none is asked for that is not there."""
    wrong = {text for text, told in CATALOGUE.items() if _values(text) != _values(told)}
    assert wrong == set()


def test_no_translation_outlives_its_template() -> None:
    """The catalogue holds nothing that nobody says."""
    assert set(CATALOGUE) - set(templates()) == set()


def test_the_fuse_has_one_name_in_chinese() -> None:
    """Nobody wonders at night whether two words mean two things."""
    other = ("保险丝", "熔断", "保险")
    assert [told for told in CATALOGUE.values() if any(word in told for word in other)] == []
