"""`config init`, `config check` and `config show`, in every output mode."""

from __future__ import annotations

import shlex
import stat
from pathlib import Path

import pytest

from smsctl.config import example
from tests.cli.desk import SECRET, Desk
from tests.servers import PrivateServer

LITERAL = """\
gateway: {access_key_id: LTAI5tExample, access_key_secret: hush-hush}
captcha: {secret: captchas-own}
code: {secret: sixteen-bytes-and-more}
store: {url: "redis://someone:open-sesame@127.0.0.1:1/0"}
test_numbers: [{phone: 13900139000, code: "654321", until: 2099-01-01}]
"""
SECRETS = ("LTAI5tExample", "hush-hush", "captchas-own", "sixteen-bytes", "open-sesame", "654321")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def desk(home: Path, server: PrivateServer) -> Desk:
    """A desk without any file."""
    return Desk(
        {
            "HOME": str(home),
            "SMSCTL_STORE__URL": server.url,
            "SMSCTL_SECRET": SECRET,
            "NO_COLOR": "1",
            "COLUMNS": "100",
        }
    )


def written(folder: Path, text: str, mode: int = 0o600) -> str:
    """Write a configuration file; return its path."""
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return str(file)


# init


def test_init_writes_where_the_next_command_looks(desk: Desk, home: Path) -> None:
    """A fresh home gets ~/.config/smsctl/config.yaml, mode 0600, and it is read from then on."""
    told = desk("config", "init", "--json")
    file = home / ".config/smsctl/config.yaml"
    document = told.document
    assert document.pop("items")[0]["check"] == "config.file"
    expected = {"schema": "smsctl.init/1", "path": str(file), "replaced": False, "ok": True}
    assert document == expected
    assert (told.code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)
    assert file.read_text("utf-8") == example()
    assert desk("config", "show", "--json").document["path"] == str(file)


def test_init_ends_with_the_check(desk: Desk, tmp_path: Path) -> None:
    """On a terminal; a pipe gets the path."""
    assert "store.scripts" in desk("config", "init", terminal=True).out
    path = str(tmp_path / "other.yaml")
    assert desk("config", "init", path).table == [{"path": path, "replaced": "false"}]


def test_init_goes_where_config_points(desk: Desk, tmp_path: Path) -> None:
    """PATH, --config and SMSCTL_CONFIG name the file that is written."""
    for number, (words, environ) in enumerate(
        [
            (["config", "init", str(tmp_path / "0.yaml")], {}),
            (["--config", str(tmp_path / "1.yaml"), "config", "init"], {}),
            (["config", "init"], {"SMSCTL_CONFIG": str(tmp_path / "2.yaml")}),
        ]
    ):
        assert Desk({**desk.environ, **environ})(*words).code == 0
        assert (tmp_path / f"{number}.yaml").exists()


def test_init_never_overwrites_unasked(desk: Desk, tmp_path: Path) -> None:
    """Exit 7 and the command to type, which then does it."""
    path = written(tmp_path, "mine")
    plain, told = desk("config", "init", path), desk("config", "init", path, "--json")
    assert (plain.code, plain.out, told.code, told.out) == (7, "", 7, "")
    line = f"smsctl config init {path} --force"
    assert line in plain.err
    assert (told.error["code"], line in told.error["hint"]) == ("confirmation_needed", True)
    assert Path(path).read_text("utf-8") == "mine"
    replaced = desk(*shlex.split(line)[1:], "--json")
    assert (replaced.code, replaced.document["replaced"]) == (0, True)
    assert Path(path).read_text("utf-8") == example()


@pytest.mark.parametrize(("answer", "code"), [("y\n\n\n\n", 0), ("y\n", 7), ("n\n", 7), ("", 7)])
def test_init_asks_on_a_terminal(desk: Desk, tmp_path: Path, answer: str, code: int) -> None:
    """A yes replaces the file, anything else leaves it."""
    path = written(tmp_path, "mine")
    assert desk("config", "init", path, answer=answer).code == code
    assert (Path(path).read_text("utf-8") == "mine") is (code == 7)


def test_init_that_cannot_write_says_why(desk: Desk, tmp_path: Path) -> None:
    """Exit 78, and the path is named."""
    (tmp_path / "file").touch()
    told = desk("config", "init", str(tmp_path / "file" / "config.yaml"))
    assert (told.code, told.out) == (78, "")
    assert "cannot be written" in told.err


