"""What is published: the wheel alone, installed where there is no checkout."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import pytest

import smsctl
from tests.artefact.conftest import ROOT, Reader

pytestmark = pytest.mark.artefact

_CONSUMER = Path(__file__).parent / "consumer"


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """Lua, CSS, the example and py.typed are data that a build leaves out without a word."""
    with ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
        example = packed.read("smsctl/config/example.yaml")
    files = (path for path in (ROOT / "smsctl").rglob("*") if path.is_file())
    written = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}
    assert names == written
    assert {Path(name).suffix for name in names} == {".py", ".lua", ".css", ".yaml", ".typed"}
    assert example == (ROOT / "config.example.yaml").read_bytes()


def test_the_public_names_warn_of_nothing(reader: Reader) -> None:
    """Also where every warning is an error, in Python's development mode."""
    program = f"from smsctl import {', '.join(smsctl.__all__)}\nfrom smsctl.testing import *"
    run = reader("python", "-W", "error", "-X", "dev", "-c", program)
    assert (run.returncode, run.stderr) == (0, "")


def test_without_a_server_the_line_to_type_brings_one(reader: Reader) -> None:
    """The default installation ends with 69, and its hint with a line that works as it stands."""
    bare = reader("smsctl", "demo")
    assert bare.returncode == 69
    line = bare.stderr.splitlines()[-1].partition("or run: ")[2]
    subprocess.run(["/bin/sh", "-c", line], env=reader.environ, check=True, stdout=sys.stderr)
    shown = reader("smsctl", "demo", "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["ok"] is True


Checker = Callable[[Reader, str], subprocess.CompletedProcess[str]]


def mypy(reader: Reader, file: str) -> subprocess.CompletedProcess[str]:
    """Return what mypy says of one of the consumer's files."""
    options = ("--strict", "--no-error-summary", "--config-file", "")
    return _checked(reader, "mypy", *options, "--python-executable", file=file)


def pyright(reader: Reader, file: str) -> subprocess.CompletedProcess[str]:
    """Return what pyright says of one of the consumer's files."""
    return _checked(reader, "pyright", "--pythonpath", file=file)


def _checked(
    reader: Reader, checker: str, *options: str, file: str
) -> subprocess.CompletedProcess[str]:
    copied = copytree(_CONSUMER, reader.home / checker, dirs_exist_ok=True)
    command: list[str | Path] = [
        Path(sys.executable).parent / checker,
        *options,
        reader.bin / "python",
        file,
    ]
    return subprocess.run(command, cwd=copied, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_a_backend_is_checked_against_real_types(reader: Reader, checker: Checker) -> None:
    """No public type is Any: the consumer asserts them one by one."""
    run = checker(reader, "backend.py")
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_each_mistake_in_a_backend_is_flagged(reader: Reader, checker: Checker) -> None:
    """A name that is not there, an address that was forgotten, a field of the other answer."""
    said = checker(reader, "mistakes.py").stdout
    lines = (_CONSUMER / "mistakes.py").read_text("utf-8").splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if line.endswith("# flagged")}
    assert len(wrong) == 4
    flagged = re.findall(r"^.*\.py:([0-9]+)\b.* error: ", said, re.MULTILINE)
    assert wrong <= {int(line) for line in flagged}, said
