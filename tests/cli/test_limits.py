"""`limits show` and `limits reset`, over a real store."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsctl.cli.commands.limits.documents import limits_document, reset_document
from smsctl.cli.commands.limits.subjects import Row, Subjects, rows
from smsctl.config import load
from smsctl.core.admin import Act, Level, LiveCode, Standing
from smsctl.core.blocking import run_blocking
from smsctl.core.phone import Phone
from smsctl.core.policy import DEFAULT_RULES, CodePolicy
from smsctl.wiring.parts import Parts, assemble
from tests.cli.desk import SECRET, Desk
from tests.servers import PrivateServer

PHONE = "13800138000"
IP = "203.0.113.7"
MINUTE = DEFAULT_RULES[0]

RULES = """\
purposes: {login: {}, pay: {}}
limits:
  - {name: minute, per: phone, max: 1, window: 60s}
  - {name: ip-day, per: ip, max: 10, window: day}
  - {name: pay-phone, per: phone, max: 4, window: 1h, only: {purpose: pay}}
  - {name: by-purpose, per: purpose, max: 50, window: day}
  - {name: by-country, per: country, max: 60, window: day}
  - {name: by-prefix, per: prefix, max: 70, window: day, mode: observe}
  - {name: fuse, per: all, max: 100, window: day}
"""


@pytest.fixture
def desk(server: PrivateServer, tmp_path: Path) -> Desk:
    file = tmp_path / "config.yaml"
    file.write_text(RULES, encoding="utf-8")
    return Desk(
        {
            "SMSCTL_CONFIG": str(file),
            "SMSCTL_STORE__URL": server.url,
            "SMSCTL_SECRET": SECRET,
            "NO_COLOR": "1",
        }
    )


@pytest.fixture
def parts(desk: Desk) -> Iterator[Parts]:
    made = assemble(load(environ=desk.environ), environ=desk.environ, blocking=True)
    yield made
    run_blocking(made.close())


def send(parts: Parts, *, purpose: str = "login", wrong: int = 0) -> None:
    """Send a code to PHONE from IP, and guess it wrong so often."""
    sent = run_blocking(parts.flow.send(PHONE, ip=IP, purpose=purpose))
    assert sent
    right = re.search("[0-9]{6}", sent.message or "")
    guess = "000001" if right and right[0] == "000000" else "000000"
    for _ in range(wrong):
        assert not run_blocking(parts.flow.verify(PHONE, guess, purpose=purpose))


def used(desk: Desk, *words: str) -> dict[str, int | None]:
    document = desk("limits", "show", *words, "--json").document
    return {level["rule"]: level["used"] for level in document["limits"]}


def acts(parts: Parts) -> list[Act]:
    return list(run_blocking(parts.admin.acts()))


# show


def test_the_document_is_the_contracts() -> None:
    """Key by key, with the contract's own figures."""
    subjects = Subjects(phone=Phone("CN", "86", PHONE), ip=None, purpose=None)
    standing = Standing(
        levels=[Level(rule="phone-minute", subject="x", used=1, retry_after=41.0)],
        codes=[LiveCode(purpose="login", expires_in=281.0, tries_left=3)],
        wrong=0,
    )
    document = limits_document(subjects, rows([MINUTE], standing), standing, CodePolicy())
    assert document == {
        "phone": "+86138****8000",
        "ip": None,
        "limits": [
            {
                "rule": "phone-minute",
                "per": "phone",
                "subject": None,
                "window": "60s",
                "mode": "enforce",
                "used": 1,
                "max": 1,
                "remaining": 0,
                "retry_after_s": 41,
            }
        ],
        "codes": [{"purpose": "login", "expires_in_s": 281, "tries_left": 3}],
        "wrong": {"used": 0, "max": 20},
    }


def test_every_rule_is_shown_for_the_subjects_that_were_given(desk: Desk, parts: Parts) -> None:
    """One send counts in each of them; a rule of another purpose is at nothing."""
    send(parts)
    assert used(desk, "--phone", PHONE, "--ip", IP, "--purpose", "login") == {
        "minute": 1,
        "ip-day": 1,
        "pay-phone": None,
        "by-purpose": 1,
        "by-country": 1,
        "by-prefix": 1,
        "fuse": 1,
    }


