"""`lint`: what a reviewer would object to, as documents, rows and screens."""

from __future__ import annotations

import re
import socket
from itertools import pairwise
from pathlib import Path

import pytest

from smsctl.cli.frame.words import cells
from smsctl.vendors.aliyun_review import SOURCES
from tests.cli.desk import Desk

GOOD = "您的登录验证码是${code}，5分钟内有效。"
BAD = "哇，老铁你来啦！您的注册验证码为${code}，快来开启你的神奇之旅吧！"
PAGE = Path(__file__).parents[2] / "docs" / "quickstart.md"

_ESCAPE = re.compile(r"\x1b\[[0-9]*m")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk without a configuration file, and without a network."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("lint opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    return Desk({"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)})


@pytest.fixture
def written(bare: Desk, tmp_path: Path) -> Desk:
    """Return a desk with a signature and three purposes, two of them with their words."""
    file = tmp_path / "config.yaml"
    file.touch(mode=0o600)
    file.write_text(
        "gateway: {sign_name: 示例科技, price: '0.05'}\n"
        "code: {length: 4, ttl: 10m}\n"
        "default_purpose: login\n"
        "purposes:\n"
        f"  login: {{template: SMS_1, text: '{GOOD}'}}\n"
        f"  join: {{template: SMS_2, text: '{BAD}'}}\n"
        "  pay: {template: SMS_3}\n",
        "utf-8",
    )
    return Desk({**bare.environ, "SMSCTL_CONFIG": str(file)})


def test_a_good_template_is_shown_as_a_phone_shows_it(bare: Desk) -> None:
    """Without file and network: the defaults' signature, code length and price."""
    told = bare("lint", "template", GOOD, "--json")
    assert told.code == 0
    assert told.document == {
        "schema": "smsctl.lint/1",
        "ok": True,
        "kind": "template",
        "purpose": None,
        "text": GOOD,
        "findings": [],
        "rewrite": None,
        "message": "【示例签名】您的登录验证码是123456，5分钟内有效。",
        "segments": 1,
        "price": 0.045,
    }


def test_a_finding_names_its_rule_and_its_characters(bare: Desk) -> None:
    """Id, level, words, the vendor's page, where, and the text without it."""
    told = bare("lint", "template", "【示例】" + GOOD, "--json")
    assert told.code == 8
    assert told.document["ok"] is False
    assert told.document["rewrite"] == GOOD
    assert told.document["findings"] == [
        {
            "id": "template.brackets",
            "level": "error",
            "message": "no 【】 anywhere and no [ ] at its ends: "
            "the vendor puts the signature in front",
            "source": "help.aliyun.com 463237",
            "spans": [[0, 1], [3, 4]],
            "rewrite": GOOD,
        }
    ]


def test_a_warning_alone_is_no_failure(bare: Desk) -> None:
    """Exit 8 is for what would be refused."""
    told = bare("lint", "template", f"{GOOD} ", "--json")
    assert (told.code, told.document["ok"]) == (0, True)
    assert [each["level"] for each in told.document["findings"]] == ["warn"]


def test_a_long_message_costs_each_of_its_segments(bare: Desk) -> None:
    """70 characters are one segment, 71 are two, the signature counted."""
    for length, count, price in ((70, 1, 0.045), (71, 2, 0.09)):
        text = "登录验证码${code}" + "请" * (length - len("【示例】登录验证码123456"))
        told = bare("lint", "template", text, "--sign", "示例", "--json").document
        assert (len(told["message"]), told["segments"], told["price"]) == (length, count, price)


def test_a_pipe_gets_a_row_for_each_finding(bare: Desk) -> None:
    """Spans as start-end, the end left out."""
    told = bare("lint", "template", BAD)
    assert told.code == 8
    assert [(row["id"], row["level"], row["spans"], row["source"]) for row in told.table] == [
        ("template.greeting", "error", "0-1,2-4,5-7", "help.aliyun.com 463237"),
        ("template.marketing", "error", "24-26,26-34", "help.aliyun.com 463237"),
    ]


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_stdin_and_files_are_read_whole(bare: Desk, tmp_path: Path, ending: str) -> None:
    """Without their last line end and a mark of UTF-8 in front."""
    file = tmp_path / "template.txt"
    file.write_bytes(b"\xef\xbb\xbf" + f"{GOOD}{ending}".encode())
    piped = bare("lint", "template", "-", "--json", piped=f"{GOOD}{ending}".encode())
    read = bare("lint", "template", "--file", str(file), "--json")
    assert (piped.code, read.code) == (0, 0)
    assert piped.document["text"] == read.document["text"] == GOOD
    two = bare("lint", "template", "-", "--json", piped=f"{GOOD}\n{GOOD}".encode())
    assert [each["id"] for each in two.document["findings"]] == [
        "template.variable-count",
        "template.whitespace",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xc4\xfa", "is not UTF-8"), (None, "cannot be read"), (b"", "is empty")],
)
def test_a_file_that_cannot_be_read_is_a_usage_error(
    bare: Desk, tmp_path: Path, content: bytes | None, message: str
) -> None:
    """GBK, nothing there, nothing in it."""
    file = tmp_path / "template.txt"
    if content is not None:
        file.write_bytes(content)
    told = bare("lint", "template", "--file", str(file))
    assert (told.code, told.out) == (2, "")
    assert message in told.err


def test_text_and_file_are_one_too_many(bare: Desk) -> None:
    """Nothing is judged where it is unclear what."""
    assert bare("lint", "template", GOOD, "--file", "x").code == 2


def test_every_configured_text_is_judged(written: Desk) -> None:
    """Against the configured length and life of a code; who has no text is left out."""
    told = written("lint", "template", "--json")
    assert (told.code, told.document["schema"]) == (8, "smsctl.lints/1")
    assert told.document["ok"] is False
    login, join = told.document["results"]
    assert (login["purpose"], login["ok"]) == ("login", True)
    assert [each["id"] for each in login["findings"]] == ["template.expiry"]
    assert login["message"] == "【示例科技】您的登录验证码是1234，5分钟内有效。"
    assert login["price"] == 0.05
    assert (join["purpose"], join["ok"]) == ("join", False)
    assert [each["id"] for each in join["findings"]] == ["template.greeting", "template.marketing"]


def test_without_a_text_anywhere_nothing_passes(bare: Desk) -> None:
    """A check in CI that has nothing to check says so."""
    for line in (("lint", "template"), ("lint", "sign")):
        told = bare(*line)
        assert (told.code, told.out) == (2, "")


def test_signatures(written: Desk) -> None:
    """The configured one without NAME; shown before the default purpose's text."""
    told = written("lint", "sign", "--json")
    assert told.code == 0
    assert told.document["text"] == "示例科技"
    assert told.document["message"] == "【示例科技】您的登录验证码是1234，5分钟内有效。"
    bad = written("lint", "sign", "示例 測试", "--json")
    assert bad.code == 8
    assert bad.document["rewrite"] == "示例测试"
    piped = written("lint", "sign", "-", "--json", piped="示例科技\n".encode())
    assert (piped.code, piped.document["text"]) == (0, "示例科技")


def test_a_signature_without_words_behind_it_has_no_message(bare: Desk) -> None:
    """What is not known is null."""
    told = bare("lint", "sign", "示例科技", "--json").document
    assert (told["message"], told["segments"], told["price"]) == (None, None, None)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("color", ["never", "always"])
def test_carets_stand_below_what_they_mark(
    bare: Desk, columns: int, language: str, color: str
) -> None:
    """At any width, in wide and narrow characters; what is unseen is shown by its escape."""
    text = "哇，您的\u200bLogin验证码为${code}，快来開启www.a.cn" + "的" * 60 + "免费①"
    told = bare(
        *("lint", "template", text, "--color", color),
        terminal=True,
        COLUMNS=str(columns),
        SMSCTL_LANG=language,
    )
    assert ("\x1b[31m" in told.out) == (color == "always")
    lines = _ESCAPE.sub("", told.out).splitlines()
    assert max(map(cells, lines)) <= columns
    assert {"哇", "\\u200b", "快来", "開", "www.a.cn", "免费", "①"} <= set(_marked(lines))


def test_a_screen_says_what_a_phone_shows(bare: Desk) -> None:
    """Below the findings: the text rewritten, the message, its segments and its price."""
    told = bare("lint", "template", f"【示例】{GOOD}", terminal=True, NO_COLOR="1", COLUMNS="80")
    assert told.out.splitlines() == [
        "✗ template.brackets: no 【】 anywhere and no [ ] at its ends: the vendor puts",
        "  the signature in front",
        "    【示例】您的登录验证码是${code}，5分钟内有效。",
        "    ^^    ^^",
        "    source: help.aliyun.com 463237",
        "",
        "Rewritten, as far as that is mechanical:",
        f"    {GOOD}",
        "On a phone:",
        "    【示例签名】【示例】您的登录验证码是123456，5分钟内有效。",
        "    characters: 32, segments: 1, CNY a message: 0.045",
        "",
        "✗ 1 error",
    ]


def test_the_page_lists_every_id() -> None:
    """And none that there is not: an id is a promise."""
    listed = re.findall(r"`((?:template|sign)\.[a-z-]+)`", PAGE.read_text("utf-8"))
    assert sorted(listed) == sorted(SOURCES)


def _marked(lines: list[str]) -> list[str]:
    """Return the pieces of text above carets."""
    found: list[str] = []
    for text, below in pairwise(lines):
        if below.strip(" ^") or "^" not in below:
            continue
        column, piece = 0, ""
        for char in [*text, " "]:
            width = cells(char)
            if below[column : column + width] == "^" * width:
                piece += char
            elif piece:
                found.append(piece)
                piece = ""
            column += width
    return found
