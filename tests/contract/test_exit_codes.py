"""The contract, "Exit codes": each provoked for real, on loopback."""

from __future__ import annotations

import json
import signal
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import MakeHost
from tests.contract.program import SMSCTL, Host
from tests.contract.vendor import Vendor, refusal

PHONE, IP = "13800138000", "203.0.113.7"
PHONES = tuple(f"1380013800{n}" for n in range(10))
ONE = "limits: [{{name: r, per: {}, max: 1, window: day}}]\n"
TURNSTILE = "captcha: {{provider: turnstile, secret: s, endpoint: '{}'}}\n"
CLOSED = "http://127.0.0.1:1"
NO_STORE = {"SMSCTL_STORE__URL": "unix:///nonexistent/socket"}
TIGHT = "code: {tries: 1, wrong: {max: 1, window: 1h}}\n"


@dataclass(frozen=True)
class Case:
    """What leads to a code: the last command gives it."""

    code: int
    commands: str
    """One a line."""
    answer: str = ""
    """The reason, or the code of the error, in the document."""
    text: str = ""
    environ: tuple[tuple[str, str], ...] = ()


PAUSE = "pause --for 1h --reason r"
DENY = f"deny add {PHONE} --reason r"
# Which case: code, commands, reason or error.
CASES = {
    "sent": Case(0, f"send {PHONE}"),
    "no such command": Case(2, "frobnicate", "usage"),
    "no such option": Case(2, "usage --frobnicate", "usage"),
    "bad phone": Case(2, "send 123", "invalid_phone"),
    "private address": Case(2, f"send {PHONE} --ip 10.0.0.1", "invalid_address"),
    "missing": Case(3, f"verify {PHONE} 000000", "missing"),
    "limit": Case(4, f"send {PHONE}\nsend {PHONE}", "limit"),
    "country": Case(4, "send +85251234567", "country"),
    "denied": Case(4, f"{DENY}\nsend {PHONE}", "denied"),
    "fuse": Case(5, f"send {PHONE}\nsend {PHONES[1]}", "fuse", ONE.format("all")),
    "paused": Case(5, f"{PAUSE}\nsend {PHONE}", "paused"),
    "captcha refused": Case(6, f"send {PHONE} --ip {IP}", "captcha", TURNSTILE.format(CLOSED)),
    "captcha unreachable": Case(
        6,
        f"send {PHONE} --ip {IP} --captcha-token t",
        "captcha_unavailable",
        TURNSTILE.format(CLOSED),
    ),
    "no confirmation": Case(7, f"limits reset --phone {PHONE}", "confirmation_needed"),
    "lint": Case(8, "lint sign x"),
    "store down": Case(69, f"send {PHONE}", "store_unavailable", environ=(*NO_STORE.items(),)),
    "wrong configuration": Case(78, "usage", "config", "code: {length: 9}\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_exit_code_of(make_host: MakeHost, name: str) -> None:
    """The last command ends with the contract's code, and its document says why."""
    case = CASES[name]
    host = make_host(case.text)
    host.environ |= dict(case.environ)
    *before, last = (command.split() for command in case.commands.splitlines())
    for command in before:
        host(*command)
    ran = host(*last, "--json")
    assert (ran.code, _answer(ran.out or ran.err.splitlines()[-1], case)) == (
        case.code,
        case.answer,
    )


def _answer(text: str, case: Case) -> str:
    document = json.loads(text)
    if "error" in document:
        return str(document["error"]["code"])
    return str(document.get("reason") or "") if case.answer else ""


def test_codes_are_the_same_in_every_output_mode(host: Host) -> None:
    """No output mode changes a code: TSV and words here, JSON above, a terminal below."""
    commands = ("lint sign x", f"verify {PHONE} 000000 -q", "limits reset --fuse", "send 123 -v")
    assert [host(*command.split()).code for command in commands] == [8, 3, 7, 2]


def test_codes_at_a_terminal_are_the_same(host: Host) -> None:
    """A terminal changes no code either, and a declined confirmation is 7."""
    assert host.at_terminal("verify", PHONE, "000000").code == 3
    assert host.at_terminal("limits", "reset", "--phone", PHONE, typed="n\n").code == 7


def test_refused_password_of_the_store_is_69(host: Host) -> None:
    """A store that refuses the password is unavailable."""
    url = host.environ["SMSCTL_STORE__URL"].replace("unix://", "unix://nobody:wrong@")
    ran = host("usage", "--json", SMSCTL_STORE__URL=url)
    assert (ran.code, ran.error["error"]["code"]) == (69, "store_unavailable")
    assert "wrong@" not in ran.err


def test_locked_phone_is_4_at_send_and_3_at_verify(make_host: MakeHost) -> None:
    """The wrong budget used up, the phone is locked: no send, no comparison."""
    host = make_host(TIGHT + "limits: [{name: r, per: phone, max: 9, window: day}]\n")
    message = host.json("send", PHONE)["message"]
    wrong = "000000" if "000000" not in message else "111111"
    assert host.json("verify", PHONE, wrong)["reason"] == "exhausted"
    send, verify = host("send", PHONE, "--json"), host("verify", PHONE, wrong, "--json")
    assert (send.code, send.document["reason"]) == (4, "locked")
    assert (verify.code, verify.document["reason"]) == (3, "locked")


# What the vendor answers to SendSms: the exit code, and whether the quota stays used.
ANSWERS = {
    "isv.BUSINESS_LIMIT_CONTROL": 76,
    "isv.AMOUNT_NOT_ENOUGH": 76,
    "isv.OUT_OF_SERVICE": 76,
    "isv.MOBILE_NUMBER_ILLEGAL": 76,
    "MOBILE_NUMBER_ILLEGAL": 76,
    "BLACK_KEY_CONTROL_LIMIT": 76,
    "NOT_SUPPORTED_COUNTRY": 76,
    "SOMETHING_NEW": 76,
    "isp.SYSTEM_ERROR": 75,
    "isp.SOMETHING_NEW": 75,
    "isp.RAM_PERMISSION_DENY": 77,
    "InvalidAccessKeyId.NotFound": 77,
    "SignatureDoesNotMatch": 77,
    "NoPermission": 77,
    "Forbidden.RAM": 77,
    "MissingSecurityToken": 77,
    "InvalidSecurityToken.Expired": 77,
    "IncompleteSignature": 77,
}
OF_ERROR = {"gateway_unknown": 75, "gateway_rejected": 76, "credentials_refused": 77}


def aliyun(vendor: Vendor) -> str:
    """Return a configuration whose gateway is the vendor on loopback."""
    return (
        f"gateway: {{provider: aliyun, endpoint: '{vendor.url}', access_key_id: k,"
        " access_key_secret: s}\n"
    )


@pytest.fixture(scope="module")
def answered(make_host: MakeHost) -> dict[str, dict[str, Any]]:
    """Return the errors of sends by the vendor's code: all of them answered with HTTP 200."""
    phones = [f"138001380{n:02}" for n in range(len(ANSWERS))]
    with Vendor() as vendor:
        vendor.will(*ANSWERS)
        document = make_host(aliyun(vendor)).json("send", *phones)
    errors = [result["error"] for result in document["results"]]
    return {error["vendor_code"]: error for error in errors}


@pytest.mark.parametrize("code", ANSWERS)
def test_vendor_code_is(answered: dict[str, dict[str, Any]], code: str) -> None:
    """HTTP 200 without a message id is a rejection, but for `isp.*`; a key's fault is 77."""
    assert OF_ERROR[answered[code]["code"]] == ANSWERS[code]


# What the vendor does with one message: accepts, rejects, breaks off, says its own HTTP errors.
OUTCOMES: list[tuple[int, dict[str, Any]] | None] = [
    (200, {"Code": "OK", "BizId": "9^0", "RequestId": "R"}),
    (200, refusal("isv.AMOUNT_NOT_ENOUGH")),
    (404, refusal("InvalidAccessKeyId.NotFound")),
    (503, refusal("ServiceUnavailable")),
    None,
]


def test_only_what_was_certainly_not_sent_returns_its_quota(
    make_host: MakeHost, vendor: Vendor
) -> None:
    """Sent and unknown sends count; a rejection and a refused key do not; nothing is retried."""
    vendor.answers = [*OUTCOMES]
    host = make_host(aliyun(vendor))
    results = host.json("send", *PHONES[: len(OUTCOMES)])["results"]
    errors = [result["error"]["code"] for result in results if "error" in result]
    unknown = ["gateway_unknown"] * 2
    assert sorted(errors) == ["credentials_refused", "gateway_rejected", *unknown]
    assert len(vendor.calls) == len(OUTCOMES)
    usage = host.json("usage", "--days", "1")
    today = usage["days"][0]
    assert (today["sent"], today["rejected"], today["unknown"]) == (1, 2, 2)
    assert usage["fuse"]["used"] == 3


def test_rejection_for_the_numbers_sake_keeps_the_address(
    make_host: MakeHost, vendor: Vendor
) -> None:
    """What the vendor rejects for the number's sake counts against the address that asked."""
    vendor.will("isv.MOBILE_NUMBER_ILLEGAL")
    host = make_host(aliyun(vendor))
    assert host("send", PHONE, "--ip", IP).code == 76
    shown = host.json("limits", "show", "--phone", PHONE, "--ip", IP)["limits"]
    used = {limit["rule"]: limit["used"] for limit in shown}
    assert (used["phone-minute"], used["phone-day"], used["fuse"]) == (0, 0, 0)
    assert used["ip-day"] == 1


def test_captcha_secret_that_the_vendor_refuses_is_78(make_host: MakeHost, vendor: Vendor) -> None:
    """The captcha vendor's `invalid-input-secret` is our configuration's fault, for nobody 6."""
    vendor.answers = [(200, {"success": False, "error-codes": ["invalid-input-secret"]})]
    host = make_host(TURNSTILE.format(vendor.url))
    assert host("send", PHONE, "--ip", IP, "--captcha-token", "t").code == 78


@pytest.mark.parametrize(("status", "code"), [(500, 6), (429, 6), (408, 6), (400, 78)])
def test_captcha_outage_is(make_host: MakeHost, vendor: Vendor, status: int, code: int) -> None:
    """5xx, 408 and 429 are an outage of the captcha; another 4xx never is."""
    vendor.answers = [(status, {})]
    host = make_host(TURNSTILE.format(vendor.url))
    assert host("send", PHONE, "--ip", IP, "--captcha-token", "t").code == code


def test_outage_of_the_captcha_may_let_through(make_host: MakeHost) -> None:
    """`on_outage: allow` lets an outage through, as often as `outage_max` says."""
    host = make_host(TURNSTILE.format(CLOSED).replace("}", ", on_outage: allow, outage_max: 1}"))
    codes = [host("send", phone, "--ip", IP, "--captcha-token", "t").code for phone in PHONES[:2]]
    assert codes == [0, 6]


def test_sdk_that_cannot_be_used_is_78(make_host: MakeHost, vendor: Vendor, tmp_path: Path) -> None:
    """A vendor's SDK that cannot be imported is a configuration error: nothing was sent."""
    broken = tmp_path / "alibabacloud_dysmsapi20170525"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('broken')\n")
    ran = make_host(aliyun(vendor))("send", PHONE, PYTHONPATH=str(tmp_path))
    assert ran.code == 78
    assert vendor.calls == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_is(host: Host, number: signal.Signals, code: int) -> None:
    """Ctrl-C is 130 and SIGTERM 143."""
    with host.running("watch", "--interval", "1h") as process:
        assert process.stdout is not None
        assert process.stdout.readline()  # it is up, and waits
        process.send_signal(number)
        assert process.wait(60) == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is Linux's to pretend")
def test_output_that_cannot_be_written_is_1(bare: Host) -> None:
    """A full disk is no usage error and no success."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [SMSCTL, "explain", "75"], stdout=full, stderr=-1, env=bare.environ, check=False
        )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [(f"{PHONES[0]} {PHONES[1]}", 0), (f"{PHONES[2]} +85251234567 {PHONES[2]}", 4)],
)
def test_several_phones_have_the_code_of_the_first_not_sent(
    host: Host, words: str, code: int
) -> None:
    """Several phones: 0 when all were sent, else the code of the first that was not."""
    ran = host("send", *words.split(), "--json")
    assert ran.code == code
    assert ran.document["schema"] == "smsctl.sends/1"


def test_check_that_finds_drift_is_8(make_host: MakeHost, vendor: Vendor) -> None:
    """`reconcile` ends with 8 where the vendor counted what was never sent here."""
    yesterday = f"{datetime.now(UTC) + timedelta(hours=8 - 24):%Y%m%d}"
    day = {"SendDate": yesterday, "TotalCount": 50, "RespondedSuccessCount": 50}
    rows = [{**day, "RespondedFailCount": 0, "NoRespondedCount": 0}]
    answer = {"Code": "OK", "RequestId": "R", "Data": {"TotalSize": 1, "TargetList": rows}}
    vendor.answers = [(200, answer)] * 2
    ran = make_host(aliyun(vendor) + "timezone: Asia/Shanghai\n")("reconcile", "--json")
    assert ran.code == 8, ran


def test_where_several_rules_refuse_a_fuse_is_named_first(make_host: MakeHost) -> None:
    """A fuse is named before a limit, then the longest wait; the wait is the one for all."""
    hour, minute = (f"{{name: {w}, per: phone, max: 1, window: {w}}}" for w in ("1h", "1m"))
    fuse = "{name: fuse, per: all, max: 1, window: 2h}"
    twice = ("send", PHONE, PHONE)
    for rules, reason, rule, wait in (
        (f"{minute}, {hour}", "limit", "1h", 3600),
        (f"{minute}, {hour}, {fuse}", "fuse", "fuse", 7200),
    ):
        results = make_host(f"limits: [{rules}]\n").json(*twice)["results"]
        (refused,) = (result for result in results if result["outcome"] == "refused")
        assert (refused["reason"], refused["rule"]) == (reason, rule)
        assert wait - 100 < refused["retry_after_s"] <= wait
