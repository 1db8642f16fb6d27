"""The example file: every key, with its true default."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

from smsctl.config import example, load
from smsctl.config.entries import PURPOSE, TEST_NUMBER
from smsctl.config.limits import ONLY, RULE

FILE = Path(__file__).parents[2] / "config.example.yaml"


def test_the_example_says_the_defaults() -> None:
    """With an empty environment it changes nothing."""
    config, default = load(FILE, environ={}), load(environ={}, defaults=True)
    assert replace(config, path=None, settings=()) == replace(default, settings=())
    written = {each.path: each.text for each in config.settings}
    assert written == {each.path: each.text for each in default.settings}


def test_the_example_mentions_every_key() -> None:
    """Every value but a rule's `mode` stands in the file itself; that one in a comment."""
    config = load(FILE, environ={})
    left_out = [each.path for each in config.settings if each.origin == "default"]
    assert left_out == [f"limits[{index}].mode" for index in range(5)]
    text = FILE.read_text(encoding="utf-8")
    for key in (*PURPOSE, *TEST_NUMBER, *RULE, *ONLY, "only"):
        assert key in text


def test_the_example_is_what_init_writes() -> None:
    """The file in the package and the one at the top are one."""
    assert example() == FILE.read_text(encoding="utf-8")


def test_the_example_holds_no_secret() -> None:
    """So that it may be readable, as a checkout leaves it."""
    assert FILE.stat().st_mode & stat.S_IROTH
