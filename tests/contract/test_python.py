"""The contract, "Python": the names, what they take and give, and the errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.conftest import MakeHost
from tests.contract.program import Host

NAMES = "AsyncGuard Guard Refused Rejected Sent Verified open_async_guard open_guard"
# Which error is below which; a star marks those that are ValueErrors, too.
ERRORS = {
    "SmsctlError": "Exception",
    "ConfigError": "SmsctlError",
    "InvalidPhone": "SmsctlError*",
    "InvalidAddress": "SmsctlError*",
    "InvalidPurpose": "SmsctlError*",
    "InvalidCode": "SmsctlError*",
    "InvalidRequestId": "SmsctlError*",
    "StoreUnavailable": "SmsctlError",
    "CaptchaUnavailable": "SmsctlError",
    "GatewayRejected": "SmsctlError",
    "CredentialsRefused": "GatewayRejected",
    "GatewayUnknown": "SmsctlError",
    "Busy": "SmsctlError",
}
FIELDS = {
    "Sent": "phone purpose request_id message_id vendor_request_id expires_in retry_after"
    " challenge message",
    "Refused": "phone purpose reason rule retry_after captcha_codes",
    "Verified": "phone purpose",
    "Rejected": "phone purpose reason tries_left retry_after",
}
SEND = {
    "self": "positional_or_keyword",
    "phone": "positional_or_keyword",
    "ip": "keyword_only",
    "captcha_token": "keyword_only optional",
    "purpose": "keyword_only optional",
    "request_id": "keyword_only optional",
    "skip_captcha": "keyword_only optional",
}
VERIFY = {
    "self": "positional_or_keyword",
    "phone": "positional_or_keyword",
    "code": "positional_or_keyword",
    "purpose": "keyword_only optional",
    "challenge": "keyword_only optional",
}
OPEN = {"config": "positional_or_keyword optional", "defaults": "keyword_only optional"}
REASONS = {
    "Refused": "captcha country denied fuse limit locked paused",
    "Rejected": "exhausted locked mismatch missing",
}
TESTING = "Clock FakeCaptcha FakeGateway fake_async_guard fake_guard Policy Rule Window"

# Client addresses, by blanks.
PRIVATE = """10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.127.255.255 127.0.0.1
 169.254.1.1 0.0.0.0 ::1 :: fc00::1 fd12::1 fe80::1 ::ffff:10.0.0.1"""
PUBLIC = """203.0.113.7 198.51.100.7 192.0.2.7 172.32.0.1 100.128.0.1 2001:db8::1 2400:3200::1
 ::ffff:203.0.113.7"""
INSIDE = "64:ff9b::10.0.0.1 2002:0a00:0001::1"  # NAT64 and 6to4 of a private one
MOBILES = [f"1{digit}900000000" for digit in range(10)]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what `scripts/names.py` says."""
    return _facts(Host(tmp_path_factory.mktemp("names")), "names.py")


@pytest.fixture(scope="module")
def fakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what `scripts/fakes.py` says."""
    host = Host(tmp_path_factory.mktemp("fakes"))
    phones = ["+8613800138000", "13800138000", *MOBILES, "010-12345678", "x"]
    return _facts(host, "fakes.py", f"{PRIVATE} {PUBLIC} {INSIDE}", " ".join(phones))


@pytest.fixture(scope="module")
def backend(make_host: MakeHost) -> dict[str, Any]:
    """Return what `scripts/backend.py` says: it alone, for the core never prints."""
    return _facts(make_host(), "backend.py")


def _facts(host: Host, script: str, *words: str) -> dict[str, Any]:
    ran = host.script(script, *words)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)  # type: ignore[no-any-return]


def test_names_are_there(names: dict[str, Any]) -> None:
    """Every name of the contract is in the one sorted `__all__`, and no unknown name resolves."""
    errors = {name for name in ERRORS if name != "Busy"}
    assert {*NAMES.split(), *errors} <= set(names["names"])
    assert names["names"] == sorted(names["names"]) == names["dir"]
    assert names["no such name"] is False
    assert set(TESTING.split()) <= set(names["testing"])


def test_nothing_heavy_is_imported_before_it_is_needed(names: dict[str, Any]) -> None:
    """`import smsctl` imports no store, no vendor and no command line."""
    assert names["heavy"] == []


@pytest.mark.parametrize("name", ERRORS)
def test_error_is_below(names: dict[str, Any], name: str) -> None:
    """An error stands where the contract's tree has it."""
    above = names["errors"][name]
    parent = ERRORS[name]
    assert next(base for base in above[1:] if base[0] != "_") == parent.rstrip("*")
    assert ("ValueError" in above) == parent.endswith("*")


@pytest.mark.parametrize("name", FIELDS)
def test_answer_has_these_fields(names: dict[str, Any], name: str) -> None:
    """An answer is a frozen slotted dataclass of these fields."""
    assert names["fields"][name] == FIELDS[name].split()
    assert all(names["frozen"])


