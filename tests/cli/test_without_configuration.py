"""What each command does where there is no configuration: the whole tree, command by command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from smsctl.cli.tree import TREE, Branch, Leaf
from smsctl.config import places
from smsctl.store.embedded import state_directory
from tests.cli.desk import SECRET, Desk
from tests.cli.desks import PHONE
from tests.servers import PrivateServer

NOTE = "no configuration: a try-out with the console gateway and an embedded store"
WHY = ("--reason", "x")

TRIED_OUT = (
    ("send", PHONE),
    ("config", "init"),
    ("config", "check"),
    ("config", "show"),
    ("config", "ram-policy"),
    ("lint", "template", "您的登录验证码是${code}，5分钟内有效。"),
    ("lint", "sign", "示例科技"),
    ("store", "status"),
    ("store", "stop"),
    ("store", "acl"),
    ("explain", "75"),
    ("demo",),
    ("completion", "bash"),
    ("help", "send"),
)
OWN_STORE = (
    ("verify", PHONE, "000000"),
    ("limits", "show"),
    ("usage",),
    ("watch", "--count", "1"),
    ("why", PHONE),
    ("events",),
    ("report",),
)
PRODUCTION = (
    ("limits", "reset", "--phone", PHONE, "--yes"),
    ("probe", PHONE),
    ("reconcile",),
    ("pause", "--for", "30m", *WHY),
    ("resume", *WHY),
    ("fuse", "raise", "8000", "--until", "midnight", *WHY),
    ("fuse", "lower", *WHY),
    ("deny", "add", PHONE, *WHY),
    ("deny", "remove", PHONE, *WHY),
    ("deny", "list"),
    ("allow", "add", PHONE, *WHY),
    ("allow", "remove", PHONE, *WHY),
    ("allow", "list"),
    ("overrides",),
    ("alert", "test"),
    ("alert", "run"),
    ("alert", "list"),
    ("audit",),
    ("onboard",),
)
VOUCHING = (("usage", "-o", "prom"), ("usage", "-o", "prom", "--out", "page.prom"))
PLUGINS = (
    ("usage", "--check"),
    ("usage", "--check-conversion"),
    ("usage", "--check-gateway"),
    ("probe", PHONE, "--check"),
)
WAYS = ((), ("--json",), ("-q",))


def _leaves(commands: Mapping[str, Leaf | Branch], *before: str) -> Iterator[tuple[str, ...]]:
    for name, below in commands.items():
        if isinstance(below, Branch):
            yield from _leaves(below.commands, *before, name)
        else:
            yield (*before, name)


def _made(desk: Desk) -> list[Path]:
    return list(Path(desk.environ["HOME"]).rglob("*"))


def test_every_command_is_held_to_what_it_does_without_a_configuration() -> None:
    """A new command has to be written into one of the lists here, and so has to choose."""
    lines = [*TRIED_OUT, *OWN_STORE, *PRODUCTION]
    for leaf in _leaves(TREE):
        assert sum(line[: len(leaf)] == leaf for line in lines) == 1, leaf


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("line", [*PRODUCTION, *VOUCHING, *OWN_STORE], ids=" ".join)
def test_nothing_is_done_and_nothing_made(
    bare: Desk, line: tuple[str, ...], way: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """78; the hint names the places and the environment file; no folder, socket or file appears."""
    monkeypatch.chdir(bare.environ["HOME"])
    answer = bare(*line, *way)
    assert (answer.code, answer.out) == (78, "")
    hint = answer.error["hint"] if way == ("--json",) else answer.err
    assert f"{bare.environ['HOME']}/.config/smsctl/config.yaml, {places.SYSTEM_FILE};" in hint
    assert f"set -a; . {places.ENVIRONMENT_FILE}; set +a" in hint
    assert "there is no configuration" in answer.err
    assert _made(bare) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("line", PLUGINS, ids=" ".join)
def test_monitoring_reads_that_nothing_is_known(
    bare: Desk, line: tuple[str, ...], way: tuple[str, ...]
) -> None:
    """3 and one line that says where a configuration was looked for; never OK."""
    answer = bare(*line, *way)
    plugin_line = answer.document["line"] if way == ("--json",) else answer.out
    assert answer.code == 3
    assert plugin_line.startswith("SMSCTL UNKNOWN - there is no configuration; looked for ")
    assert plugin_line.count("\n") == (0 if way == ("--json",) else 1)
    assert _made(bare) == []


@pytest.mark.parametrize("line", [*PRODUCTION, *VOUCHING], ids=" ".join)
def test_an_embedded_store_is_no_configuration(bare: Desk, line: tuple[str, ...]) -> None:
    """Who tried smsctl out once has no production: nothing is done to the embedded store either."""
    state_directory(bare.environ).mkdir(parents=True)
    (state_directory(bare.environ) / "server.lock").touch()
    before = _made(bare)
    assert bare(*line).code == 78
    assert _made(bare) == before


def test_what_was_tried_out_can_be_looked_at(bare: Desk) -> None:
    """After a send, what reads this user's embedded store works, and says that it is a try-out."""
    assert bare("send", PHONE).err == f"{NOTE}\n"
    for line in OWN_STORE:
        answer = bare(*line)
        assert answer.code == (3 if line[0] == "verify" else 0), line
        assert answer.err == f"{NOTE}\n", line
    assert bare("usage", "--check").code == 3


