"""How much of it there is. A number is raised only by a commit that says why it is worth it.

What shrank by more than a hundredth lowers its number, so that nobody grows into the room unseen.
The seconds of `make check` are held by its target: CI sets CHECK_BUDGET.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest

import smsctl
from smsctl import testing
from smsctl.cli.tree import TREE, Branch, Leaf
from smsctl.config import load
from smsctl.config.alerts import CHANNEL
from smsctl.config.entries import PURPOSE, TEST_NUMBER
from smsctl.config.limits import ONLY, RULE

_SOURCE = Path(smsctl.__file__).parent
_HELP = """
import sys
from smsctl.cli import main
main(["--help"])
print(*(name for name in sys.modules if name.partition(".")[0] == "smsctl"), file=sys.stderr)
"""


def commands(tree: Mapping[str, Leaf | Branch] = TREE) -> Iterator[str]:
    """Yield what can be run."""
    for name, below in tree.items():
        yield from commands(below.commands) if isinstance(below, Branch) else [name]


def keys() -> list[str]:
    """Return the keys that a configuration may have, those of listed entries once."""
    settings = [setting.path for setting in load(environ={}, defaults=True).settings]
    listed = ("limits[", "purposes.")
    alone = [path for path in settings if not path.startswith(listed)]
    return [*alone, *PURPOSE, *TEST_NUMBER, *RULE, *ONLY, *CHANNEL]


def lines() -> Iterator[str]:
    """Yield the lines of the program, Lua's included."""
    for kind in ("*.py", "*.lua"):
        for file in _SOURCE.rglob(kind):
            yield from file.read_text("utf-8").splitlines()


def imported_by_help() -> list[str]:
    """Return our own modules that the page of commands imports."""
    run = subprocess.run([sys.executable, "-c", _HELP], capture_output=True, text=True, check=True)
    return run.stderr.split()


BUDGETS: Mapping[str, tuple[Callable[[], Iterable[object]], int]] = {
    "commands": (commands, 40),
    "configuration keys": (keys, 65),
    "public names": (lambda: [*smsctl.__all__, *testing.__all__], 38),
    "lines of smsctl/": (lines, 36_603),
    "files in smsctl/cli/": (lambda: (_SOURCE / "cli").rglob("*.py"), 142),
    "modules imported by --help": (imported_by_help, 23),
}


@pytest.mark.parametrize("what", BUDGETS)
def test_it_is_no_larger_than_it_may_be(what: str) -> None:
    """A command, a key, a name, a file: each is learnt, documented and kept for years."""
    count, budget = BUDGETS[what]
    counted = sum(1 for _ in count())
    assert counted <= budget, f"{counted:,} {what} are more than {budget:,}"
    room = budget - counted
    assert room <= budget // 100, f"{counted:,} {what}: lower the budget of {budget:,}"
