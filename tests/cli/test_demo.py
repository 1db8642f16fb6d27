"""`smsctl demo` and `smsctl store`: an embedded server that is a test's own, and its end."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smsctl.cli.frame.words import cells
from smsctl.core.guard import Guard
from smsctl.store.embedded import EmbeddedServer
from tests.cli.desk import Desk
from tests.processes import processes_of

STEPS = ["send", "verify", "reuse", "resend", "usage"]


@pytest.fixture
def scratch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders are made during the test; its path leaves room for a socket's."""
    with tempfile.TemporaryDirectory(prefix="scratch-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.fixture
def newcomer(tmp_path: Path, scratch: Path) -> Desk:
    """Return the desk of somebody whose configuration would forbid everything."""
    return Desk(
        {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path / "home"),
            "SMSCTL_CONFIG": "/nonexistent/config.yaml",
            "SMSCTL_STORE__URL": "redis://127.0.0.1:1/0",
            "SMSCTL_GATEWAY__PROVIDER": "aliyun",
            "SMSCTL_STATE_DIR": str(tmp_path / "state"),
            "COLUMNS": "80",
        }
    )


def test_every_step_of_the_walk_comes_out_as_it_must(newcomer: Desk) -> None:
    """Sent, verified, refused the second time, told to wait, counted: on real parts."""
    told = newcomer("demo", "--json")
    assert (told.code, told.err) == (0, "")
    document = told.document
    assert (document["schema"], document["ok"]) == ("smsctl.demo/1", True)
    assert [step["step"] for step in document["steps"]] == STEPS
    sent, verified, reused, resent, usage = (step["document"] for step in document["steps"])
    assert (sent["outcome"], verified["outcome"]) == ("sent", "verified")
    assert (reused["reason"], resent["rule"]) == ("missing", "phone-minute")
    assert 50 < resent["retry_after_s"] <= 60
    assert usage["fuses"][0]["used"] == 1


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_the_walk_fits_eighty_columns(newcomer: Desk, spoken: str, terminal: bool) -> None:
    """In both languages, on a terminal and in a pipe; the code is the message's."""
    told = newcomer("demo", terminal=terminal, SMSCTL_LANG=spoken, NO_COLOR="1")
    assert (told.code, told.err) == (0, "")
    assert max(map(cells, told.out.splitlines())) <= 80
    (message,) = re.findall("验证码是([0-9]{6})", told.out)
    assert told.out.count(f"$ smsctl verify 13800138000 {message}\n") == 2


def test_the_walk_leaves_nothing(newcomer: Desk, scratch: Path, tmp_path: Path) -> None:
    """No process, no folder, and the operator's own store is not even started."""
    assert newcomer("demo").code == 0
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "state").exists()
    assert not (tmp_path / "home").exists()
    assert processes_of(scratch) == []


def test_a_walk_that_is_interrupted_leaves_nothing(
    newcomer: Desk, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle: 130, and the same cleanliness."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Guard, "verify", stop)
    told = newcomer("demo")
    assert (told.code, told.out, told.err) == (130, "", "error: interrupted\n")
    assert list(scratch.iterdir()) == []
    assert processes_of(scratch) == []


def test_a_walk_that_goes_wrong_says_so(newcomer: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exit code of 0 means that each step did what it shows."""
    monkeypatch.setattr("smsctl.cli.commands.demo.command._code", lambda _: "000000")
    told = newcomer("demo", SMSCTL_LANG="en")
    assert told.code in {0, 1}  # one in a million codes is 000000
    assert told.code == 0 or "this is not what it must come to" in told.out


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_the_walk_is_readable_in_small_encodings(newcomer: Desk, encoding: str) -> None:
    """Nothing is escaped: the message's code can be read even where its words cannot."""
    told = newcomer("demo", terminal=True, encoding=encoding)
    assert told.code == 0
    assert "\\u" not in told.out
    unreadable = [line for line in told.out.splitlines() if "?" in line]
    assert len(unreadable) == (1 if encoding == "ascii" else 0)
    assert encoding != "ascii" or re.search(r"\?[0-9]{6}\?", unreadable[0])


# The embedded server


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk whose store is the embedded one; its server ends with the test."""
    state = tmp_path / "state"
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SMSCTL_STATE_DIR": str(state)}
    yield Desk(environ)
    EmbeddedServer(state, environ).stop()


def test_the_embedded_server_starts_with_the_first_send(embedded: Desk, tmp_path: Path) -> None:
    """Before it: not running, and nothing was started to say so. After it: everything told."""
    before = embedded("store", "status", "--json")
    assert (before.code, before.document["running"]) == (0, False)
    assert not (tmp_path / "state").exists()
    assert embedded("send", "13800138000", "-q").code == 0
    status = embedded("store", "status", "--json").document
    assert list(status) == [
        *("schema", "running", "directory", "socket", "version", "pid", "uptime_s"),
        *("memory_bytes", "keys", "configured"),
    ]
    assert (status["running"], status["configured"]) == (True, True)
    assert status["directory"] == str(tmp_path / "state")
    assert status["keys"] > 0
    shown = embedded("store", "status", terminal=True, NO_COLOR="1").out
    assert shown.startswith(f"✓ the embedded server runs: version {status['version']}, process")


def test_stopping_is_told_apart_from_nothing_to_stop(embedded: Desk) -> None:
    """Both are 0; what the server held is there again afterwards."""
    assert embedded("store", "stop", "--json").document["stopped"] is False
    assert embedded("send", "13800138000").code == 0
    assert embedded("store", "stop", "--json").document["stopped"] is True
    assert embedded("store", "status", "--json").document["running"] is False
    assert embedded("send", "13800138000").code == 4
    assert embedded("store", "stop", terminal=True, NO_COLOR="1").out == (
        "✓ the embedded server has ended\n"
    )


def test_a_server_that_does_not_listen_yet_is_stopped(
    embedded: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is interrupted while it starts can end it: it is told until it hears."""
    server = EmbeddedServer(tmp_path / "state", embedded.environ)
    server.start()
    reach, calls = server._client, iter([True])

    def deaf_at_first() -> Any:
        if next(calls, False):
            raise ConnectionError
        return reach()

    monkeypatch.setattr(server, "_client", deaf_at_first)
    assert server.stop() is True
    assert server.stop() is False


def test_another_store_is_named(embedded: Desk) -> None:
    """Who asks about the embedded server although another is configured is told so."""
    told = embedded(
        *("store", "status"), SMSCTL_STORE__URL="redis://127.0.0.1:1", SMSCTL_SECRET="x" * 16
    )
    assert told.code == 0
    assert "the configured store is another one" in told.err
    assert told.table[0]["configured"] == "false"
