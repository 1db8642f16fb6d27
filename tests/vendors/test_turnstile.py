"""Turnstile: the visitor's fault, the operator's, or the vendor's."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from typing import Any

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.errors import ConfigError
from smsctl.core.ports import Human, Misconfigured, NotHuman, Outage
from smsctl.vendors.lane import Lane
from smsctl.vendors.turnstile import TurnstileCaptcha
from smsctl.vendors.turnstile_answers import TEST_SECRETS, is_test_secret, verdict
from tests.fakes.siteverify import PASSED, SECRET, TOKEN, FakeSiteverify, refusal
from tests.fakes.tls import self_signed
from tests.fakes.vendor import Answer, FakeVendor
from tests.vendors.samples import held


def captcha(url: str, lane: Lane, **changes: Any) -> TurnstileCaptcha:
    arguments: dict[str, Any] = {"secret": SECRET, "endpoint": url, "lane": lane, "timeout": 5.0}
    return TurnstileCaptcha(**{**arguments, **changes})


def check(url: str, lane: Lane, token: str = TOKEN, **changes: Any) -> object:
    return run_blocking(captcha(url, lane, **changes).check(token, ip="203.0.113.7"))


def test_a_token_that_passes_is_human(siteverify: FakeSiteverify, lane: Lane) -> None:
    """One POST, with the secret, the token, the address and an idempotency key of its own."""
    assert check(siteverify.endpoint, lane) == Human()
    (asked,) = siteverify.asked
    assert str(uuid.UUID(asked.pop("idempotency_key")))
    assert asked == {"secret": SECRET, "response": TOKEN, "remoteip": "203.0.113.7"}


def test_a_spent_token_is_not_human(siteverify: FakeSiteverify, lane: Lane) -> None:
    """Each check has a new idempotency key, so that a token passes once."""
    assert check(siteverify.endpoint, lane) == Human()
    assert check(siteverify.endpoint, lane) == NotHuman(codes=["timeout-or-duplicate"])


def test_no_address_is_sent_where_there_is_none(siteverify: FakeSiteverify, lane: Lane) -> None:
    """`remoteip` is left out, not empty."""
    assert run_blocking(captcha(siteverify.endpoint, lane).check(TOKEN, ip=None)) == Human()
    assert "remoteip" not in siteverify.asked[0]


def test_many_checks_share_one_connection(siteverify: FakeSiteverify, lane: Lane) -> None:
    """Keep-alive is kept."""
    one = captcha(siteverify.endpoint, lane)
    for _ in range(3):
        assert run_blocking(one.check("another", ip=None)) == NotHuman(
            codes=["invalid-input-response"]
        )
    assert siteverify.connections == 1


def test_an_event_loop_checks_through_the_threads(siteverify: FakeSiteverify) -> None:
    """The same captcha over a lane that awaits."""
    lane = Lane(threads=2, queue=2, blocking=False)
    assert asyncio.run(captcha(siteverify.endpoint, lane).check(TOKEN, ip=None)) == Human()
    lane.close()


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", "missing-input-response"),
        ("x" * 2049, "invalid-input-response"),
        ("验证", "invalid-input-response"),
        ("\udcff", "invalid-input-response"),
    ],
    ids=["empty", "long", "unicode", "bytes"],
)
def test_what_cannot_be_a_token_is_refused_without_a_call(
    siteverify: FakeSiteverify, lane: Lane, token: str, code: str
) -> None:
    """The vendor's limit is 2048 characters."""
    assert check(siteverify.endpoint, lane, token) == NotHuman(codes=[code])
    assert siteverify.asked == []


def test_a_token_of_the_greatest_length_is_asked_about(
    siteverify: FakeSiteverify, lane: Lane
) -> None:
    """2048 characters are not too many."""
    check(siteverify.endpoint, lane, "x" * 2048)
    assert len(siteverify.asked) == 1


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"hostname": "example.com", "action": "login"}, Human()),
        ({"hostname": "example.org"}, NotHuman(codes=["hostname-mismatch"])),
        ({"action": "pay"}, NotHuman(codes=["action-mismatch"])),
        (
            {"hostname": "other", "action": "other"},
            NotHuman(codes=["hostname-mismatch", "action-mismatch"]),
        ),
    ],
)
def test_hostname_and_action_must_match_when_configured(
    siteverify: FakeSiteverify, lane: Lane, wanted: dict[str, str], expected: object
) -> None:
    """A token of another site or another button does not pass here."""
    assert check(siteverify.endpoint, lane, **wanted) == expected