@pytest.mark.parametrize("more", [(), ("--force",)])
def test_init_of_a_directory_is_an_error_at_once(
    desk: Desk, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """Exit 78: neither a question nor a command to type that could not work."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    for name in ("folder", "link"):
        path = str(tmp_path / name)
        for told in (desk("config", "init", path, *more), desk("config", "init", path, answer="y")):
            assert (told.code, told.out) == (78, "")
            assert told.err == f"error: {path}: cannot be written: Is a directory\n"
    assert sorted(tmp_path.iterdir()) == [tmp_path / "folder", tmp_path / "link"]


# check


def test_check_is_ok_with_warnings(desk: Desk, tmp_path: Path) -> None:
    """A console gateway on a store without persistence works: exit 0 in each output mode."""
    path = written(tmp_path, "{}")
    told = desk("--config", path, "config", "check", "--json")
    assert (told.code, told.document["schema"]) == (0, "smsctl.check/1")
    assert told.document["ok"] is True
    first = told.document["items"][0]
    assert first == {
        "level": "ok",
        "check": "config.file",
        "message": f"{path}, mode 0600",
        "hint": None,
    }
    levels = {item["check"]: item["level"] for item in told.document["items"]}
    assert (levels["store.reachable"], levels["store.persistence"]) == ("ok", "warn")
    plain = desk("--config", path, "config", "check")
    assert plain.code == 0
    assert {row["check"]: row["level"] for row in plain.table} == levels
    shown = desk("--config", path, "config", "check", terminal=True)
    assert (shown.code, shown.out.splitlines()[-1]) == (0, "! 1 warning")


def test_check_tells_every_error_and_exits_78(desk: Desk, tmp_path: Path) -> None:
    """Never only the first; each with its path, and counted at the end."""
    path = written(tmp_path, "code: {length: 9, tires: 3}\ngateway: {timeout: soon}\n")
    told = desk("--config", path, "config", "check", "--json")
    assert (told.code, told.document["ok"]) == (78, False)
    assert {item["check"] for item in told.document["items"]} == {
        "code.length",
        "code.tires",
        "gateway.timeout",
    }
    assert desk("--config", path, "config", "check").code == 78
    shown = desk("--config", path, "config", "check", terminal=True)
    assert (shown.code, shown.out.splitlines()[-1]) == (78, "✗ 3 errors")


def test_check_of_a_store_that_is_not_there(desk: Desk) -> None:
    """It is an item, so the code is 78 and not 69: the check itself went well."""
    told = desk("config", "check", "--json", SMSCTL_STORE__URL="redis://127.0.0.1:1/0")
    items = {item["check"]: item for item in told.document["items"]}
    assert (told.code, items["store.reachable"]["level"]) == (78, "error")
    assert items["store.reachable"]["hint"]


@pytest.mark.parametrize("columns", ["40", "80", "120"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk"])
def test_check_fits_any_terminal(desk: Desk, columns: str, encoding: str) -> None:
    """Folded at its width, with ASCII marks where it has no others."""
    told = desk("config", "check", terminal=True, encoding=encoding, COLUMNS=columns)
    assert "\\u" not in told.out
    assert ("✓ store.role" if encoding == "utf-8" else "ok store.role") in told.out
    words = [line for line in told.out.splitlines() if " " in line.strip()]
    assert max(len(line) for line in words if "unix:" not in line) <= int(columns)


# show


def test_show_names_where_each_value_came_from(desk: Desk, tmp_path: Path) -> None:
    """File, environment or default; in the same order in every form."""
    path = written(tmp_path, "gateway: {timeout: 3s}\ncode: {ttl: '${TTL}'}\n")
    told = desk("--config", path, "config", "show", "--json", TTL="2m")
    assert (told.code, told.document["schema"]) == (0, "smsctl.config/1")
    assert told.document["path"] == path
    values = {each["key"]: (each["value"], each["origin"]) for each in told.document["values"]}
    assert values["gateway.timeout"] == ("3s", "file")
    assert values["code.ttl"] == ("2m", "file, from environment TTL")
    assert values["code.tries"] == ("3", "default")
    assert values["store.url"][1] == "environment SMSCTL_STORE__URL"
    plain = desk("--config", path, "config", "show", TTL="2m")
    assert {row["key"]: (row["value"], row["origin"]) for row in plain.table} == values
    shown = desk("--config", path, "config", "show", terminal=True, TTL="2m").out
    assert path in shown
    assert ["gateway.timeout", "3s", "file"] in [line.split() for line in shown.splitlines()]


def test_show_without_a_file_shows_the_defaults(desk: Desk) -> None:
    """The path is null, and a terminal says so."""
    assert desk("config", "show", "--json").document["path"] is None
    assert desk("config", "show", terminal=True).out.startswith("no file: the defaults\n")


def test_show_of_a_broken_file_is_a_configuration_error(desk: Desk, tmp_path: Path) -> None:
    """Exit 78 with every problem; nothing half-read is shown."""
    path = written(tmp_path, "code: {length: 9, tires: 3}")
    told = desk("--config", path, "config", "show", "--json")
    assert (told.code, told.out, len(told.error["problems"])) == (78, "", 2)


def test_neither_shows_a_secret(desk: Desk, tmp_path: Path) -> None:
    """Invariant 8: keys, secrets, passwords and fixed codes, in every form of both commands."""
    path = written(tmp_path, LITERAL)
    bare = Desk({name: text for name, text in desk.environ.items() if "STORE" not in name})
    for command in ("show", "check"):
        for more, terminal in ((["--json"], False), ([], False), (["-vv"], True)):
            told = bare("--config", path, "config", command, *more, terminal=terminal)
            assert told.out
            for secret in (*SECRETS, "13900139000", SECRET):
                assert secret not in told.out + told.err
    shown = bare("--config", path, "config", "show", "--json").document["values"]
    masked = {each["key"]: each["value"] for each in shown}
    assert masked["gateway.access_key_id"] == masked["gateway.access_key_secret"] == "********"
    assert masked["store.url"] == "redis://someone:********@127.0.0.1:1/0"


def test_a_config_command_takes_no_more_words(desk: Desk) -> None:
    """Exit 2 in each output mode."""
    for command in ("check", "show"):
        assert desk("config", command, "extra").code == 2
        assert desk("config", command, "extra", "--json").error["code"] == "usage"
