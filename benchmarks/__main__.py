"""Asks every question, or those that are named, each in a process of its own: `make bench`."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.frame.report import RESULTS
from benchmarks.frame.summary import summarize

QUESTIONS = (
    "one_caller",
    "many_callers",
    "exactness",
    "whole_flow",
    "scripts",
    "scale",
    "flood",
    "record",
    "hung",
    "verify_timing",
    "sms",
    "slow_vendor",
    "startup",
    "beyond_one_node",
)


def main(asked: list[str]) -> int:
    """Return how many questions ended without an answer."""
    unanswered = 0
    start = time.monotonic()
    questions = asked or list(QUESTIONS)
    for question in questions:
        print(f"== {question} ({time.monotonic() - start:.0f} s)\n", flush=True)
        (RESULTS / f"{question}.json").unlink(missing_ok=True)
        ended = subprocess.run([sys.executable, "-m", f"benchmarks.{question}"], check=False)
        unanswered += ended.returncode != 0
    print("== all bars\n")
    summarize(questions)
    print(f"{time.monotonic() - start:.0f} s")
    return unanswered


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
