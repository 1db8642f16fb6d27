"""The way through the gates: who is asked, in which order, and what the caller is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from smsctl import (
    CredentialsRefused,
    GatewayRejected,
    GatewayUnknown,
    InvalidAddress,
    InvalidCode,
    InvalidPhone,
    InvalidPurpose,
    InvalidRequestId,
    Refused,
    Rejected,
    Sent,
)
from smsctl.core.phrase import Phrase
from smsctl.core.policy import CodePolicy, Policy, TestNumber
from smsctl.core.ports import Message
from smsctl.testing import (
    Accepted,
    Clock,
    Declined,
    FakeCaptcha,
    FakeGateway,
    Unclear,
)
from tests.guards import PHONE, Bench, MakeBench
from tests.histories import rule
from tests.servers import PrivateServer


def test_a_send_tells_what_the_gateway_said(make_bench: MakeBench) -> None:
    """The answer has the vendor's names for the message and the call."""
    gateway = FakeGateway([Accepted(message_id="m^0", vendor_request_id="R-1", text="【x】1")])
    bench = make_bench(gateway=gateway)
    sent = bench.send(request_id="override-7")
    assert isinstance(sent, Sent)
    assert (sent.request_id, sent.message_id, sent.vendor_request_id) == (
        "override-7",
        "m^0",
        "R-1",
    )
    assert (sent.phone, sent.purpose, sent.message) == ("+86138****8000", "login", "【x】1")
    assert gateway.sent[0].request_id == "override-7"
    assert "【x】1" not in repr(sent)


def test_the_same_request_id_is_the_same_send(make_bench: MakeBench) -> None:
    """Invariant 10: a repeated request id returns the stored outcome; the gateway is not called."""
    gateway = FakeGateway()
    policy = replace(Policy(), code=CodePolicy(challenge="required"))
    bench = make_bench(policy, gateway=gateway)
    first = bench.send(request_id="r")
    bench.clock.advance(20)
    again = bench.send(request_id="r")
    assert isinstance(first, Sent)
    assert isinstance(again, Sent)
    assert len(gateway.sent) == 1
    assert (again.message_id, again.challenge) == (first.message_id, first.challenge)
    assert (again.expires_in, again.retry_after) == (280, 40)


def test_a_repeated_unknown_outcome_is_still_unknown(make_bench: MakeBench) -> None:
    """The gateway is not asked again where the first time may have sent."""
    gateway = FakeGateway([Unclear(explanation=Phrase("lost"), vendor_code="isp.SYSTEM_ERROR")])
    bench = make_bench(gateway=gateway)
    for _ in range(2):
        with pytest.raises(GatewayUnknown) as caught:
            bench.send(request_id="r")
        assert caught.value.vendor_code == "isp.SYSTEM_ERROR"
        assert (caught.value.expires_in, caught.value.retry_after) == (300, 60)
    assert len(gateway.sent) == 1


def test_a_repeated_rejection_is_still_a_rejection(make_bench: MakeBench) -> None:
    """The same id is the same answer; a new id is a new send."""
    gateway = FakeGateway([Declined(explanation=Phrase("no"), vendor_code="isv.AMOUNT_NOT_ENOUGH")])
    bench = make_bench(gateway=gateway)
    for _ in range(2):
        with pytest.raises(GatewayRejected) as caught:
            bench.send(request_id="r")
        assert caught.value.vendor_code == "isv.AMOUNT_NOT_ENOUGH"
    assert len(gateway.sent) == 1
    assert bench.send(request_id="s")


def test_a_step_back_forgets_no_request_id(make_bench: MakeBench) -> None:
    """Invariant 10: a code that a step back killed is still the same request."""
    gateway = FakeGateway()
    bench = make_bench(replace(Policy(), rules=()), gateway=gateway)
    bench.send(request_id="r")
    bench.clock.advance(-60)
    bench.send(request_id="r")
    assert len(gateway.sent) == 1


def test_a_request_id_is_forgotten_with_its_code(make_bench: MakeBench) -> None:
    """After the code's life the same id is a new send."""
    gateway = FakeGateway()
    bench = make_bench(gateway=gateway)
    bench.send(request_id="r")
    bench.clock.advance(300)
    bench.send(request_id="r")
    assert len(gateway.sent) == 2


def test_a_verified_request_id_stays_known(make_bench: MakeBench) -> None:
    """A used code is gone, but its request id does not send again."""
    gateway = FakeGateway()
    bench = make_bench(replace(Policy(), rules=()), gateway=gateway)
    bench.send(request_id="r")
    assert bench.verify(gateway.sent[0].code)
    assert bench.send(request_id="r")
    assert len(gateway.sent) == 1


def test_a_request_id_names_one_phone_and_purpose(make_bench: MakeBench) -> None:
    """Invariant 10: the same id for another phone is a mistake that is told, and sends nothing."""
    gateway = FakeGateway()
    bench = make_bench(gateway=gateway, captcha=FakeCaptcha())
    assert bench.send(request_id="r", captcha_token="t")
    for skip in (False, True):
        with pytest.raises(InvalidRequestId, match="another phone"):
            bench.send("13900138000", request_id="r", captcha_token="t", skip_captcha=skip)
    assert len(gateway.sent) == 1
    bench.clock.advance(300)
    assert bench.send("13900138000", request_id="r", captcha_token="t")


