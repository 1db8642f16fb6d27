"""`smsctl send`: documents, exit codes, and what is told of each outcome."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest

from smsctl.config import load
from smsctl.core.admin import Act
from smsctl.core.blocking import run_blocking
from smsctl.wiring.parts import assemble
from tests.cli.desk import Desk, Told
from tests.cli.desks import IP, MASKED, OTHER, PHONE, MakeDesk
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, Code, FakeAliyun
from tests.fakes.siteverify import SECRET as TURNSTILE_SECRET
from tests.fakes.siteverify import TOKEN, FakeSiteverify
from tests.servers import PrivateServer

MODES = ((), ("--json",), ("--quiet",), ("-v",), ("--log-format", "json"))


def _aliyun(aliyun: FakeAliyun) -> str:
    return (
        "gateway:\n"
        "  provider: aliyun\n"
        f"  access_key_id: {ACCESS_KEY_ID}\n"
        f"  access_key_secret: {ACCESS_KEY_SECRET}\n"
        f"  endpoint: {aliyun.url}\n"
    )


def _turnstile(siteverify: FakeSiteverify) -> str:
    return (
        "captcha:\n"
        "  provider: turnstile\n"
        f"  secret: {TURNSTILE_SECRET}\n"
        f"  endpoint: {siteverify.endpoint}\n"
    )


def _code(told: Told) -> str:
    (code,) = re.findall(r"[0-9]{6}", told.document["message"])
    return str(code)


def _acts(desk: Desk) -> Sequence[Act]:
    parts = assemble(load(environ=desk.environ), environ=desk.environ, blocking=True)
    try:
        return run_blocking(parts.admin.acts())
    finally:
        run_blocking(parts.close())


def test_a_sent_code_is_told_in_full(desk: Desk) -> None:
    """The document has the contract's keys, and with the console gateway the message."""
    told = desk("send", PHONE, "--ip", IP, "--json")
    document = told.document
    assert told.code == 0
    assert list(document) == [
        *("schema", "outcome", "phone", "purpose", "request_id", "message_id"),
        *("vendor_request_id", "challenge", "expires_in_s", "retry_after_s", "message"),
    ]
    assert document["schema"] == "smsctl.send/1"
    assert (document["outcome"], document["phone"]) == ("sent", MASKED)
    assert (document["purpose"], document["challenge"]) == ("login", None)
    assert (document["expires_in_s"], document["retry_after_s"]) == (300, 60)
    assert told.err == ""


def test_a_refusal_is_told_in_full(desk: Desk) -> None:
    """The document has the contract's keys; the wait is in seconds."""
    desk("send", PHONE)
    told = desk("send", PHONE, "--json")
    wait = told.document["retry_after_s"]
    assert told.code == 4
    assert told.document == {
        "schema": "smsctl.send/1",
        "outcome": "refused",
        "reason": "limit",
        "rule": "phone-minute",
        "retry_after_s": wait,
        "phone": MASKED,
        "purpose": "login",
    }
    assert 50 < wait <= 60


@pytest.mark.parametrize("options", MODES)
def test_a_refusal_exits_alike_in_every_mode(desk: Desk, options: tuple[str, ...]) -> None:
    """How the outcome is shown changes nothing about the exit code."""
    assert desk("send", PHONE, *options).code == 0
    assert desk("send", PHONE, *options).code == 4
    assert desk("send", PHONE, *options, terminal=True).code == 4


def test_a_pipe_gets_every_field(desk: Desk) -> None:
    """TSV has a line of names, and nothing in it is cut."""
    told = desk("send", PHONE)
    (row,) = told.table
    assert (row["outcome"], row["phone"], row["expires_in_s"]) == ("sent", MASKED, "300")
    assert row["message"].startswith("【示例签名】您的验证码是")
    assert len(row["request_id"]) == 32


