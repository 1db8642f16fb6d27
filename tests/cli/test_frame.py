"""What every command has in common: options, errors, streams, colours, logs."""

from __future__ import annotations

import errno
import io
import json
import logging
import re
from typing import Any

import pytest

from smsctl import __version__
from smsctl.cli.entry import Terminated, enter
from smsctl.cli.frame.options import NAMES
from smsctl.cli.frame.terminal import Terminal
from smsctl.cli.frame.words import cells
from smsctl.cli.tree import TREE, Branch
from smsctl.core.guard import Guard
from tests.cli.desk import Desk
from tests.cli.desks import OTHER, PHONE, MakeDesk

COMMANDS = [
    (name, *below)
    for name, place in TREE.items()
    for below in ([(each,) for each in place.commands] if isinstance(place, Branch) else [()])
]
GROUPS: list[tuple[str, ...]] = [(), *((n,) for n, p in TREE.items() if isinstance(p, Branch))]


# Help


@pytest.mark.parametrize("words", [*COMMANDS, *GROUPS], ids=" ".join)
def test_every_command_has_its_help(words: tuple[str, ...]) -> None:
    """In both languages, on stdout, within 80 columns, with 0 and without a file read."""
    desk = Desk({"SMSCTL_CONFIG": "/nonexistent", "COLUMNS": "80"})
    told = desk(*words, "--help")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(" ".join(("Usage: smsctl", *words)))
    assert "Options of every command" in told.out
    assert all(f"--{name.replace('_', '-')}" in told.out for name in NAMES)
    assert max(map(len, told.out.splitlines())) <= 80
    chinese = desk(*words, "-h", SMSCTL_LANG="zh-CN")
    assert chinese.out.startswith(" ".join(("用法：smsctl", *words)))
    assert "--json" in chinese.out
    assert "Print" not in chinese.out


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("words", [*COMMANDS, *GROUPS], ids=" ".join)
def test_help_fits_a_narrow_terminal(words: tuple[str, ...], language: str) -> None:
    """At 40 columns nothing is wider but what is there to be copied: the usage, the examples."""
    desk = Desk({"SMSCTL_CONFIG": "/nonexistent", "COLUMNS": "40", "SMSCTL_LANG": language})
    _, *lines = desk(*words, "--help").out.splitlines()
    title = "Examples" if language == "en" else "例子"
    told = lines[: lines.index(title)] if title in lines else lines
    assert [line for line in told if cells(line) > 40] == []


def test_a_group_alone_shows_its_commands() -> None:
    """On stderr and with 2: no script takes it for an answer."""
    told = Desk({})("store")
    assert (told.code, told.out) == (2, "")
    assert "stop" in told.err
    assert Desk({})().code == 2
    assert Desk({})("--json").error["message"] == "a command is missing"


def test_the_version_is_told() -> None:
    """The one thing that a bug report always needs."""
    told = Desk({})("--version")
    assert (told.code, told.out) == (0, f"smsctl {__version__}\n")


# What cannot be parsed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nope",), "there is no command nope"),
        (("store", "nope"), "there is no command nope"),
        ((PHONE,), "there is no such command"),
        (("verfy", PHONE), "there is no command verfy; did you mean verify?"),
        (("send", PHONE, "--zzz"), "there is no option --zzz"),
        (("send", PHONE, "--purpos", "x"), "there is no option --purpos; did you mean --purpose?"),
        (("verify", PHONE, "1", "2"), "there are more arguments than this command takes"),
        (("send", PHONE, "--ip"), "--ip needs a value"),
        (("send", PHONE, "--json=1"), "--json takes no value"),
        (("send", PHONE, "--color", "red"), "--color is one of auto, always, never"),
        (("completion", "tcsh"), "SHELL is one of bash, zsh, fish"),
        (("send",), "PHONE is missing"),
    ],
)
def test_a_mistyped_line_says_what_is_wrong(words: tuple[str, ...], message: str) -> None:
    """2, one line and a hint on stderr; with --json the same as a document."""
    told = Desk({})(*words)
    assert (told.code, told.out) == (2, "")
    assert told.err.splitlines()[0] == f"error: {message}"
    assert told.err.splitlines()[1].startswith("hint: see smsctl")
    told = Desk({})("--json", *words)
    assert (told.code, told.out, told.error["code"]) == (2, "", "usage")
    assert set(told.error) == {"code", "message", "hint", "vendor_code", "vendor_request_id"}


