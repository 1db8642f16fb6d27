"""The long run: every surface by every driver that fits, two at a time; a table and a verdict.

    python -m tests.fuzz [--seconds S] [--seed K]

Fails where anything was found, or where fewer than a million inputs were tried.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import secrets
import subprocess
import sys
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.fuzz.corpus import FOLDER, keep

LEAST = 1_000_000
"""Inputs in all, for a run of the usual length."""

USUAL = 240.0
"""Seconds that a whole run takes, about."""

_AT_ONCE = 2
_GRACE = 60.0  # seconds for a worker to start, and to end
_LONGEST_KEPT = 4000

# Surface, driver, and the share of the time. What needs no server is tried the most.
_PLAN = (
    ("configuration", "chance", 60),
    ("guard-ledger", "chance", 60),
    ("redis-wire", "chance", 50),
    ("guard-server", "chance", 45),
    ("readers", "guided", 45),
    ("vendors-http", "chance", 40),
    ("damaged-store", "chance", 40),
    ("turnstile-answers", "guided", 30),
    ("redis-replies", "guided", 30),
    ("configuration", "guided", 30),
    ("aliyun-answers", "guided", 20),
    ("readers", "chance", 15),
    ("redis-replies", "chance", 15),
    ("turnstile-answers", "chance", 10),
    ("aliyun-answers", "chance", 10),
    ("account-answers", "chance", 8),
    ("reviews", "chance", 8),
)
_COLUMNS = ("surface", "driver", "inputs", "seconds", "slowest, ms")
_KINDS = {
    "outside": "outside",
    "hang": "hangs",
    "write": "writes",
    "told": "told",
    "wrong": "wrong",
}

Told = Mapping[str, Any]


def main() -> int:
    """Return 0 where nothing was found, else 1."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=USUAL)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**30))
    chosen = parser.parse_args()
    has_atheris = importlib.util.find_spec("atheris") is not None
    _say(f"seed {chosen.seed}; {'guided by atheris' if has_atheris else 'no atheris here: chance'}")
    whole = sum(share for _, _, share in _PLAN)
    each = [
        (surface, driver if has_atheris else "chance", chosen.seconds * _AT_ONCE * share / whole)
        for surface, driver, share in _PLAN
    ]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        told = list(pool.map(lambda one: _run(*one, seed=chosen.seed), each))
    _table(told)
    found = [(one, what) for one in told for what in one["found"]]
    for one, what in found:
        _say(f"\n{one['surface']}: {what}\n  {one['examples'].get(what, '')[:1000]}")
        _keep(one["surface"], one["examples"].get(what, ""))
    inputs = sum(one["inputs"] for one in told)
    enough = inputs >= LEAST or chosen.seconds < USUAL
    _say(
        f"\n{inputs:,} inputs, {len(found)} findings: {'ok' if enough and not found else 'FAILED'}"
    )
    return 0 if enough and not found else 1


def _run(surface: str, driver: str, seconds: float, *, seed: int) -> Told:
    command = [sys.executable, "-m", "tests.fuzz.worker", surface]
    options = ["--driver", driver, "--seconds", f"{seconds:.1f}", "--seed", str(seed)]
    try:
        ended = subprocess.run(
            [*command, *options],
            capture_output=True,
            text=True,
            timeout=seconds + _GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _dead(surface, driver, "hang: the process had to be ended")
    try:
        told: Told = json.loads(ended.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return _dead(surface, driver, f"outside: the process ended: {ended.stderr[-2000:]}")
    return told


def _dead(surface: str, driver: str, what: str) -> Told:
    blank = {"inputs": 0, "seconds": 0.0, "slowest": 0.0, "examples": {}}
    return {"surface": surface, "driver": driver, "found": {what: 1}, **blank}


def _table(told: Sequence[Told]) -> None:
    rows = [[*_COLUMNS, *_KINDS.values()]]
    for one in told:
        counts = [
            sum(many for what, many in one["found"].items() if what.startswith(kind))
            for kind in _KINDS
        ]
        figures = (one["surface"], one["driver"], f"{one['inputs']:,}", f"{one['seconds']:.0f}")
        rows.append([*figures, f"{one['slowest'] * 1000:.0f}", *map(str, counts)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        _say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _keep(surface: str, example: str) -> None:
    """Keep a finding in the corpus: from now on `make test` tries it."""
    if not 0 < len(example) < _LONGEST_KEPT:
        return
    file = keep(surface, f"found-{zlib.crc32(example.encode()):08x}", ast.literal_eval(example))
    _say(f"  kept as {file.relative_to(FOLDER)}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