def test_a_terminal_shows_the_message_of_the_console_gateway(desk: Desk) -> None:
    """Somebody who tries it out needs no other place to find the code."""
    told = desk("send", PHONE, terminal=True, NO_COLOR="1")
    assert told.out.startswith(f"✓ sent to {MASKED} for login\n")
    assert "【示例签名】您的验证码是" in told.out
    assert "the code is valid for 5 min; the next can be sent in 1 min" in told.out


@pytest.mark.parametrize(
    ("config", "reason", "code"),
    [
        ("limits: [{name: fuse, per: all, max: 1, window: day}]", "fuse", 5),
        ("limits: [{name: one, per: phone, max: 1, window: day}]", "limit", 4),
    ],
)
def test_a_fuse_and_a_limit_exit_differently(
    make_desk: MakeDesk, config: str, reason: str, code: int
) -> None:
    """The person on call is told by the code whether one phone waits or all."""
    desk = make_desk(config)
    assert desk("send", PHONE).code == 0
    told = desk("send", PHONE, "--json")
    assert (told.code, told.document["reason"]) == (code, reason)


def test_a_country_off_the_list_exits_4(desk: Desk) -> None:
    """A number of a country that is not allowed is refused, not mistyped."""
    told = desk("send", "+85251234567", "--json")
    assert (told.code, told.document["reason"]) == (4, "country")


def test_a_locked_phone_exits_4_and_says_for_how_long(make_desk: MakeDesk) -> None:
    """Money never buys a code that cannot verify."""
    desk = make_desk("code: {wrong: {max: 1, window: 1h}}\nlimits: []\n")
    code = _code(desk("send", PHONE, "--json"))
    wrong = "000000" if code != "000000" else "111111"
    assert desk("verify", PHONE, wrong).code == 3
    told = desk("send", PHONE, terminal=True, NO_COLOR="1")
    assert told.code == 4
    assert "locked for 1 h after too many wrong codes" in told.out


@pytest.mark.parametrize(
    ("turn", "code", "error"),
    [
        (Code("isv.BUSINESS_LIMIT_CONTROL"), 76, "gateway_rejected"),
        (Code("InvalidAccessKeyId.NotFound", 404), 77, "credentials_refused"),
        ("html", 75, "gateway_unknown"),
    ],
)
def test_what_the_gateway_did_is_told_by_the_code(
    make_desk: MakeDesk, aliyun: FakeAliyun, turn: Code | str, code: int, error: str
) -> None:
    """Not sent, not sent for the key's sake, perhaps sent: three exit codes, stdout silent."""
    desk = make_desk(_aliyun(aliyun))
    aliyun.script(turn, turn)
    told = desk("send", PHONE, "--json")
    assert (told.code, told.error["code"], told.out) == (code, error, "")
    keys = {"code", "message", "hint", "vendor_code", "vendor_request_id", "request_id"}
    unknown = {"challenge", "expires_in_s"} if code == 75 else set()
    assert set(told.error) == keys | unknown | {"retry_after_s"}
    assert json.loads(told.err)["schema"] == "smsctl.error/1"
    said = desk("send", OTHER)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith("error: ")


def test_an_unknown_outcome_says_what_the_user_may_still_do(
    make_desk: MakeDesk, aliyun: FakeAliyun
) -> None:
    """The code may arrive: the document has what it takes to verify it."""
    desk = make_desk(_aliyun(aliyun) + "code: {challenge: required}\n")
    aliyun.script("html")
    error = desk("send", PHONE, "--json", "--request-id", "r-1").error
    assert (error["request_id"], error["expires_in_s"]) == ("r-1", 300)
    assert len(error["challenge"]) == 22
    code = json.loads(aliyun.submitted[0].params)["code"]
    assert desk("verify", PHONE, code, "--challenge", error["challenge"]).code == 0


def test_the_same_request_id_is_sent_once(make_desk: MakeDesk, aliyun: FakeAliyun) -> None:
    """Asked again, the stored outcome comes back and the gateway hears nothing."""
    desk = make_desk(_aliyun(aliyun))
    first, second = (desk("send", PHONE, "--json", "--request-id", "r-1") for _ in range(2))
    assert first.document["message_id"] == second.document["message_id"] == "900000000000^0"
    assert (first.code, second.code, len(aliyun.submitted)) == (0, 0, 1)


