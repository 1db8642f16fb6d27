"""The short form of `make fuzz`: the same surfaces and properties, the same inputs every time."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.corpus import kept
from tests.fuzz.oracle import patience
from tests.fuzz.registry import SURFACES
from tests.fuzz.surface import Surface

_CHANCES = st.randoms(use_true_random=False)
_PLAIN = {
    # So many inputs more than Hypothesis makes, which thinks about each of them.
    "readers": 3000,
    "reviews": 100,
    "guard-ledger": 300,
    "guard-server": 80,
    "configuration": 80,
    "turnstile-answers": 1500,
    "aliyun-answers": 1500,
    "account-answers": 300,
    "redis-replies": 3000,
    "redis-wire": 120,
    "damaged-store": 200,
}


@pytest.fixture(scope="module", params=sorted(_PLAIN))
def surface(request: pytest.FixtureRequest) -> Iterator[Surface]:
    """Each surface, opened once."""
    with SURFACES[request.param]() as opened:
        yield opened


def test_what_broke_it_once_breaks_it_no_more(surface: Surface) -> None:
    """Every input of the corpus is answered, soon and inside the error tree."""
    for name, drawn in kept(surface.name):
        with patience():
            try:
                surface.check(drawn)
            except Exception as error:
                error.add_note(f"corpus/{surface.name}/{name}.txt")
                raise


def test_nothing_breaks_it_at_once(surface: Surface) -> None:
    """A few thousand inputs over all surfaces, the same on every run."""
    for seed in range(_PLAIN[surface.name]):
        drawn = surface.draw(Random(seed))
        with patience():
            try:
                surface.check(drawn)
            except Exception as error:
                error.add_note(f"seed {seed}: {drawn!r}"[:2000])
                raise


@settings(
    derandomize=True,
    max_examples=20,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(chance=_CHANCES)
def test_the_least_that_breaks_it(surface: Surface, chance: Random) -> None:
    """The same by Hypothesis, which cuts what it finds down to what matters."""
    drawn = surface.draw(chance)
    with patience():
        surface.check(drawn)
