"""`watch` as it is run: over a real store, into a pipe, and at a real terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from smsctl.config import load
from smsctl.core.blocking import run_blocking
from smsctl.wiring.parts import Parts, assemble
from tests.cli.desk import Desk
from tests.cli.desks import IP, MASKED, OTHER, PHONE
from tests.cli.typist import Typist, at_a_terminal

OTHER_SCREEN, OWN_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"


@pytest.fixture
def parts(desk: Desk) -> Iterator[Parts]:
    made = assemble(load(environ=desk.environ), environ=desk.environ, blocking=True)
    yield made
    run_blocking(made.close())


@pytest.fixture
def at_work(desk: Desk, tmp_path: Path) -> Mapping[str, str]:
    """The desk's environment, as a process needs it."""
    return {**desk.environ, "HOME": str(tmp_path), "LANG": "C.UTF-8", "TERM": "xterm"}


def test_a_look_tells_what_was_decided(desk: Desk, parts: Parts) -> None:
    """Two sends, one of them verified, and a refusal: from the record of a real store."""
    sent = run_blocking(parts.flow.send(PHONE, ip=IP))
    run_blocking(parts.flow.send(PHONE, ip=IP))
    run_blocking(parts.flow.send(OTHER, ip=IP))
    assert sent
    code = "".join(char for char in sent.message or "" if char.isdigit())
    assert run_blocking(parts.flow.verify(PHONE, code))
    told = desk("watch", "--json", "--count", "1").document
    assert told["schema"] == "smsctl.watch/1"
    assert {name: rate["minute"] for name, rate in told["rates"].items()} == {
        "sends": 2,
        "refusals": 1,
        "verified": 1,
        "wrong": 0,
    }
    assert told["refused_by"] == {"phone-minute": 1}
    assert told["conversion"] == {"sent": 2, "verified": 1, "percent": 50.0}
    assert told["latency"]["count"] == 2
    assert [each["used"] for each in told["fuses"]] == [2]
    assert sorted((each["event"], each["phone"]) for each in told["newest"]) == [
        ("guessed", MASKED),
        ("refused", MASKED),
        ("settled", MASKED),
        ("settled", "+86139****9000"),
    ]


def test_a_pipe_gets_a_document_without_being_asked_for_one(desk: Desk) -> None:
    """One line for each look, and nothing else."""
    told = desk("watch", "--count", "1")
    assert (told.code, told.out.count("\n"), told.err) == (0, 1, "")
    assert json.loads(told.out)["silent_since"] is None


def test_a_stream_ends_quietly_with_its_reader(at_work: Mapping[str, str]) -> None:
    """As by SIGPIPE, and no word about it."""
    with subprocess.Popen(
        [sys.executable, "-m", "smsctl", "watch", "--interval", "100ms"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], **at_work},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["schema"] == "smsctl.watch/1"
        process.stdout.close()
        assert (process.wait(20), process.stderr.read()) == (141, b"")


def test_a_store_that_cannot_be_reached_is_an_error(desk: Desk) -> None:
    """Before the first look there is nothing to go on showing; the screen stays the operator's."""
    for words in ([], ["--json"]):
        told = desk("watch", *words, terminal=True, SMSCTL_STORE__URL="redis://127.0.0.1:1/0")
        assert (told.code, told.out) == (69, "")


@pytest.mark.parametrize("interval", ["0s", "50ms", "2h", "fast", "-1s", "5"])
def test_an_interval_is_a_time_that_makes_sense(desk: Desk, interval: str) -> None:
    """From a tenth of a second to an hour, with its unit."""
    told = desk("watch", f"--interval={interval}", "--json")
    assert (told.code, told.error["code"]) == (2, "usage")


@pytest.mark.parametrize("count", ["0", "-1", "x"])
def test_a_count_is_one_or_more(desk: Desk, count: str) -> None:
    """Anything else is a usage error."""
    assert desk("watch", f"--count={count}").code == 2


# At a real terminal


def _modes(typist: Typist) -> list[object]:
    return termios.tcgetattr(typist.terminal)


@pytest.mark.parametrize(("key", "code"), [(b"q", 0), (b"Q", 0), (b"\x03", 130)])
def test_the_terminal_is_given_back_as_it_was(
    at_work: Mapping[str, str], key: bytes, code: int
) -> None:
    """Its own screen, its cursor, its modes; q ends it, and ctrl-C does as everywhere."""
    with at_a_terminal(at_work, "watch") as typist:
        before = _modes(typist)
        typist.await_text(OTHER_SCREEN)
        typist.await_text(HIDDEN)
        assert typist.press("q quits", key) == code
        typist.await_text(SHOWN)
        typist.await_text(OWN_SCREEN)
        assert _modes(typist) == before


def test_keys_that_mean_nothing_end_nothing(at_work: Mapping[str, str]) -> None:
    """Neither an arrow nor ctrl-Z, and it goes on looking."""
    with at_a_terminal(at_work, "watch", "--interval", "100ms") as typist:
        typist.await_text("q quits")
        os.write(typist.terminal, b"\x1b[A\x1a x")
        typist.await_text("q quits")
        assert typist.press("q quits", b"q") == 0


def test_a_count_ends_it_at_a_terminal_too(at_work: Mapping[str, str]) -> None:
    """In Chinese here, and without colours."""
    environ = {**at_work, "SMSCTL_LANG": "zh", "NO_COLOR": "1"}
    with at_a_terminal(environ, "watch", "--count", "1") as typist:
        typist.await_text("最新事件")
        typist.await_text(OWN_SCREEN)
        assert typist.process.wait(20) == 0
