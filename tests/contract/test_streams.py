"""The contract: stdout is data, stderr is words; terminals, colours, encodings, languages."""

from __future__ import annotations

import json
import re

import pytest

from tests.contract.conftest import MakeHost
from tests.contract.names import today
from tests.contract.program import Host

PHONE = "13800138000"
LIMITS = "rule per subject window mode used max remaining retry_after_s expires_in_s"
ESCAPE = "\x1b["
# In a pipe: the columns of each command, by their order.
COLUMNS = {
    "send " + PHONE: "outcome phone purpose reason rule retry_after_s expires_in_s request_id"
    " message_id vendor_request_id challenge message",
    f"verify {PHONE} 000000": "outcome phone purpose reason tries_left retry_after_s",
    "limits show": LIMITS,
    "limits reset --fuse --dry-run": LIMITS,
    "usage": "date sent rejected unknown pending verified refused refused_by fuse_max",
    "usage --by purpose": "name sent verified conversion refused refused_error phones mark",
    "config check": "level check message hint",
    "config show": "key value origin",
    today("command", "overrides"): "id kind what since until reason author",
    "audit": "at who what reason",
    "events": "at event phone purpose detail count",
    "why " + PHONE: "at what purpose outcome rule count detail",
    "report": "date sent unsure rejected verified refused observed test outage conversion",
    "onboard": "step state since message command page",
    "explain 75": "code source meaning sent billed retry when remedy page",
    "lint sign x": "kind purpose level id message source spans rewrite",
}


@pytest.mark.parametrize("command", COLUMNS)
def test_pipe_gets_tsv_with_these_columns(used: Host, command: str) -> None:
    """A pipe gets TSV in no colour: a line of names, English in every language, and whole rows."""
    ran = used(*command.split(), COLUMNS="20", SMSCTL_LANG="zh-CN")
    assert ran.rows[0] == COLUMNS[command].split()
    assert {len(row) for row in ran.rows} == {len(ran.rows[0])}
    assert ESCAPE not in ran.out


@pytest.fixture(scope="module")
def used(make_host: MakeHost) -> Host:
    """Return a host that sent once."""
    host = make_host()
    host("send", "13800138009")
    return host


def test_terminal_gets_a_table(used: Host) -> None:
    """A terminal gets a table that fits its width, and no TSV."""
    shown = used.at_terminal("limits", "show", COLUMNS="50", NO_COLOR="1").out
    assert "\t" not in shown
    assert "phone-minute" in shown
    assert max(map(len, shown.splitlines())) <= 50


def test_colours_are_as_asked(used: Host) -> None:
    """A terminal gets colours but for NO_COLOR; a pipe if FORCE_COLOR or `--color always` asks."""
    check = ("config", "check")
    assert ESCAPE in used.at_terminal(*check).out
    assert ESCAPE not in used.at_terminal(*check, NO_COLOR="1").out
    assert ESCAPE not in used.at_terminal(*check, "--color", "never").out
    colours = used("nope", FORCE_COLOR="1"), used("nope", "--color", "always")
    assert all(ESCAPE in ran.err for ran in colours)
    assert ESCAPE not in used("nope").err


