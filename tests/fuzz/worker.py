"""Puts inputs into one surface until there were so many, or the time is up, and tells what it saw.

    python -m tests.fuzz.worker SURFACE --driver chance|guided [--inputs N] [--seconds S] [--seed K]

The last line of its output is JSON. `guided` reads coverage off smsctl with atheris.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any, NoReturn

from tests.fuzz.chance import Bytes
from tests.fuzz.corpus import kept
from tests.fuzz.oracle import Breach, Hang, patience
from tests.fuzz.surface import Surface

_STUCK = 30.0
"""Seconds after which the process is ended where not even a signal breaks an input off."""

_LONGEST_INPUT = 4096


@dataclass(slots=True)
class Tally:
    """What one worker saw."""

    surface: str
    driver: str
    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    """Seconds of the slowest input."""
    found: dict[str, int] = field(default_factory=dict)
    """How often, by what was found."""
    examples: dict[str, str] = field(default_factory=dict)
    """One input for each."""


class Worker:
    """Tries inputs one by one, and stops for nothing that they find."""

    def __init__(self, surface: Surface, driver: str, *, inputs: int, seconds: float) -> None:
        self.tally = Tally(surface.name, driver)
        self._check = surface.check
        self._inputs = inputs
        self._seconds = seconds
        self._began = time.monotonic()

    def over(self) -> bool:
        """Say whether it was enough."""
        self.tally.seconds = time.monotonic() - self._began
        return self.tally.inputs >= self._inputs or self.tally.seconds >= self._seconds

    def put(self, drawn: Any) -> None:
        """Try one input."""
        self.tally.inputs += 1
        if self.tally.inputs % 1000 == 1:
            faulthandler.dump_traceback_later(_STUCK, exit=True)
        began = time.perf_counter()
        try:
            with patience():
                self._check(drawn)
        except Breach as breach:
            self._note(str(breach), drawn)
        except Hang:
            self._note("hang: no end", drawn)
        except Exception as error:  # noqa: BLE001 - the check itself fell over: a finding as well
            self._note(f"outside: {type(error).__name__} in the check: {error}"[:200], drawn)
        self.tally.slowest = max(self.tally.slowest, time.perf_counter() - began)

    def _note(self, what: str, drawn: Any) -> None:
        self.tally.found[what] = self.tally.found.get(what, 0) + 1
        self.tally.examples.setdefault(what, ascii(drawn)[:4000])


def by_chance(surface: Surface, worker: Worker, seed: int) -> None:
    """Try the corpus, then what seeded chances make."""
    for _, drawn in kept(surface.name):
        worker.put(drawn)
    number = seed << 32
    while not worker.over():
        worker.put(surface.draw(Random(number)))
        number += 1


def guided(surface: Surface, worker: Worker, seed: int, tell: Callable[[Tally], None]) -> NoReturn:
    """Try what libFuzzer makes of the coverage that earlier inputs reached."""
    import atheris  # noqa: PLC0415 - a fuzzer's own environment has it

    def once(read: bytes) -> None:
        # Bytes as they are reach deep into a syntax, and chances of them every shape.
        raw = surface.raw if read[:1] < b"\x80" else None
        worker.put(raw(read) if raw else surface.draw(Bytes(read)))
        if worker.over():
            tell(worker.tally)
            os._exit(0)  # libFuzzer has no other end

    with tempfile.TemporaryDirectory() as folder:
        for number, seed_input in enumerate((*surface.seeds, b"\xff" * 64)):
            Path(folder, str(number)).write_bytes(seed_input)
        options = [f"-seed={seed % 2**31 + 1}", f"-max_len={_LONGEST_INPUT}", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *options, "-timeout=0", folder], once)
        atheris.Fuzz()
    raise AssertionError("a fuzzer never returns")


def main() -> None:
    """Do as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("surface")
    parser.add_argument("--driver", choices=["chance", "guided"], default="chance")
    parser.add_argument("--inputs", type=int, default=10**9)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with _surfaces(chosen.driver)[chosen.surface]() as surface:
        worker = Worker(surface, chosen.driver, inputs=chosen.inputs, seconds=chosen.seconds)
        if chosen.driver == "guided":
            guided(surface, worker, chosen.seed, _tell)
        by_chance(surface, worker, chosen.seed)
        _tell(worker.tally)
    faulthandler.cancel_dump_traceback_later()


def _surfaces(driver: str) -> Any:
    if driver == "guided":
        import atheris  # noqa: PLC0415 - as above

        with atheris.instrument_imports(include=["smsctl"]):
            from tests.fuzz.registry import SURFACES  # noqa: PLC0415 - instrumented as it loads
    else:
        from tests.fuzz.registry import SURFACES  # noqa: PLC0415 - as above
    return SURFACES


def _tell(tally: Tally) -> None:
    sys.stdout.write(f"{json.dumps(asdict(tally))}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
