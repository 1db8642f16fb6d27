"""`smsctl` as a process: locales, pipes, signals, and what is imported when."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PHONE = "13800138000"


def _smsctl(
    *words: str, stdin: str = "", code: str | None = None, **environ: str
) -> subprocess.CompletedProcess[bytes]:
    start = ["-c", code] if code else ["-m", "smsctl"]
    return subprocess.run(
        [sys.executable, *start, *words],
        input=stdin.encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environ},
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("environ", "encoding"),
    [
        ({"LC_ALL": "C.UTF-8"}, "utf-8"),
        ({"LC_ALL": "POSIX"}, "utf-8"),
        ({"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
        ({"PYTHONIOENCODING": "gbk"}, "gbk"),
    ],
    ids=["utf-8", "posix", "ascii", "gbk"],
)
@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_help_is_readable_in_every_locale(
    environ: dict[str, str], encoding: str, spoken: str
) -> None:
    """0, nothing on stderr, and no character that had to be escaped."""
    told = _smsctl("--help", SMSCTL_LANG=spoken, **environ)
    assert (told.returncode, told.stderr) == (0, b"")
    text = told.stdout.decode(encoding)
    assert text.startswith("用法" if spoken == "zh" and encoding != "ascii" else "Usage")
    assert "\\u" not in text


def test_bytes_that_are_no_text_are_a_usage_error() -> None:
    """2, and one line without them."""
    told = subprocess.run(
        [sys.executable, "-m", "smsctl", "send", b"\xff\xfe"],
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert (told.returncode, told.stdout) == (2, b"")
    assert told.stderr.startswith(b"error: PHONE is not text in this terminal's encoding\n")


@pytest.mark.parametrize("where", ["closed", "full"])
def test_nobody_reading_is_no_traceback(where: str) -> None:
    """A pipe whose reader left ends it quietly; a full disk is one line."""
    with Path("/dev/full").open("wb") as full:
        read, write = os.pipe()
        os.close(read)
        told = subprocess.run(
            [sys.executable, "-m", "smsctl", "--help"],
            stdout=full if where == "full" else write,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"]},
            check=False,
        )
        os.close(write)
    if where == "full":
        assert told.returncode == 1
        assert told.stderr == b"error: cannot write the output: No space left on device\n"
    else:
        assert (told.returncode, told.stderr) == (141, b"")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_it_with_its_code(number: signal.Signals, code: int) -> None:
    """While it waits for a code on stdin: one line, no traceback."""
    with subprocess.Popen(
        [sys.executable, "-c", _WAITING, "verify", PHONE, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "SMSCTL_STORE__URL": "embedded"},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (code, b"")
    assert err == (b"error: interrupted\n" if code == 130 else b"error: ended by a signal\n")


_WAITING = """
import sys
from smsctl.cli import main
from smsctl.cli.frame.run import Run
line = Run.line
def waiting(self):
    print("waiting", flush=True)
    return line(self)
Run.line = waiting
sys.exit(main())
"""

_LOADED = """
import json, sys
from smsctl.cli import main
code = main(sys.argv[1:])
heavy = {"redis", "rich", "yaml", "msgspec", "alibabacloud_dysmsapi20170525", "darabonba",
         "urllib3", "phonenumbers", "asyncio", "concurrent", "http", "ssl"}
print(json.dumps([code, sorted(heavy & set(sys.modules))]), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--help",), 0),
        (("send", "--help"), 0),
        (("--version",), 0),
        (("nope",), 2),
        (("completion", "bash"), 0),
    ],
)
def test_nothing_heavy_is_imported_that_is_not_used(words: tuple[str, ...], code: int) -> None:
    """Help, mistakes and completion know neither the store nor the vendors, nor Rich."""
    told = _smsctl(*words, code=_LOADED)
    returned, loaded = json.loads(told.stderr.splitlines()[-1])
    assert (returned, loaded) == (code, [])


def test_a_document_needs_no_rich_and_no_vendor(tmp_path: Path) -> None:
    """`send --json` to the console gateway loads what it uses, and neither tables nor an SDK."""
    told = _smsctl(
        *("store", "status", "--json"),
        code=_LOADED,
        SMSCTL_STATE_DIR=str(tmp_path),
    )
    _, loaded = json.loads(told.stderr.splitlines()[-1])
    assert not {"rich", "yaml", "alibabacloud_dysmsapi20170525", "phonenumbers"} & set(loaded)


# Completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_asks_smsctl(shell: str) -> None:
    """The script is on stdout and calls back by the variable that smsctl listens to."""
    told = _smsctl("completion", shell)
    assert (told.returncode, told.stderr) == (0, b"")
    assert b"_SMSCTL_COMPLETE" in told.stdout


def test_completion_knows_the_commands() -> None:
    """What the script asks for is answered."""
    told = _smsctl(_SMSCTL_COMPLETE="complete_bash", COMP_WORDS="smsctl store st", COMP_CWORD="2")
    assert (told.returncode, told.stdout.split()) == (0, [b"status", b"stop"])
    told = _smsctl(_SMSCTL_COMPLETE="complete_bash", COMP_WORDS="smsctl ve", COMP_CWORD="1")
    assert told.stdout.split() == [b"verify"]