def test_a_rule_without_a_subject_is_listed_as_unknown(desk: Desk, parts: Parts) -> None:
    """Null in JSON, empty in TSV, a dash on a terminal; the fuse needs no subject."""
    send(parts)
    document = desk("limits", "show", "--json").document
    unknown = {level["rule"]: level for level in document["limits"]}["minute"]
    assert (unknown["used"], unknown["remaining"], unknown["retry_after_s"]) == (None, None, None)
    assert (document["phone"], document["codes"], document["wrong"]) == (None, [], None)
    minute, *_, fuse = desk("limits", "show").table
    assert (minute["used"], minute["max"], fuse["used"], fuse["remaining"]) == ("", "1", "1", "99")
    shown = desk("limits", "show", terminal=True).out
    assert next(line for line in shown.splitlines() if "minute" in line).split() == [
        *("minute", "phone", "60s", "-", "1", "-", "-")
    ]


def test_a_rule_per_purpose_is_shown_for_each(desk: Desk, parts: Parts) -> None:
    """Without --purpose all of them; each row names its own."""
    send(parts, purpose="pay")
    levels = desk("limits", "show", "--json").document["limits"]
    assert {each["subject"]: each["used"] for each in levels if each["rule"] == "by-purpose"} == {
        "login": 0,
        "pay": 1,
    }


def test_the_wait_is_that_of_each_rule(desk: Desk, parts: Parts) -> None:
    """A rule that admits now has no wait; a full one tells its own."""
    send(parts)
    levels = desk("limits", "show", "--phone", PHONE, "--json").document["limits"]
    waits = {each["rule"]: each["retry_after_s"] for each in levels}
    assert 0 < waits["minute"] <= 60
    assert (waits["pay-phone"], waits["fuse"]) == (0, 0)


def test_live_codes_and_wrong_tries_are_shown_without_the_code(desk: Desk, parts: Parts) -> None:
    """Tries that are left and seconds to live, for every purpose or for one."""
    send(parts, wrong=1)
    document = desk("limits", "show", "--phone", PHONE, "--json").document
    (code,) = document["codes"]
    assert (code["purpose"], code["tries_left"]) == ("login", 2)
    assert 290 < code["expires_in_s"] <= 300
    assert document["wrong"] == {"used": 1, "max": 20}
    one = desk("limits", "show", "--phone", PHONE, "--purpose", "pay", "--json").document
    assert one["codes"] == []


def test_an_observed_rule_is_marked(desk: Desk) -> None:
    """In every form: it refuses nobody, whatever it counts."""
    levels = desk("limits", "show", "--json").document["limits"]
    assert {each["rule"]: each["mode"] for each in levels}["by-prefix"] == "observe"
    assert "by-prefix (observes only)" in desk("limits", "show", terminal=True).out
    assert desk("limits", "show").table[-2]["mode"] == "observe"


def test_any_spelling_of_a_subject_is_the_same(desk: Desk, parts: Parts) -> None:
    """What was counted under one spelling is shown under another."""
    send(parts)
    assert used(desk, "--phone", "+86 138-0013-8000", "--ip", "::ffff:203.0.113.7")["ip-day"] == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--phone", "12"], "invalid_phone"),
        (["--ip", "10.0.0.1"], "invalid_address"),
        (["--purpose", "none"], "invalid_purpose"),
    ],
)
@pytest.mark.parametrize("command", ["show", "reset"])
def test_a_subject_that_is_none_is_a_usage_error(
    desk: Desk, command: str, words: list[str], code: str
) -> None:
    """Exit 2 in each output mode, and nothing on stdout."""
    if command == "reset" and "--purpose" in words:
        words = ["--phone", "12"]
        code = "invalid_phone"
    plain, told = desk("limits", command, *words), desk("limits", command, *words, "--json")
    assert (plain.code, plain.out, told.code, told.error["code"]) == (2, "", 2, code)