def test_reasons_are_a_closed_set(names: dict[str, Any]) -> None:
    """`reason` is a Literal of exactly the contract's words."""
    assert names["reasons"] == {name: words.split() for name, words in REASONS.items()}


@pytest.mark.parametrize("guard", ["Guard", "AsyncGuard"])
def test_methods_take(names: dict[str, Any], guard: str) -> None:
    """`ip` is a required keyword; the others are optional keywords, the same on both faces."""
    assert names["parameters"][f"{guard}.send"] == SEND
    assert names["parameters"][f"{guard}.verify"] == VERIFY


@pytest.mark.parametrize("opener", ["open_guard", "open_async_guard"])
def test_guard_is_opened_with(names: dict[str, Any], opener: str) -> None:
    """A guard is opened with a path or none, and `defaults` says out loud that none is meant."""
    assert names["open"][opener] == OPEN


@pytest.mark.parametrize("face", ["blocking", "looping"])
def test_backend_matches_on_answers(backend: dict[str, Any], face: str) -> None:
    """Both faces give the same answers; true is: go on."""
    answers, _, _ = backend[face]
    assert answers == [
        ["sent", True, 300.0],
        ["refused", False, "limit", "phone-minute", True],
        ["rejected", False, "mismatch", 2],
        ["verified", True, "login"],
        ["rejected", False, "missing", 0],
    ]


@pytest.mark.parametrize("face", ["blocking", "looping"])
def test_repr_shows_no_secret(backend: dict[str, Any], face: str) -> None:
    """`challenge` and `message` stay out of the repr, and phones are masked there."""
    _, hidden, whole_phone = backend[face]
    assert hidden
    assert not whole_phone


def test_library_without_a_configuration_raises(bare: Host) -> None:
    """Without a file the library raises ConfigError, unless `defaults=True` is passed."""
    ran = bare.script("backend.py", "unconfigured")
    assert ran.out.splitlines() == ["ConfigError True", "True"]


def test_private_addresses_are_refused(fakes: dict[str, Any]) -> None:
    """Private is RFC 1918, 100.64/10, loopback, link-local, ULA, unspecified; examples are not."""
    expected = dict.fromkeys(PRIVATE.split(), "InvalidAddress") | dict.fromkeys(PUBLIC.split())
    assert dict(zip(expected, fakes["addresses"], strict=False)) == expected


def test_private_address_inside_another_is_refused(fakes: dict[str, Any]) -> None:
    """The IPv4 inside a NAT64 or 6to4 address counts, also as private."""
    assert fakes["addresses"][-2:] == ["InvalidAddress"] * 2


def test_mainland_mobile_is_13_to_19(fakes: dict[str, Any]) -> None:
    """A mainland mobile is `1[3-9]` and nine digits."""
    wrong = ["InvalidPhone"]
    assert fakes["phones"] == [None] * 2 + wrong * 3 + [None] * 7 + wrong * 2


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("without ip", "TypeError"),
        ("positional ip", "TypeError"),
        ("bad purpose", "InvalidPurpose"),
        ("bad code", "InvalidCode"),
        ("bad request id", "InvalidRequestId"),
        ("rejected", "GatewayRejected"),
        ("rejected again", "GatewayRejected"),
        ("credentials", "CredentialsRefused"),
    ],
)
def test_call_raises(fakes: dict[str, Any], call: str, error: str) -> None:
    """A fault is an exception of this name; a rejection returned its quota."""
    assert fakes[call] == error


def test_verify_reasons_follow_each_other(fakes: dict[str, Any]) -> None:
    """`exhausted` only for the try that burnt the code, then `missing`; `locked` by the budget."""
    assert fakes["reasons"] == [
        *("mismatch", "exhausted", "missing"),
        *("mismatch", "locked", "locked"),
    ]


def test_code_ends_with_its_life(fakes: dict[str, Any]) -> None:
    """A code verifies until its last moment, and not in the next."""
    assert fakes["expiry"] == [True, False]


def test_challenge_must_be_presented(fakes: dict[str, Any]) -> None:
    """A wrong challenge is `missing`, costs no try, and the right one verifies."""
    assert fakes["challenges"] == ["missing", "missing", None]


def test_unknown_outcome_carries_what_the_caller_needs(fakes: dict[str, Any]) -> None:
    """GatewayUnknown names the send and its times, and the code, if it arrives, verifies."""
    assert fakes["unknown"] == [["r-3", None, 300.0, 60.0], True]


def test_captcha_answers_are(fakes: dict[str, Any]) -> None:
    """No token and a refused one are refusals; an outage is CaptchaUnavailable."""
    assert fakes["captcha"] == ["captcha", "captcha", "CaptchaUnavailable"]