def test_options_work_on_either_side_of_the_command(desk: Desk) -> None:
    """`smsctl --json send` and `smsctl send --json` are the same."""
    for words in (("--json", "verify", PHONE, "000000"), ("verify", PHONE, "000000", "--json")):
        assert desk(*words).document["schema"] == "smsctl.verify/1"
    assert desk("--json", "store", "status").document["schema"] == "smsctl.store_status/1"
    assert desk("store", "--json", "status").document["schema"] == "smsctl.store_status/1"


# Configuration


def test_a_try_out_is_announced_once(bare: Desk) -> None:
    """Without a configuration one line on stderr says that this is a try-out; -q says nothing."""
    told = bare("store", "status")
    assert told.err == (
        "no configuration: a try-out with the console gateway and an embedded store\n"
    )
    assert (bare("store", "status", "-q").err, told.code) == ("", 0)


def test_every_problem_of_the_configuration_is_told(make_desk: MakeDesk) -> None:
    """78: one line, then each with its place; the document has them all."""
    desk = make_desk("code: {tries: 0}\nlimitz: []\n")
    told = desk("send", PHONE)
    assert (told.code, told.out) == (78, "")
    assert told.err.splitlines()[0] == "error: the configuration has 2 problems"
    assert [line.split(":")[0].strip() for line in told.err.splitlines()[1:]] == [
        *("limitz", "code.tries"),
    ]
    error = desk("send", PHONE, "--json").error
    assert [each["path"] for each in error["problems"]] == ["limitz", "code.tries"]
    assert set(error["problems"][0]) == {"path", "message", "hint"}


def test_config_names_the_file(make_desk: MakeDesk, tmp_path: Any) -> None:
    """--config goes before $SMSCTL_CONFIG; a file that is not there is an error."""
    told = make_desk()("send", PHONE, "--config", str(tmp_path / "none.yaml"))
    assert (told.code, told.out) == (78, "")
    assert "none.yaml: no such file" in told.err


@pytest.mark.parametrize(("value", "message"), [("", "is empty"), ("x" * 100_000, "is too long")])
def test_config_that_nobody_typed_on_purpose_is_a_usage_error(
    desk: Desk, value: str, message: str
) -> None:
    """2 on either side of the command, never the defaults; the text is not repeated."""
    for words in (
        ("--config", value, "verify", PHONE, "000000"),
        ("config", f"--config={value}", "show"),
        ("config", "init", "--config", value),
    ):
        told = desk(*words)
        assert (told.code, told.out, told.err) == (2, "", f"error: --config {message}\n")
        assert desk(*words, "--json").error["message"] == f"--config {message}"
    assert desk("usage", "--check", "--config", value).code == 3


# Errors that nobody foresaw