def test_no_screen_holds_the_whole_number(desk: Desk, parts: Parts) -> None:
    """Invariant 8, for every form of both commands; the command to type is the operator's own."""
    send(parts)
    for command in (["show"], ["reset", "--dry-run", "--code"]):
        for more in ([], ["--json"], ["-v"]):
            told = desk("limits", *command, "--phone", PHONE, *more, terminal=not more)
            assert PHONE not in told.out + told.err


# reset


def test_what_was_cleared_is_told_as_the_contract_says() -> None:
    """The document's keys, and codes and wrong tries beside them."""
    row = Row(rule=MINUTE, subject=None, used=1, retry_after=41.0)
    code = LiveCode(purpose="login", expires_in=281.0, tries_left=3)
    assert reset_document([row], [code], 2, dry_run=False) == {
        "cleared": [{"rule": "phone-minute", "per": "phone", "used": 1}],
        "codes": [{"purpose": "login", "expires_in_s": 281, "tries_left": 3}],
        "wrong": 2,
        "dry_run": False,
    }


def test_a_phone_is_cleared_and_nothing_that_it_shares(desk: Desk, parts: Parts) -> None:
    """Its prefix, country, purpose, address and the fuse keep their counts; so do its codes."""
    send(parts)
    told = desk("limits", "reset", "--phone", PHONE, "--yes", "--json")
    assert told.code == 0
    assert told.document["cleared"] == [
        {"rule": "minute", "per": "phone", "used": 1},
        {"rule": "pay-phone", "per": "phone", "used": 0},
    ]
    assert used(desk, "--phone", PHONE, "--ip", IP, "--purpose", "login") == {
        "minute": 0,
        "ip-day": 1,
        "pay-phone": None,
        "by-purpose": 1,
        "by-country": 1,
        "by-prefix": 1,
        "fuse": 1,
    }
    assert len(desk("limits", "show", "--phone", PHONE, "--json").document["codes"]) == 1


def test_codes_go_with_their_wrong_tries_and_no_purposes_count(desk: Desk, parts: Parts) -> None:
    """Of every purpose; the rule per purpose belongs to everybody."""
    send(parts, wrong=2)
    desk("limits", "reset", "--phone", PHONE, "--yes")
    send(parts, purpose="pay", wrong=1)
    told = desk("limits", "reset", "--phone", PHONE, "--code", "--yes", "--json").document
    assert {each["purpose"] for each in told["codes"]} == {"login", "pay"}
    assert told["wrong"] == 3
    after = desk("limits", "show", "--phone", PHONE, "--json").document
    assert (after["codes"], after["wrong"]) == ([], {"used": 0, "max": 20})
    assert [each["used"] for each in after["limits"] if each["rule"] == "by-purpose"] == [1, 1]


def test_an_address_and_the_fuses_are_cleared_by_name(desk: Desk, parts: Parts) -> None:
    """Each alone leaves the other."""
    send(parts)
    (ip,) = desk("limits", "reset", "--ip", IP, "--yes").table
    assert (ip["rule"], ip["per"], ip["used"]) == ("ip-day", "ip", "1")
    assert used(desk, "--ip", IP)["fuse"] == 1
    (fuse,) = desk("limits", "reset", "--fuse", "--yes").table
    assert (fuse["rule"], fuse["per"], fuse["used"]) == ("fuse", "all", "1")
    assert used(desk, "--ip", IP)["fuse"] == 0


def test_a_reset_leaves_an_audit_record(desk: Desk, parts: Parts) -> None:
    """Who, when in the configured zone, what with the phone masked, and why."""
    desk(
        *("limits", "reset", "--phone", PHONE, "--ip", IP, "--fuse", "--code"),
        *("--reason", "ticket\n4711", "--yes"),
    )
    (act,) = acts(parts)
    assert act.what == "limits reset --phone +86138****8000 --ip 203.0.113.7 --fuse --code"
    assert act.reason == "ticket 4711"
    assert "@" in act.who
    assert act.at.endswith("+08:00")