@pytest.mark.parametrize(("locale", "encoding"), [("C", "ascii"), ("zh_CN.GBK", "gbk")])
def test_terminal_of_another_encoding_works(used: Host, locale: str, encoding: str) -> None:
    """POSIX and GBK terminals show what they can, and end with the same code."""
    environ = {"LC_ALL": locale, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    assert used.at_terminal("config", "show", **environ).code == 0
    assert used.at_terminal("lint", "sign", "x", SMSCTL_LANG="zh-CN", **environ).code == 8


def test_json_is_one_document_on_stdout(used: Host) -> None:
    """`--json` writes one document and nothing else on stdout, words stay on stderr."""
    ran = used("usage", "--json", "-v")
    assert json.loads(ran.out)["schema"] == "smsctl.usage/1"
    assert ran.out.count("\n") == 1


def test_quiet_says_nothing_but_errors(bare: Host) -> None:
    """`-q` leaves stderr empty but for errors."""
    assert bare("config", "show").err != ""
    assert bare("config", "show", "-q").err == ""
    assert bare("frobnicate", "-q").err != ""


def test_log_lines_may_be_json(used: Host) -> None:
    """`--log-format json` with `-v` writes one JSON object a line on stderr."""
    lines = used("send", "13800138008", "-v", "--log-format", "json").err.splitlines()
    assert lines
    assert all(isinstance(json.loads(line), dict) for line in lines)


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        (
            ["limits", "reset", "--phone", PHONE, "--reason", "ticket 4711"],
            f"smsctl limits reset --phone {PHONE} --reason 'ticket 4711' --yes",
        ),
        (
            ["fuse", "raise", "9000", "--until", "midnight", "--reason", "r"],
            "smsctl fuse raise 9000 --rule fuse --reason r --until midnight --yes",
        ),
        (
            ["forget", PHONE, "--reason", "r"],
            f"smsctl forget {PHONE} --reason r --yes",
        ),
    ],
    ids=["limits reset", "fuse raise", "forget"],
)
def test_without_a_terminal_nobody_is_asked(used: Host, words: list[str], exact: str) -> None:
    """Where a confirmation is needed and there is no terminal: exit 7, and the exact command."""
    ran = used(*words)
    assert ran.code == 7
    assert exact in ran.err


def test_verify_without_a_code_reads_no_pipe(used: Host) -> None:
    """Without a code and a terminal `verify` asks nobody; `-` reads stdin."""
    assert used("verify", PHONE).code == 2
    assert used("verify", PHONE, "-", stdin="000000\n").code == 3
    assert used.at_terminal("verify", PHONE, typed="000000\n").code == 3


def test_captcha_token_may_come_from_stdin(make_host: MakeHost) -> None:
    """`--captcha-token -` reads the token from stdin: nothing secret in the process list."""
    text = "captcha: {provider: turnstile, secret: s, endpoint: 'http://127.0.0.1:1'}"
    words = ("send", PHONE, "--ip", "203.0.113.7", "--captcha-token", "-", "--json")
    ran = make_host(text)(*words, stdin="token\n")
    assert ran.error["error"]["code"] == "captcha_unavailable"


def test_data_is_never_markup(host: Host) -> None:
    """Brackets, escapes and bidirectional controls in data are shown as text."""
    reason = "[bold]x[/bold] \x1b[31m\u202e"
    host("pause", "--purpose", "login", "--for", "1s", "--reason", reason)
    for shown in (host("audit").out, host.at_terminal("audit", COLUMNS="200", NO_COLOR="1").out):
        assert "[bold]x[/bold]" in shown
        assert "\x1b[31m" not in shown
        assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("environ", "chinese"),
    [
        ({"SMSCTL_LANG": "zh-CN"}, True),
        ({"SMSCTL_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, False),
        ({"LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LC_ALL": "C.UTF-8"}, False),
    ],
)
def test_language_is(bare: Host, environ: dict[str, str], chinese: bool) -> None:
    """`SMSCTL_LANG` chooses the language, else the locale; keys, reasons and codes stay English."""
    ran = bare("frobnicate", "--json", **environ)
    assert ran.error["error"]["code"] == "usage"
    assert bool(re.search(r"[\u4e00-\u9fff]", ran.error["error"]["message"])) == chinese


def test_documents_are_english_in_both_languages(used: Host) -> None:
    """Keys, reasons, checks and columns are the same in both languages; messages are not."""
    english, chinese = (used.json("config", "check", SMSCTL_LANG=x) for x in ("en", "zh-CN"))
    keys = [[(item["level"], item["check"]) for item in d["items"]] for d in (english, chinese)]
    assert keys[0] == keys[1]
    assert english["items"][0]["message"] != chinese["items"][0]["message"]