def test_credentials_refused_is_its_own_error(make_bench: MakeBench) -> None:
    """A refused access key is told apart, and the quota is back."""
    gateway = FakeGateway([Declined(explanation=Phrase("key"), credentials=True)])
    bench = make_bench(gateway=gateway)
    with pytest.raises(CredentialsRefused):
        bench.send()
    assert bench.send()


def test_a_throttle_on_the_phone_keeps_only_the_phones_quota(make_bench: MakeBench) -> None:
    """Invariant 3: a vendor throttle returns all but `per: phone`; its window becomes the wait."""
    gateway = FakeGateway(
        [
            Declined(
                explanation=Phrase("throttled"),
                vendor_code="isv.BUSINESS_LIMIT_CONTROL",
                throttled=3600.0,
            )
        ]
    )
    rules = (rule("phone", "phone", 1, "60s"), rule("fuse", "all", 1, "day"))
    bench = make_bench(replace(Policy(), rules=rules), gateway=gateway)
    with pytest.raises(GatewayRejected) as caught:
        bench.send()
    assert caught.value.retry_after == 3600
    refused = bench.send()
    assert isinstance(refused, Refused)
    assert refused.rule == "phone"
    assert bench.send("13900138000")


def test_an_unforeseen_gateway_fault_is_unknown(
    make_bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    """Invariants 3 and 8: it may have been sent; the fault's text, which may tell, is not told."""
    gateway = FakeGateway([RuntimeError("PhoneNumbers=13800138000&code=123456")])
    bench = make_bench(gateway=gateway)
    with pytest.raises(GatewayUnknown) as caught:
        bench.send()
    assert not bench.send()
    told = caplog.text + str(caught.value) + repr(caught.value)
    assert "RuntimeError" in caplog.text
    assert "123456" not in told
    assert "13800138000" not in told


class Slow(FakeGateway):
    """Takes eight seconds of this clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    async def submit(self, message: Message) -> Accepted | Declined | Unclear:
        self._clock.advance(8)
        return await super().submit(message)


def test_an_outcome_is_tallied_on_the_day_of_its_send(make_bench: MakeBench) -> None:
    """Also where the gateway answers after midnight: each day's sends and outcomes are as many."""
    clock = Clock("2026-11-23T23:59:59+08:00")
    bench = make_bench(gateway=Slow(clock), clock=clock)
    assert bench.send()
    days = bench.ask(bench.admin.usage(2))
    assert [dict(day.outcomes) for day in days] == [{"sent": 1}, {}]


def test_a_slow_gateways_time_is_not_told_again(make_bench: MakeBench) -> None:
    """What is left of a code and a wait is told as of the answer, not as of the reservation."""
    clock = Clock()
    bench = make_bench(gateway=Slow(clock), clock=clock)
    sent = bench.send()
    assert isinstance(sent, Sent)
    assert (sent.expires_in, sent.retry_after) == (292, 52)


def test_a_rejection_that_came_after_the_codes_life_says_so(make_bench: MakeBench) -> None:
    """Invariant 3: where the reservation is gone the quota is not returned, and that is told."""
    gateway = FakeGateway([Declined(explanation=Phrase("no"), hint=Phrase("top up"))])

    class Forgetful:
        def __init__(self, real: object) -> None:
            self.reserve = real.reserve  # type: ignore[attr-defined]

        async def settle(self, *_: object) -> None:
            return None

    bench = make_bench(gateway=gateway, store=Forgetful)
    with pytest.raises(GatewayRejected) as caught:
        bench.send()
    assert "the quota stays used" in str(caught.value.hint)


def test_a_locked_phones_wait_is_the_whole_one(make_bench: MakeBench) -> None:
    """The wait is until everything would admit, not the lock alone."""
    gateway = FakeGateway()
    rules = (rule("day", "phone", 1, "24h"),)
    code = CodePolicy(wrong_max=1, wrong_window=60.0)
    bench = make_bench(replace(Policy(), rules=rules, code=code), gateway=gateway)
    bench.send(request_id="r")
    bench.verify("000000" if gateway.sent[0].code != "000000" else "000001")
    refused = bench.send()
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.retry_after) == ("locked", 86400)


# Who may ask