def test_a_dry_run_changes_nothing_and_asks_nothing(desk: Desk, parts: Parts) -> None:
    """It exits 0, shows the same, and leaves neither a change nor a record."""
    send(parts)
    told = desk("limits", "reset", "--phone", PHONE, "--fuse", "--dry-run", "--json")
    assert (told.code, told.document["dry_run"]) == (0, True)
    assert told.document["cleared"][-1] == {"rule": "fuse", "per": "all", "used": 1}
    assert used(desk)["fuse"] == 1
    assert acts(parts) == []


def test_without_a_terminal_the_command_to_type_is_printed(desk: Desk, parts: Parts) -> None:
    """Exit 7, quoted for a shell; typed as it stands, it does what was asked for."""
    send(parts)
    asked = ("limits", "reset", "--phone", "138 0013 8000", "--reason", "it's me")
    plain, told = desk(*asked), desk(*asked, "--json")
    assert (plain.code, plain.out, told.code, told.out) == (7, "", 7, "")
    line = "smsctl limits reset --phone '138 0013 8000' --reason 'it'\"'\"'s me' --yes"
    assert line in plain.err
    assert told.error["code"] == "confirmation_needed"
    assert line in told.error["hint"]
    assert acts(parts) == []
    assert desk(*shlex.split(line)[1:]).code == 0
    assert used(desk, "--phone", PHONE)["minute"] == 0


@pytest.mark.parametrize("answer", ["\n", "n\n", "", "yes please\n"])
def test_anything_but_a_yes_declines(desk: Desk, parts: Parts, answer: str) -> None:
    """Exit 7; what would have gone was shown on stderr, and stdout stays empty."""
    send(parts)
    told = desk("limits", "reset", "--phone", PHONE, answer=answer)
    assert (told.code, told.out) == (7, "")
    assert "+86138****8000" in told.err
    assert used(desk, "--phone", PHONE)["minute"] == 1
    assert acts(parts) == []


@pytest.mark.parametrize("answer", ["y\n", "YES\n", "是\n"])
def test_a_yes_at_the_terminal_clears(desk: Desk, parts: Parts, answer: str) -> None:
    """Asked once, after it was shown."""
    send(parts)
    told = desk("limits", "reset", "--phone", PHONE, answer=answer)
    assert (told.code, told.err.count("[y/N]"), told.out) == (0, 1, "✓ Cleared.\n")
    assert used(desk, "--phone", PHONE)["minute"] == 0
    assert len(acts(parts)) == 1


@pytest.mark.parametrize("words", [[], ["--yes"], ["--code", "--fuse"], ["--code"]])
def test_a_reset_of_nothing_is_a_usage_error(desk: Desk, words: list[str]) -> None:
    """Also a code without its phone; --yes does not change that."""
    assert desk("limits", "reset", *words).code == 2
    assert desk("limits", "reset", *words, "--json").error["code"] == "usage"


def test_without_a_store_both_say_so(desk: Desk) -> None:
    """Exit 69, and nothing on stdout."""
    for command in (["show"], ["reset", "--fuse", "--yes"]):
        told = desk("limits", *command, SMSCTL_STORE__URL="redis://127.0.0.1:1/0")
        assert (told.code, told.out) == (69, "")


def test_a_pipe_gets_codes_and_wrong_tries_too(desk: Desk, parts: Parts) -> None:
    """What the table and the document have is in the TSV, under the same columns."""
    send(parts)
    *_, code, wrong = desk("limits", "show", "--phone", PHONE).table
    assert (code["rule"], code["subject"], code["remaining"]) == ("code", "login", "3")
    assert 0 < float(code["expires_in_s"]) <= 300
    assert (wrong["rule"], wrong["used"], wrong["max"]) == ("wrong", "0", "20")
    cleared = desk("limits", "reset", "--phone", PHONE, "--code", "--dry-run").table
    assert [row["rule"] for row in cleared][-2:] == ["code", "wrong"]
