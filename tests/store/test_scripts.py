"""What every script must be, read from its text."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from smsctl.store.scripts import script

NAMES = sorted(
    path.name.removesuffix(".lua")
    for path in files("smsctl.store").joinpath("lua").iterdir()
    if path.name.endswith(".lua")
)
READING = {"show"}
WRITES = re.compile(
    r"'(?:[A-Z]*PUSH|[LR]POP|LTRIM|LREM|LSET|H?SET|HSETNX|H?DEL|HINCRBY|APPEND|PEXPIRE)'"
)


def test_every_transition_has_a_script() -> None:
    """`ls` is the list of what can happen to the store."""
    assert NAMES == [
        "announce",
        "borrow",
        "give_back",
        "look",
        "note",
        "override",
        "raise",
        "record",
        "refuse",
        "reserve",
        "reset",
        "settle",
        "show",
        "verify",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_named_literally(name: str) -> None:
    """A managed proxy refuses KEYS[i] and local names for keys: each call names KEYS[n]."""
    text = script(name).text
    calls = re.findall(r"redis\.p?call\('([A-Z]+)'((?:, KEYS\[[1-9][0-9]?\])*)", text)
    assert calls
    for command, keys in calls:
        assert command == "TIME" or keys, command
    everywhere = len(re.findall(r"KEYS", text))
    assert everywhere == sum(keys.count("KEYS") for _, keys in calls)


@pytest.mark.parametrize("name", sorted(READING))
def test_a_script_that_shows_never_writes(name: str) -> None:
    """Looking at a limit does not change it."""
    assert not WRITES.search(script(name).text)


@pytest.mark.parametrize("name", NAMES)
def test_a_script_says_what_it_is(name: str) -> None:
    """Every file begins with what is true afterwards, its KEYS and what it returns."""
    head = files("smsctl.store").joinpath("lua", f"{name}.lua").read_text("utf-8")
    comment = head.split("\n--@include")[0]
    assert comment.startswith("-- ")
    assert "-- KEYS " in comment
    assert "-- ARGV " in comment
    assert "-- Returns " in comment


@pytest.mark.parametrize("name", NAMES)
def test_a_script_uses_what_redis_6_2_has(name: str) -> None:
    """No shebang, no function, no newer command."""
    text = script(name).text
    assert not text.startswith("#!")
    for newer in ("EXPIRETIME", "PEXPIRETIME", "LMPOP", "HEXPIRE", "FCALL", "redis.setresp"):
        assert newer not in text