def test_a_country_outside_the_list_is_refused_and_counted(make_bench: MakeBench) -> None:
    """The allow list is checked before anything is spent."""
    gateway = FakeGateway()
    bench = make_bench(gateway=gateway)
    refused = bench.send("+1 202 555 0143")
    assert isinstance(refused, Refused)
    assert refused.reason == "country"
    (today,) = bench.ask(bench.admin.usage(1))
    assert today.refused == {"country": 1}
    assert gateway.sent == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"phone": "13800138000,13900138000"}, InvalidPhone),
        ({"phone": "1380013800O"}, InvalidPhone),
        ({"ip": "203.0.113.7:80"}, InvalidAddress),
        ({"ip": "10.1.2.3"}, InvalidAddress),
        ({"ip": "::ffff:192.168.0.1"}, InvalidAddress),
        ({"purpose": "marketing"}, InvalidPurpose),
        ({"request_id": "a b"}, InvalidRequestId),
        ({"request_id": "x" * 65}, InvalidRequestId),
    ],
)
def test_bad_input_is_an_error_that_writes_nothing(
    bench: Bench,
    gateway: FakeGateway,
    server: PrivateServer,
    arguments: dict[str, str],
    error: type[ValueError],
) -> None:
    """What is not a request does not reach the store, and its text is not repeated."""
    with pytest.raises(error) as caught:
        bench.send(**{"phone": PHONE, **arguments})
    assert isinstance(caught.value, ValueError)
    assert server.look("DBSIZE") == 0
    assert gateway.sent == []


def test_private_addresses_count_where_they_are_meant(make_bench: MakeBench) -> None:
    """`address.private: count` takes them as clients."""
    bench = make_bench(replace(Policy(), private_addresses="count"))
    assert bench.send(ip="10.1.2.3")


# Test numbers


def test_a_test_number_sends_nothing_and_has_no_limits(make_bench: MakeBench) -> None:
    """Its fixed code verifies once for each send; no captcha is asked, no conversion flattered."""
    number = TestNumber(
        e164="+8613800138000", code="246810", until=datetime(2026, 12, 1, tzinfo=UTC)
    )
    policy = replace(Policy(), test_numbers={number.e164: number})
    gateway, captcha = FakeGateway(), FakeCaptcha()
    bench = make_bench(policy, gateway=gateway, captcha=captcha)
    for _ in range(3):
        sent = bench.send()
        assert isinstance(sent, Sent)
        assert (sent.message_id, sent.retry_after) == (None, 0)
        assert bench.verify("246810")
        assert not bench.verify("246810")
    assert gateway.sent == []
    assert captcha.tokens == []
    (today,) = bench.ask(bench.admin.usage(1))
    assert today.outcomes == {"test": 3}


def test_a_test_number_ends_with_its_date(make_bench: MakeBench) -> None:
    """A forgotten back door closes by itself."""
    number = TestNumber(
        e164="+8613800138000", code="246810", until=datetime(2026, 11, 23, 5, tzinfo=UTC)
    )
    bench = make_bench(
        replace(Policy(), test_numbers={number.e164: number}),
        clock=Clock("2026-11-23T12:59:59+08:00"),
    )
    assert bench.send()
    bench.clock.advance(1)
    refused = bench.send()
    assert isinstance(refused, Refused)
    assert refused.reason == "denied"


# The record


def test_every_decision_is_written_down(make_bench: MakeBench) -> None:
    """A record has the outcome, the rule and each step's duration, and no secret."""
    gateway = FakeGateway()
    bench = make_bench(gateway=gateway, captcha=FakeCaptcha())
    bench.send(captcha_token="t", request_id="r")
    bench.send(captcha_token="t")
    bench.verify(gateway.sent[0].code)
    bench.verify("000000")
    sent, refused, verified, rejected = bench.journal
    assert (sent.act, sent.outcome, sent.request_id) == ("send", "sent", "r")
    assert list(sent.steps) == ["look", "captcha", "reserve", "gateway", "settle"]
    assert (refused.outcome, refused.reason, refused.rule) == ("refused", "limit", "phone-minute")
    assert (verified.act, verified.outcome) == ("verify", "verified")
    assert (rejected.outcome, rejected.reason) == ("rejected", "missing")
    assert {record.phone for record in bench.journal} == {"+86138****8000"}
    assert len({record.phone_name for record in bench.journal}) == 1


@pytest.mark.parametrize("given", [13800138000, 1.5, True, ["13800138000"], {}, b"13800138000"])
def test_what_is_no_text_is_read_as_a_wrong_text(make_bench: MakeBench, given: Any) -> None:
    """A backend hands on what a stranger's JSON had in a text's place: an answer, no traceback."""
    captcha, policy = FakeCaptcha(), replace(Policy(), code=CodePolicy(challenge="required"))
    gateway = FakeGateway()
    bench = make_bench(policy, gateway=gateway, captcha=captcha)
    assert bench.send(captcha_token="t")
    for error, arguments in (
        (InvalidPhone, {"phone": given}),
        (InvalidAddress, {"ip": given}),
        (InvalidPurpose, {"purpose": given}),
        (InvalidRequestId, {"request_id": given}),
    ):
        with pytest.raises(error):
            bench.send(captcha_token="t", **arguments)
    refused = bench.send("13900139000", captcha_token=given)
    assert isinstance(refused, Refused)
    assert (refused.reason, captcha.tokens) == ("captcha", ["t"])
    with pytest.raises(InvalidCode):
        bench.verify(given)
    unchallenged = bench.verify(gateway.sent[0].code, challenge=given)
    assert isinstance(unchallenged, Rejected)
    assert (unchallenged.reason, len(gateway.sent)) == ("missing", 1)