def test_a_wrong_secret_is_the_operators_fault(siteverify: FakeSiteverify, lane: Lane) -> None:
    """Never the visitor's, and never an outage that lets him through."""
    answer = check(siteverify.endpoint, lane, secret="wrong")
    assert isinstance(answer, Misconfigured)
    assert answer.problem.path == "captcha.secret"


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (["invalid-input-response"], NotHuman),
        (["missing-input-response"], NotHuman),
        (["timeout-or-duplicate"], NotHuman),
        (["something-new"], NotHuman),
        ([], NotHuman),
        (["missing-input-secret"], Misconfigured),
        (["invalid-input-secret"], Misconfigured),
        (["bad-request"], Misconfigured),
        (["internal-error"], Outage),
        (["internal-error", "invalid-input-response"], Outage),
        (["invalid-input-secret", "internal-error"], Misconfigured),
    ],
)
def test_each_error_code_has_its_owner(codes: list[str], kind: type) -> None:
    """Visitor, operator or vendor; the operator's fault is named first."""
    assert isinstance(verdict(200, json.dumps(refusal(*codes)).encode()), kind)


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (500, b"", Outage),
        (503, b"<html>", Outage),
        (500, json.dumps(PASSED).encode(), Outage),
        (400, b"", Misconfigured),
        (404, b"<html>", Misconfigured),
        (429, b"", Misconfigured),
        (302, b"", Misconfigured),
        (400, json.dumps(PASSED).encode(), Misconfigured),
        (400, json.dumps(refusal("something-new")).encode(), Misconfigured),
        (400, json.dumps(refusal("invalid-input-response")).encode(), NotHuman),
        (200, b"", Outage),
        (200, b"[]", Outage),
        (200, b"\xff", Outage),
        (200, b"{}", Outage),
        (200, b'{"success": "true"}', Outage),
        (200, b'{"success": 1}', Outage),
        (200, b"[" * 100_000, Outage),
        (200, json.dumps({**PASSED, "error-codes": ["something-new"]}).encode(), NotHuman),
    ],
    ids=str,
)
def test_no_other_answer_passes(status: int, content: bytes, kind: type) -> None:
    """Invariant 9: fail closed. A 4xx is never an outage."""
    assert isinstance(verdict(status, content), kind)


@pytest.mark.parametrize("fault", ["reset", "short", "html", "empty", "array", "hang", "drip"])
def test_a_vendor_that_fails_is_an_outage_in_time(
    siteverify: FakeSiteverify, lane: Lane, fault: str
) -> None:
    """One request, and a verdict within the deadline."""
    siteverify.script(fault)
    timeout = 1.5 if fault in {"hang", "drip"} else 5.0  # those two take it all
    assert isinstance(check(siteverify.endpoint, lane, timeout=timeout), Outage)
    assert len(siteverify.asked) == 1


def test_a_redirect_is_not_followed(siteverify: FakeSiteverify, lane: Lane) -> None:
    """The secret goes to the configured address alone."""
    siteverify.script("redirect")
    assert isinstance(check(siteverify.endpoint, lane), Misconfigured)
    assert len(siteverify.heard) == 1


def test_nobody_listening_is_an_outage(lane: Lane) -> None:
    """The connection is refused."""
    assert isinstance(check("http://127.0.0.1:1", lane), Outage)


def test_a_certificate_that_does_not_verify_is_no_outage(lane: Lane) -> None:
    """Somebody else may be answering: no reason to let anybody through."""
    with self_signed() as server:
        assert isinstance(check(f"https://{server.host}", lane), Misconfigured)
        assert server.heard == []


def test_too_many_checks_are_an_outage(siteverify: FakeSiteverify) -> None:
    """Saturated: the vendor was not asked."""
    lane = Lane(threads=1, queue=0, blocking=True)
    with held(lane):
        assert isinstance(check(siteverify.endpoint, lane), Outage)
    lane.close()
    assert siteverify.asked == []


def test_an_answer_that_drips_leaves_its_thread_at_the_deadline(siteverify: FakeSiteverify) -> None:
    """A byte every 10 ms, for hours: the only thread is there for the next check."""
    lane = Lane(threads=1, queue=1, blocking=True)
    siteverify.script("drip")
    assert isinstance(check(siteverify.endpoint, lane, timeout=0.1), Outage)
    again = check(siteverify.endpoint, lane)
    lane.close()
    assert isinstance(again, NotHuman)  # for the token is spent


def test_proxies_of_the_environment_are_not_obeyed(
    siteverify: FakeSiteverify, lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret is in the form."""
    with FakeVendor() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert check(siteverify.endpoint, lane) == Human()
        assert proxy.connections == 0


def test_neither_secret_nor_token_leaves(
    siteverify: FakeSiteverify, lane: Lane, caplog: pytest.LogCaptureFixture
) -> None:
    """Invariant 8: not in logs, answers or reprs."""
    caplog.set_level(logging.DEBUG)
    siteverify.script(Answer(200, refusal(f"bad {SECRET}", TOKEN + " ")), "reset", "html")
    one = captcha(siteverify.endpoint, lane)
    said = [repr(run_blocking(one.check(TOKEN, ip=None))) for _ in range(4)]
    said += [caplog.text, repr(one), repr(check("http://127.0.0.1:1", lane))]
    assert [secret for secret in (SECRET, TOKEN) if secret in "".join(said)] == []


@pytest.mark.parametrize("secret", sorted(TEST_SECRETS))
def test_the_vendors_test_secrets_are_known(secret: str) -> None:
    """Whoever wires a real gateway refuses them."""
    assert is_test_secret(secret)
    assert is_test_secret(f" {secret}\n")


def test_a_real_secret_is_no_test_secret() -> None:
    """Real ones begin with 0x4."""
    assert not is_test_secret(SECRET)
    assert not is_test_secret("")


def test_a_plain_endpoint_elsewhere_is_refused(lane: Lane) -> None:
    """The secret would travel in the clear."""
    with pytest.raises(ConfigError, match=r"captcha\.endpoint"):
        captcha("http://example.com", lane)