def test_a_bug_shows_its_type_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """1, no traceback, and nothing of the exception's text, which may hold a code."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("734511")

    monkeypatch.setattr(Guard, "send", fail)
    told = desk("send", PHONE)
    assert (told.code, told.out) == (1, "")
    assert told.err.splitlines()[0] == "error: internal error: ZeroDivisionError"
    shown = desk("send", PHONE, "-v")
    assert "test_frame.py:" in shown.err
    assert "734511" not in shown.err
    assert desk("send", PHONE, "--json").error["code"] == "internal"


@pytest.mark.parametrize(
    ("raised", "code", "word"),
    [(KeyboardInterrupt, 130, "interrupted"), (Terminated, 143, "ended by a signal")],
)
def test_a_signal_is_told_by_the_code(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    raised: type[BaseException],
    code: int,
    word: str,
) -> None:
    """One line, no traceback, stdout silent."""

    def stop(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(Guard, "send", stop)
    told = desk("send", PHONE)
    assert (told.code, told.out, told.err) == (code, "", f"error: {word}\n")


class _Broken(io.StringIO):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, _: str) -> int:
        raise OSError(self._number, "made up")


@pytest.mark.parametrize(("number", "code"), [(errno.EPIPE, 141), (errno.ENOSPC, 1)])
@pytest.mark.parametrize("words", [("verify", PHONE, "000000"), ("--help",), ("--version",)])
def test_output_that_cannot_be_written_is_no_traceback(
    desk: Desk, number: int, code: int, words: tuple[str, ...]
) -> None:
    """A reader that went away is quiet; a full disk is one line and an error."""
    err = io.StringIO()
    terminal = Terminal(io.StringIO(), _Broken(number), err, desk.environ)
    assert enter(words, terminal) == code
    assert err.getvalue() == (
        "" if number == errno.EPIPE else "error: cannot write the output: made up\n"
    )


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ENOSPC])
@pytest.mark.parametrize("words", [("usage", "--check"), ("usage", "--check", "-w", "x")])
def test_a_verdict_that_cannot_be_written_is_unknown(
    desk: Desk, number: int, words: tuple[str, ...]
) -> None:
    """3: monitoring knows the codes 0 to 3 alone, also of a full disk and of a broken pipe."""
    terminal = Terminal(io.StringIO(), _Broken(number), io.StringIO(), desk.environ)
    assert enter(words, terminal) == 3


# Colours and characters


@pytest.mark.parametrize(
    ("terminal", "options", "environ", "colored"),
    [
        (True, (), {}, True),
        (False, (), {}, False),
        (True, (), {"NO_COLOR": "1"}, False),
        (True, (), {"NO_COLOR": ""}, True),
        (True, (), {"TERM": "dumb"}, False),
        (False, (), {"FORCE_COLOR": "1"}, True),
        (False, (), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (False, (), {"GITHUB_ACTIONS": "true"}, False),
        (True, (), {"GITHUB_ACTIONS": "true", "NO_COLOR": "1"}, False),
        (True, ("--color", "never"), {"FORCE_COLOR": "1"}, False),
        (False, ("--color", "always"), {"NO_COLOR": "1"}, True),
        (False, ("--color=always",), {}, True),
    ],
)
@pytest.mark.parametrize(
    "words", [("verify", "--help"), ("verify", "--nope"), ("verify", "12", "1")]
)
def test_colours_are_where_they_were_asked_for(
    desk: Desk,
    *,
    words: tuple[str, ...],
    terminal: bool,
    options: tuple[str, ...],
    environ: dict[str, str],
    colored: bool,
) -> None:
    """--color first, then NO_COLOR, FORCE_COLOR and what the stream is; help and errors alike."""
    told = desk(words[0], *options, *words[1:], terminal=terminal, **environ)  # type: ignore[arg-type]
    assert ("\x1b[" in told.out + told.err) == colored


def test_data_is_never_painted(desk: Desk) -> None:
    """A pipe's TSV and a document have no escapes, whatever is asked."""
    for more in ((), ("--json",)):
        assert "\x1b" not in desk("verify", PHONE, "000000", *more, "--color", "always").out


def test_data_is_never_markup(make_desk: MakeDesk) -> None:
    """What looks like Rich's markup is shown letter by letter; controls are escaped."""
    desk = make_desk("gateway: {sign_name: '[/red][bold]x'}\n")
    assert "【[/red][bold]x】" in desk("send", PHONE, terminal=True).out
    assert "【[/red][bold]x】" in desk("send", OTHER).out


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1", "utf-8"])
def test_no_encoding_is_too_small(make_desk: MakeDesk, encoding: str) -> None:
    """Marks and quotes fall back to ASCII; what is not there leaves the code readable."""
    desk = make_desk()
    sent = desk("send", PHONE, terminal=True, encoding=encoding, NO_COLOR="1")
    assert sent.code == 0
    assert sent.out.startswith("✓ sent" if encoding == "utf-8" else "ok sent")
    assert ("验证码" in sent.out) == (encoding in {"gbk", "utf-8"})
    assert "\\u" not in sent.out
    if encoding == "ascii":
        assert re.search(r"^  \?{6}\?{6}[0-9]{6}\?", sent.out, re.MULTILINE)
    helped = desk("--help", encoding=encoding)
    assert ("“get code”" in helped.out) == (encoding in {"gbk", "utf-8"})
    assert "\\u" not in helped.out
    chinese = desk("--help", encoding=encoding, SMSCTL_LANG="zh")
    assert chinese.out.startswith("用法" if encoding in {"gbk", "utf-8"} else "Usage")


