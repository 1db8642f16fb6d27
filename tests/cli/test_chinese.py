"""The Chinese catalogue is whole: a new sentence without its translation fails here."""

from __future__ import annotations

import string

from smsctl.cli.zh import CATALOGUE
from tests.cli.templates import templates


def _values(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name)


def test_every_template_has_its_translation() -> None:
    """What an operator can be told, a Chinese operator can be told in Chinese."""
    said = templates()
    assert len(said) > 400
    assert {text: file for text, file in said.items() if text not in CATALOGUE} == {}


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