def test_a_store_that_is_down_sends_nothing(desk: Desk) -> None:
    """One line and its hint on stderr, stdout silent, 69."""
    told = desk("send", PHONE, SMSCTL_STORE__URL="redis://127.0.0.1:1/0")
    assert (told.code, told.out) == (69, "")
    assert told.err.splitlines()[0].startswith("error: the store at redis://127.0.0.1:1/0")
    assert len(told.err.splitlines()) == 2
    error = desk("send", PHONE, "--json", SMSCTL_STORE__URL="redis://127.0.0.1:1/0").error
    assert error["code"] == "store_unavailable"


# The captcha


def test_without_a_token_the_captcha_refuses(
    make_desk: MakeDesk, siteverify: FakeSiteverify
) -> None:
    """Where a captcha is configured, no token is a refusal, and nobody is asked."""
    told = make_desk(_turnstile(siteverify))("send", PHONE, "--json")
    assert (told.code, told.document["reason"], siteverify.asked) == (6, "captcha", [])


def test_a_token_comes_from_stdin(make_desk: MakeDesk, siteverify: FakeSiteverify) -> None:
    """`-` keeps the token out of the process list."""
    desk = make_desk(_turnstile(siteverify))
    told = desk("send", PHONE, "--captcha-token", "-", piped=f"{TOKEN}\n".encode())
    assert (told.code, siteverify.asked[0]["response"]) == (0, TOKEN)


def test_an_empty_stdin_is_no_token(make_desk: MakeDesk, siteverify: FakeSiteverify) -> None:
    """A pipe that brings nothing is a mistake of the command line, not a robot."""
    told = make_desk(_turnstile(siteverify))("send", PHONE, "--captcha-token", "-")
    assert (told.code, siteverify.asked) == (2, [])
    assert told.err == "error: --captcha-token is empty\n"


def test_a_captcha_that_cannot_be_reached_exits_6(make_desk: MakeDesk) -> None:
    """An outage lets nobody through."""
    told = make_desk(
        f"captcha: {{provider: turnstile, secret: {TURNSTILE_SECRET}, endpoint: 'http://127.0.0.1:1'}}"
    )("send", PHONE, "--captcha-token", TOKEN, "--json")
    assert (told.code, told.error["code"]) == (6, "captcha_unavailable")


def test_skipping_the_captcha_is_recorded_before_it_is_done(
    make_desk: MakeDesk, siteverify: FakeSiteverify
) -> None:
    """The audit record has the masked phone, and stands also where the send was refused."""
    desk = make_desk(_turnstile(siteverify))
    assert desk("send", PHONE, "--skip-captcha").code == 0
    assert desk("send", PHONE, "--skip-captcha").code == 4
    acts = _acts(desk)
    assert [act.what for act in acts] == [f"send without captcha to {MASKED}"] * 2
    assert "@" in acts[0].who
    assert acts[0].at.endswith("+08:00")
    assert siteverify.asked == []


def test_without_a_captcha_skipping_it_is_no_act(desk: Desk) -> None:
    """Nothing was skipped, so nothing is recorded."""
    assert desk("send", PHONE, "--skip-captcha").code == 0
    assert _acts(desk) == []


# Several phones


def test_several_phones_are_told_in_the_override_given(desk: Desk) -> None:
    """Each has its outcome; the exit code is that of the first that was not sent."""
    told = desk("send", OTHER, "12", PHONE, OTHER, "--json")
    document = told.document
    assert (document["schema"], told.code) == ("smsctl.sends/1", 2)
    outcomes = [each["outcome"] for each in document["results"]]
    assert outcomes == ["sent", "error", "sent", "refused"]
    assert document["results"][1] == {
        "outcome": "error",
        "phone": None,
        "purpose": None,
        "error": {
            "code": "invalid_phone",
            "message": "not the number of a mobile",
            "hint": "a mainland mobile is 1[3-9] and nine digits: 13800138000",
            "vendor_code": None,
            "vendor_request_id": None,
        },
    }


