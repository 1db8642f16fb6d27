"""Every command of every page works as it is typed, and shows what the page shows."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.fakes.aliyun import FakeAliyun
from tests.pages.grammar import wrong
from tests.pages.outcome import alike
from tests.pages.page import PAGES, REASONS, ROOT, Command, blocks, commands, mentions, read
from tests.pages.reader import Reader, Typed
from tests.servers import PrivateServer
from tests.wiring.online import Online

HOME = "/home/you"
"""The reader's home on a page."""

_INSTALLED = re.compile(
    r"\b(?:pipx? (?:install|run|inject)|uvx|uv (?:add|pip install|tool install|tool run)) ([^`\n]+)"
)


@pytest.mark.parametrize("page", PAGES)
def test_what_is_not_typed_says_why(page: str) -> None:
    """For one of few reasons, and what is typed stands behind a prompt."""
    for block in blocks(page):
        assert block.reason is None or block.reason in REASONS
        assert (block.head == "console") == block.text.startswith("$ ")
        assert block.reason is None or block.head == "console"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_installs_from_an_index(page: str) -> None:
    """The index's `smsctl` is somebody else's program: what is installed is a checkout."""
    for line in _INSTALLED.findall(read(page)):
        *_, what = line.split(" #")[0].split()
        assert re.fullmatch(r"'?\.(\[embedded\])?'?", what), line


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_mentions_can_be_typed(page: str) -> None:
    """Each command and option exists; what is a whole line passes the parser."""
    assert [(line, wrong(line)) for line in mentions(page) if wrong(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "usage --yearly",
        "limits",
        "orderz",
        "usage --days x",
        "deny|grant add WHO",
        "fuse raise MAX [--forever]",
    ],
)
def test_a_line_that_cannot_be_typed_is_noticed(line: str) -> None:
    """An unknown command, option or value, in a line and in a form."""
    assert wrong(line)


def test_the_readme_is_short() -> None:
    """And names the two commands of a fresh checkout."""
    text = read("README.md")
    assert len(text.splitlines()) <= 150
    assert {"make demo", "make test"} <= {
        command.line for block in blocks("README.md") for command in block.commands()
    }


def test_the_reader_has_the_wheel(operator: Reader) -> None:
    """What is typed is the built program, and not the checkout that the suite runs in."""
    typed = operator.type("python -c 'import smsctl; print(smsctl.__file__)'")
    assert typed.code == 0, typed
    assert str(ROOT) not in typed.out
    assert "/.venv/lib/" in typed.out


def test_the_demo_ends_with_the_line_to_type_next(newcomer: Reader) -> None:
    """It is on no PATH before, works as it stands, and the demo runs again at once."""
    assert newcomer.type("smsctl --version").code == 127
    for demo in [newcomer.type("make demo"), newcomer.type("make demo")]:
        assert (demo.code, demo.err) == (0, "")
        *_, line = demo.out.splitlines()
        assert line.strip() == "source .venv/bin/activate"
    assert newcomer.type("source .venv/bin/activate").code == 0
    assert newcomer.type("smsctl --version").out.startswith("smsctl ")


def test_a_demo_without_make_names_no_file_of_a_checkout(operator: Reader) -> None:
    """Whoever typed `smsctl demo` has it on the PATH."""
    demo = operator.type("smsctl demo")
    assert demo.code == 0
    assert "activate" not in demo.out


def test_the_readme_works_as_typed(newcomer: Reader) -> None:
    """With nothing installed and nothing configured, and with the output that it shows."""
    _type_all(newcomer, commands("README.md"))


def test_the_quickstart_works_as_typed(operator: Reader, aliyun: FakeAliyun) -> None:
    """Where signature, template and key are configured."""
    _at_the_vendor(operator, aliyun)
    (operator.home / "template.txt").write_text("您的登录验证码是${code}，5分钟内有效。", "utf-8")
    _type_all(operator, commands("docs/quickstart.md"))


def test_the_page_for_the_person_on_call_works_as_typed(
    operator: Reader, aliyun: FakeAliyun
) -> None:
    """Where signature, template and key are configured."""
    _at_the_vendor(operator, aliyun)
    _type_all(operator, commands("docs/on-call.md"))


def test_the_reference_works_as_typed(operator: Reader) -> None:
    """Where there is a configuration."""
    _configure(operator, "gateway: {provider: console}\n")
    _type_all(operator, commands("docs/reference.md"))


def test_the_deploy_notes_work_as_typed(operator: Reader, server: PrivateServer) -> None:
    """With the page's own configuration, and a server of the reader's."""
    if not (program := shutil.which("redis-cli", path=str(Path(sys.executable).parent))):
        pytest.skip("no redis-cli here")
    files = {block.head.partition("file=")[2]: block.text for block in blocks("docs/deploy.md")}
    _configure(operator, files["/etc/smsctl/config.yaml"])
    secrets = files["/etc/smsctl/environment"].replace("'…'", "made-up-for-the-tests")
    operator.set(dict(line.split("=", 1) for line in secrets.splitlines()))
    programs = operator.home / "bin"
    programs.mkdir()
    (programs / "redis-cli").write_text(f'#!/bin/sh\nexec {program} -s {server.path} "$@"\n')
    (programs / "redis-cli").chmod(0o755)
    operator.type(f'export PATH="{programs}:$PATH"')
    _type_all(operator, commands("docs/deploy.md"))


def test_every_page_with_commands_is_typed() -> None:
    """None is forgotten here."""
    typed = {page for page in PAGES if commands(page)}
    names = ("quickstart", "on-call", "reference", "deploy")
    assert typed == {"README.md", *(f"docs/{name}.md" for name in names)}


def _type_all(reader: Reader, lines: list[Command]) -> None:
    assert lines
    said: set[str] = set()
    for command in lines:
        typed = reader.type(command.line)
        assert typed.code in command.exits, (command.line, typed)
        if command.shown:
            real = _once(typed, said).replace(str(reader.home), HOME)
            values = alike(command.shown, real)
            assert values is not None, f"{command.line}\n{command.shown}really shows\n{real}"
            reader.real |= {name: value for name, value in values.items() if name.isalnum()}


def _once(typed: Typed, said: set[str]) -> str:
    """Return what is shown, but for lines on stderr that were shown before."""
    err = [line for line in typed.err.splitlines(keepends=True) if line not in said]
    said |= {*err}
    return "".join(err) + typed.out


def _configure(reader: Reader, text: str) -> None:
    folder = reader.home / ".config" / "smsctl"
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(text, "utf-8")


def _at_the_vendor(reader: Reader, aliyun: FakeAliyun) -> None:
    folder = reader.home / ".config" / "smsctl"
    folder.mkdir(parents=True)
    Online(aliyun, folder).config()
