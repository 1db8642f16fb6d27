"""`smsctl explain`: a code, a family, a pasted message, a few words; in every form of output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, get_args

import pytest

from smsctl.cli import exits
from smsctl.cli.commands.explain.lookup import ALL, matches
from smsctl.cli.own_codes import OWN
from smsctl.core import errors
from smsctl.core.answers import RefusedReason, RejectedReason
from tests.cli.desk import Desk, Told

KEYS = ["code", "source", "meaning", "sent", "billed", "retry", "when", "remedy", "page"]


@pytest.fixture
def desk() -> Desk:
    """Return a desk without a configuration file: explaining needs none."""
    return Desk({"SMSCTL_CONFIG": "/nonexistent"})


def _codes(told: Told) -> list[str]:
    return [each["code"] for each in told.document["matches"]]


def _found(asked: str) -> list[str]:
    return [entry.code for entry in matches(asked)]


# What is found


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "isv.BUSINESS_LIMIT_CONTROL"),
        ("business_limit_control", "isv.BUSINESS_LIMIT_CONTROL"),
        ("ISV.amount_not_enough", "isv.AMOUNT_NOT_ENOUGH"),
        ("SYSTEM_ERROR", "isp.SYSTEM_ERROR"),
        ("InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.*"),
        ("InvalidAccessKeyId.*", "InvalidAccessKeyId.*"),
        ("throttling", "Throttling.*"),
        ("Throttling.User", "Throttling.*"),
        ("f008", "F008"),
        ("timeout-or-duplicate", "timeout-or-duplicate"),
        ("MOBLLE_TERMINAL_ERROR", "MOBLLE_TERMINAL_ERROR"),
        ("75", "75"),
        ("store_unavailable", "store_unavailable"),
        ("locked", "locked"),
        ("ok", "OK"),
    ],
)
def test_a_code_is_found_alone(asked: str, code: str) -> None:
    """Whatever its case, with or without its prefix, and a member of a family as the family."""
    assert _found(asked) == [code]


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.code)
def test_every_code_explains_itself(entry: Any) -> None:
    """As it is written, nothing else comes with it."""
    assert _found(entry.code) == [entry.code]


def test_several_codes_are_explained_together(desk: Desk) -> None:
    """In the order in which they were asked for."""
    assert _codes(desk("explain", "F008", "isv.AMOUNT_NOT_ENOUGH", "f008", "--json")) == [
        *("F008", "isv.AMOUNT_NOT_ENOUGH"),
    ]


@pytest.mark.parametrize(
    ("message", "limit", "when"),
    [
        ("触发分钟级流控Permits:1", "one code a minute", "in the next minute of the clock"),
        ("触发小时级流控Permits:5", "five codes an hour", "in the next hour of the clock"),
        ("触发天级流控Permits:10", "ten codes in 24 hours", "24 hours after the codes that count"),
        (
            "触发号码天级流控Permits:40",
            "forty messages in 24 hours, those of other senders too",
            "24 hours after the messages that count",
        ),
        (
            '{"Message":"触发小时级流控Permits:5","Code":"isv.BUSINESS_LIMIT_CONTROL"}',
            "five codes an hour",
            "in the next hour of the clock",
        ),
    ],
)
def test_the_vendors_message_names_the_window(
    desk: Desk, message: str, limit: str, when: str
) -> None:
    """Pasted as it is: how many the vendor admits, and when it will again."""
    (match,) = desk("explain", message, "--json").document["matches"]
    assert match["code"] == "isv.BUSINESS_LIMIT_CONTROL"
    assert match["meaning"].endswith(f": {limit}")
    assert match["when"] == when


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        (
            "code: 400, The specified SMS_TEMPLATE_ILLEGAL request id: 1",
            ["isv.SMS_TEMPLATE_ILLEGAL"],
        ),
        ('{"Code":"InvalidAccessKeyId.NotFound","HostId":"a"}', ["InvalidAccessKeyId.*"]),
        ("error: … [isv.OUT_OF_SERVICE]", ["isv.OUT_OF_SERVICE"]),
        ('"error-codes":["invalid-input-response","bad-request"]', None),
    ],
)
def test_a_code_is_found_in_a_pasted_line(message: str, codes: list[str] | None) -> None:
    """Numbers and common words of the line are no codes."""
    assert _found(message) == (codes or ["invalid-input-response", "bad-request"])


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("black", ["isv.BLACK_KEY_CONTROL_LIMIT", "MOBILE_IN_BLACK"]),
        ("余额", ["isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE"]),
        ("balance", ["isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE"]),
        ("access key secret", ["SignatureDoesNotMatch"]),
        ("黑名单", ["isv.BLACK_KEY_CONTROL_LIMIT", "MOBILE_IN_BLACK"]),
        ("isv.SMS_TEST*", None),
    ],
)
def test_a_part_of_a_code_or_a_few_words_find_all_that_have_them(
    asked: str, codes: list[str] | None
) -> None:
    """Codes before sentences; English and Chinese, whatever the reader's language."""
    found = _found(asked)
    if codes is None:
        assert len(found) == 3
        assert all(code.startswith("isv.SMS_TEST") for code in found)
    else:
        assert found == codes if asked != "access key secret" else codes[0] in found


def test_nothing_found_is_a_usage_error(desk: Desk) -> None:
    """2, with the nearest codes; what was typed may be a secret and is not repeated."""
    told = desk("explain", "isv.BUSINES_LIMT_CONTROL")
    assert (told.code, told.out) == (2, "")
    assert told.err.splitlines()[0] == "error: no code and no explanation is like this"
    assert told.err.splitlines()[1].startswith("hint: did you mean isv.BUSINESS_LIMIT_CONTROL")
    told = desk("explain", "13800138000", "--json")
    assert (told.code, told.error["code"]) == (2, "usage")
    assert told.error["hint"] == "smsctl explain lists them all"
    assert "13800138000" not in told.err
    assert desk("explain", "").code == 2