def test_data_keeps_every_character_in_ascii(make_desk: MakeDesk) -> None:
    """A pipe's TSV and a document escape what a person would see as a question mark."""
    desk = make_desk("gateway: {sign_name: “示例”}\n")
    rows = {row["key"]: row["value"] for row in desk("config", "show", encoding="ascii").table}
    assert rows["gateway.sign_name"] == r"\u201c\u793a\u4f8b\u201d"
    values = desk("config", "show", "--json", encoding="ascii").document["values"]
    assert "“示例”" in [each["value"] for each in values]
    shown = desk("config", "show", terminal=True, encoding="ascii").out
    assert ["gateway.sign_name", '"??"', "file"] in [line.split() for line in shown.splitlines()]


def test_words_on_stderr_show_question_marks_in_ascii(desk: Desk) -> None:
    """An error's path, and a question."""
    told = desk("--config", "/配置.yaml", "config", "show", encoding="ascii")
    assert (told.code, "/??.yaml" in told.err, "\\u" in told.err) == (78, True, False)
    error = desk("--config", "/配置.yaml", "config", "show", "--json", encoding="ascii").error
    assert "/配置.yaml" in error["message"]


def test_a_document_is_utf_8_everywhere(desk: Desk) -> None:
    """On a GBK terminal it is written in ASCII: JSON knows no other encoding."""
    told = desk("send", PHONE, "--json", encoding="gbk")
    assert told.out.isascii()
    assert "验证码" in told.document["message"]


# Logs


def test_without_v_nothing_is_logged(desk: Desk) -> None:
    """stderr is for words; a decision is not one."""
    assert desk("verify", PHONE, "000000").err == ""


def test_v_logs_decisions(desk: Desk) -> None:
    """One line for the decision, with the phone masked."""
    told = desk("verify", PHONE, "000000", "-v")
    assert told.err == ("info: smsctl.decision: verify +86138****8000 login: rejected (missing)\n")


def test_logs_are_lines_of_json(desk: Desk) -> None:
    """With --log-format json each line is an object."""
    told = desk("verify", PHONE, "000000", "-v", "--log-format", "json")
    (line,) = told.err.splitlines()
    record = json.loads(line)
    assert (record["level"], record["act"], record["outcome"]) == ("info", "verify", "rejected")


def test_logging_is_as_it_was_afterwards(desk: Desk) -> None:
    """The root logger is never touched: what a vendor's library logs is not shown."""
    tree = logging.getLogger("smsctl")
    before = (tree.level, list(tree.handlers), list(logging.getLogger().handlers))
    desk("verify", PHONE, "000000", "-vv")
    assert (tree.level, list(tree.handlers), list(logging.getLogger().handlers)) == before


@pytest.mark.parametrize("words", [(), ("send",), ("limits",), ("limits", "reset"), ("help",)])
def test_help_is_a_command_too(bare: Desk, words: tuple[str, ...]) -> None:
    """The same page as `--help` prints, without a configuration and in either language."""
    for spoken in ("en", "zh"):
        page = bare(*words, "--help", SMSCTL_LANG=spoken)
        assert bare("help", *words, SMSCTL_LANG=spoken) == page
        assert (page.code, page.err) == (0, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("verfy",), "there is no command verfy; did you mean verify?"),
        (("limits", "nope"), "there is no command nope"),
        (("send", "nope"), "smsctl send has no commands below it"),
        ((PHONE,), "there is no such command"),
    ],
)
def test_help_of_nothing_is_a_usage_error(bare: Desk, words: tuple[str, ...], message: str) -> None:
    """With a guess; what may be a phone or a code is not repeated."""
    answer = bare("help", *words, "--json")
    assert (answer.code, answer.error["message"]) == (2, message)