def test_several_phones_that_are_all_sent_exit_0(desk: Desk) -> None:
    """Twenty at once, eight at a time."""
    phones = [f"139001390{n:02}" for n in range(20)]
    told = desk("send", *phones)
    assert told.code == 0
    assert [row["phone"][-2:] for row in told.table] == [phone[-2:] for phone in phones]
    assert {row["outcome"] for row in told.table} == {"sent"}


def test_a_rejected_and_an_unknown_phone_do_not_hide_the_others(
    make_desk: MakeDesk, aliyun: FakeAliyun
) -> None:
    """Each gateway error stands in its own result; stdout still has the document."""
    desk = make_desk(_aliyun(aliyun))
    aliyun.script("html", "html")
    told = desk("send", PHONE, OTHER, "--json")
    assert told.code == 75
    results = told.document["results"]
    assert [each["outcome"] for each in results] == ["unknown", "unknown"]
    assert results[0]["phone"] == MASKED
    assert results[0]["error"]["expires_in_s"] == 300


def test_progress_is_shown_to_who_watches_and_leaves_nothing(desk: Desk) -> None:
    """It goes to stderr; -q and a pipe have none."""
    assert "sending" in desk("send", PHONE, OTHER, terminal=True).err
    assert "sending" not in desk("send", PHONE, OTHER, "-q", terminal=True).err
    assert "sending" not in desk("send", PHONE, OTHER).err


@pytest.mark.parametrize("option", ["--request-id", "--captcha-token"])
def test_what_names_one_send_is_refused_for_several(desk: Desk, option: str) -> None:
    """One id or token for several phones can only be a mistake."""
    told = desk("send", PHONE, OTHER, option, "x")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(f"error: {option} is for one phone\n")


# What was typed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("",), "PHONE is empty"),
        (("1" * 1_000_000,), "PHONE is too long"),
        (("\udcff",), "PHONE is not text in this terminal's encoding"),
        (("1" * 50,), "a phone number of 50 characters is too long"),
        ((PHONE, "--purpose", "nope"), "no such purpose in the configuration"),
        ((PHONE, "--purpose", ""), "--purpose is empty"),
        ((PHONE, "--ip", "10.0.0.1"), "10.0.0.1 is a private address"),
        ((PHONE, "--ip", "1.2.3"), "not one client address"),
        ((PHONE, "--request-id", "a b"), "a request id has 1 to 64 letters"),
        ((PHONE, "--request-id", "\udcff"), "--request-id is not text"),
        ((), "PHONE is missing"),
    ],
)
def test_bad_input_is_named_and_sends_nothing(
    desk: Desk, server: PrivateServer, words: tuple[str, ...], message: str
) -> None:
    """2, one clear line, stdout silent, and nothing written."""
    told = desk("send", *words)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(f"error: {message}")
    assert desk("send", *words, "--json").error["code"] in {
        *("usage", "invalid_phone", "invalid_purpose", "invalid_address", "invalid_request_id")
    }
    with server.client as client:
        assert client.dbsize() == 0


def test_a_misplaced_secret_is_not_repeated(desk: Desk) -> None:
    """A code or a phone where none belongs does not come back on stderr."""
    words = ("verify", "+86", "138", "0013", "8000", "734511")
    for more in ((), ("--json",)):
        told = desk(*words, *more)
        assert told.code == 2
        assert "734511" not in told.err
    assert "734511" not in desk("734511").err
    assert "734511" not in desk("send", PHONE, "--734511").err


def test_a_test_number_is_sent_nothing(make_desk: MakeDesk) -> None:
    """Its code is known, no limit applies, and the gateway hears nothing."""
    desk = make_desk(f'test_numbers: [{{phone: "{PHONE}", code: "123456", until: 2099-01-01}}]\n')
    for _ in range(3):
        told = desk("send", PHONE, "--json")
        assert (told.code, told.document["message_id"], "message" in told.document) == (
            *(0, None, False),
        )
    assert desk("verify", PHONE, "123456").code == 0