# What is shown


def test_the_document_has_every_field(desk: Desk) -> None:
    """Codes and kinds are English in every language; sentences are the reader's."""
    told = desk("explain", "isp.SYSTEM_ERROR", "--json")
    assert told.document["schema"] == "smsctl.explain/1"
    (match,) = told.document["matches"]
    assert list(match) == KEYS
    assert match["source"] == "gateway"
    assert (match["sent"], match["billed"], match["retry"]) == ("perhaps", "perhaps", "after_check")
    assert match["meaning"] == "the vendor failed while it had the message"
    assert match["page"] == "https://help.aliyun.com/document_detail/101346.html"
    chinese = desk("explain", "isp.SYSTEM_ERROR", "--json", SMSCTL_LANG="zh").document["matches"]
    assert chinese[0]["meaning"] == "供应商收到短信后发生故障"
    assert chinese[0]["retry"] == "after_check"
    assert desk("explain", "75", "--json").document["matches"][0]["page"] is None


def test_a_pipe_gets_a_line_for_each_code(desk: Desk) -> None:
    """All of them without an argument, by the same names as the document's."""
    rows = desk("explain").table
    assert len(rows) == len(ALL)
    assert list(rows[0]) == KEYS
    assert _codes(desk("explain", "--json")) == [row["code"] for row in rows]


def test_a_terminal_gets_a_card(desk: Desk) -> None:
    """One code whole, each field behind its name, and nothing wider than the terminal."""
    shown = desk("explain", "F019", terminal=True, COLUMNS="80", NO_COLOR="1").out.splitlines()
    assert shown == [
        "F019",
        "  more than 90 seconds passed between the visitor's check and ours",
        "",
        "  Source  Alibaba Captcha: verdict",
        "  Sent    no",
        "  Billed  no",
        "  Retry   yes, with a new token: each is good once",
        "  Remedy  let the page send the token at once",
        "  Page    https://www.alibabacloud.com/help/en/captcha/captcha2-0/user-guide/server-access",
    ]


def test_what_no_message_is_about_has_no_such_line(desk: Desk) -> None:
    """Exit code 3 is about a code that was typed: sent and billed are not asked."""
    shown = desk("explain", "3", terminal=True, NO_COLOR="1").out
    assert "Sent" not in shown
    assert "Page" not in shown


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 80, 120])
def test_the_list_fits_every_terminal(desk: Desk, columns: int, language: str) -> None:
    """Grouped by who says it, same meanings together; every code is there in one piece."""
    told = desk("explain", terminal=True, COLUMNS=str(columns), NO_COLOR="1", SMSCTL_LANG=language)
    lines = told.out.splitlines()
    wide = [sum(1 + (ord(char) > 0x2E80) for char in line) for line in lines]
    assert max(wide) <= max(columns, 44)
    words = {word.rstrip(",") for line in lines for word in line.split()}
    assert {entry.code for entry in ALL} <= words
    assert len([line for line in lines if line and not line.startswith(" ")]) == 7


def test_the_marks_are_told_on_any_terminal(desk: Desk) -> None:
    """Below a list, in the characters that the encoding has."""
    assert "✗ not sent" in desk("explain", "F00", terminal=True, NO_COLOR="1").out
    shown = desk("explain", "F00", terminal=True, NO_COLOR="1", encoding="ascii").out
    assert "x not sent" in shown


# smsctl's own codes


def test_every_exit_code_is_explained() -> None:
    """Each number that a command can end with."""
    numbers = {str(value) for value in vars(exits).values() if isinstance(value, int)}
    assert {entry.code for entry in OWN if entry.source == "exit"} == numbers


def test_every_reason_is_explained() -> None:
    """Each word that a refusal or a rejection can have."""
    reasons = {*get_args(RefusedReason), *get_args(RejectedReason)}
    assert {entry.code for entry in OWN if entry.source == "reason"} == reasons


def test_every_errors_code_is_explained() -> None:
    """Each that the library raises, and those of the command line."""
    raised = {
        kind.code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.SmsctlError)
    }
    own = {"usage", "confirmation_needed", "interrupted", "terminated", "unwritable"}
    assert {entry.code for entry in OWN if entry.source == "error"} == raised | own


# What it takes


def test_nothing_heavy_is_loaded() -> None:
    """No SDK, no store, no configuration: a lookup is as quick as a page of help."""
    program = (
        "import json, sys\n"
        "from smsctl.cli.entry import enter\n"
        "from smsctl.cli.frame.terminal import Terminal\n"
        "enter(['explain', 'balance'], Terminal.real())\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    loaded = set(json.loads(ran.stdout.splitlines()[-1]))
    heavy = {"Tea", "aiohttp", "msgspec", "redis", "requests", "rich", "urllib3", "yaml"}
    assert loaded & heavy == set()


def test_a_shell_completes_codes() -> None:
    """By their beginning, as they are spelled."""
    for start, codes in (
        ("isv.BUS", ["isv.BUSINESS_LIMIT_CONTROL"]),
        ("T0", ["T001", "T005", "T006"]),
    ):
        asked = {"_SMSCTL_COMPLETE": "complete_bash", "COMP_WORDS": f"smsctl explain {start}"}
        ran = subprocess.run(
            [sys.executable, "-m", "smsctl"],
            capture_output=True,
            check=True,
            env={**os.environ, **asked, "COMP_CWORD": "2"},
        )
        assert ran.stdout.decode().split() == codes