def test_a_store_of_somebody_else_is_none(bare: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """78 also where sudo kept another user's HOME: his try-out is not this user's."""
    state_directory(bare.environ).mkdir(parents=True)
    (state_directory(bare.environ) / "server.lock").touch()
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    assert bare("usage").code == 78


@pytest.mark.parametrize("line", TRIED_OUT, ids=" ".join)
def test_the_rest_can_be_tried_out(bare: Desk, line: tuple[str, ...]) -> None:
    """Whatever acts on nothing but itself works; what has a use for a configuration says so."""
    answer = bare(*line)
    assert answer.code == 0
    unread = line[0] in {"demo", "explain", "completion", "help"} or line == ("config", "init")
    assert answer.err.startswith("" if unread else f"{NOTE}\n")
    assert unread == (answer.err == "")


@pytest.mark.parametrize("words", [("pause", "--for", "30m", *WHY), ("usage", "--check"), ("why",)])
@pytest.mark.parametrize("home", [True, False], ids=["home", "no-home"])
@pytest.mark.skipif(Path("/etc/smsctl").exists(), reason="this host has a configuration")
def test_it_is_so_from_outside(tmp_path: Path, words: tuple[str, ...], home: bool) -> None:
    """Cron and sudo: an environment with a PATH, and with or without a HOME."""
    environ = {"PATH": os.environ["PATH"]} | ({"HOME": str(tmp_path)} if home else {})
    own = state_directory(environ)
    before = own.exists()
    line = [*words, PHONE] if words == ("why",) else words
    answer = subprocess.run(
        [sys.executable, "-m", "smsctl", *line], env=environ, capture_output=True, check=False
    )
    if home or not before:
        assert answer.returncode == (3 if "--check" in words else 78)
    assert (list(tmp_path.iterdir()), own.exists()) == ([], before)


def test_a_variable_for_a_value_is_a_configuration(bare: Desk, server: PrivateServer) -> None:
    """A container without a file: what its environment says is in force, and acted upon."""
    desk = Desk({**bare.environ, "SMSCTL_STORE__URL": server.url, "SMSCTL_SECRET": SECRET})
    answer = desk("pause", "--for", "30m", *WHY, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert desk("send", PHONE).code == 5
    assert desk("usage", "--check").out.startswith("SMSCTL OK")
    assert _made(bare) == []


@pytest.mark.parametrize(
    "name", ["SMSCTL_TIMEZONE", "SMSCTL_DEFAULT_PURPOSE", "SMSCTL_SECRET", "SMSCTL_LANG"]
)
def test_other_variables_are_no_configuration(bare: Desk, name: str) -> None:
    """They say nothing of a store that somebody acts on."""
    desk = Desk({**bare.environ, name: "login" if "PURPOSE" in name else "UTC"})
    assert (desk(*PRODUCTION[3]).code, desk("usage", "--check").code) == (78, 3)
    assert _made(bare) == []


@pytest.mark.parametrize(
    "name", ["SMSCTL_STROE__URL", "SMSCTL_STORE__ADDRESS", "SMSCTL_LIMITS__FUSE"]
)
@pytest.mark.parametrize("line", [PRODUCTION[3], OWN_STORE[0], ("send", PHONE)], ids=" ".join)
def test_a_variable_for_no_value_is_an_error(bare: Desk, line: tuple[str, ...], name: str) -> None:
    """A misspelt one is named: it would else be no configuration, or the wrong store."""
    desk = Desk({**bare.environ, name: "redis://localhost:6379/0"})
    answer = desk(*line)
    assert (answer.code, answer.out) == (78, "")
    assert f"{name}: this variable overrides nothing" in answer.err
    assert desk("usage", "--check").code == 3
    assert _made(bare) == []


@pytest.mark.parametrize("what", ["link", "folder", "forbidden"])
@pytest.mark.parametrize("line", [PRODUCTION[3], OWN_STORE[0], ("send", PHONE)], ids=" ".join)
def test_a_file_that_cannot_be_read_is_no_missing_one(
    bare: Desk, line: tuple[str, ...], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link to nothing, a folder, a file of somebody else: each is named as what it is."""
    file = Path(bare.environ["HOME"], ".config", "smsctl", "config.yaml")
    file.parent.mkdir(parents=True)
    if what == "link":
        file.symlink_to("gone.yaml")
    elif what == "folder":
        file.mkdir()
    else:
        file.touch()

        def refuse(*_args: object, **_named: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    before = _made(bare)
    answer = bare(*line)
    assert (answer.code, answer.out) == (78, "")
    assert answer.err.startswith(f"error: {file}: ")
    assert _made(bare) == before
