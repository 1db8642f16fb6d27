"""Gate one: who is asked whether a visitor is human, and what a verdict means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smsctl import (
    CaptchaUnavailable,
    ConfigError,
    Refused,
)
from smsctl.core.errors import Problem
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy
from smsctl.testing import (
    FakeCaptcha,
    FakeGateway,
    Misconfigured,
    NotHuman,
    Outage,
)
from tests.guards import MakeBench


def test_a_named_request_is_answered_without_a_second_token(make_bench: MakeBench) -> None:
    """The stored outcome needs no human check, and no token to be given."""
    bench = make_bench(captcha=FakeCaptcha())
    assert bench.send(captcha_token="one", request_id="r")
    assert bench.send(request_id="r")
    assert bench.send("13900138000", request_id="s").reason == "captcha"  # type: ignore[union-attr]


def test_a_missing_token_is_refused_without_the_vendor(make_bench: MakeBench) -> None:
    """Fails closed: no token, no send; it is counted."""
    captcha, gateway = FakeCaptcha(), FakeGateway()
    bench = make_bench(captcha=captcha, gateway=gateway)
    for token in (None, ""):
        refused = bench.send(captcha_token=token)
        assert isinstance(refused, Refused)
        assert (refused.reason, refused.rule, refused.retry_after) == ("captcha", None, None)
    assert captcha.tokens == []
    assert gateway.sent == []
    (today,) = bench.ask(bench.admin.usage(1))
    assert today.refused == {"captcha": 2}


def test_a_refused_caller_spends_no_token(make_bench: MakeBench) -> None:
    """A token is never spent for a caller whom the limits refuse anyway."""
    captcha = FakeCaptcha()
    bench = make_bench(captcha=captcha)
    assert bench.send(captcha_token="one")
    assert bench.send(captcha_token="two").rule == "phone-minute"  # type: ignore[union-attr]
    assert captcha.tokens == ["one"]


def test_a_repeated_request_spends_no_token(make_bench: MakeBench) -> None:
    """A stored outcome needs no second human check."""
    captcha = FakeCaptcha()
    bench = make_bench(captcha=captcha)
    assert bench.send(captcha_token="one", request_id="r")
    assert bench.send(captcha_token="two", request_id="r")
    assert captcha.tokens == ["one"]


def test_a_visitor_who_is_not_human_consumes_nothing(make_bench: MakeBench) -> None:
    """The refusal is the captcha's; the next try with a good token is admitted."""
    captcha = FakeCaptcha([NotHuman(codes=["timeout-or-duplicate"])])
    bench = make_bench(captcha=captcha)
    assert bench.send(captcha_token="bad").reason == "captcha"  # type: ignore[union-attr]
    assert bench.journal[-1].captcha_codes == ("timeout-or-duplicate",)
    assert bench.send(captcha_token="good")


def test_an_outage_refuses_by_default(make_bench: MakeBench) -> None:
    """Fails closed: without a verdict nothing is sent."""
    gateway = FakeGateway()
    bench = make_bench(captcha=FakeCaptcha([Outage(explanation=Phrase("down"))]), gateway=gateway)
    with pytest.raises(CaptchaUnavailable, match="down"):
        bench.send(captcha_token="t")
    assert gateway.sent == []


def test_an_outage_may_let_a_bounded_number_through(make_bench: MakeBench) -> None:
    """`on_outage: allow` admits `outage_max` an hour, counted apart, and refuses the rest."""
    captcha = FakeCaptcha([Outage(explanation=Phrase("down"))] * 4)
    policy = replace(Policy(), on_outage="allow", outage_max=2)
    bench = make_bench(policy, captcha=captcha)
    phones = ("13800138001", "13800138002", "13800138003")
    answers = [bench.send(phone, captcha_token="t") for phone in phones]
    assert [bool(answer) for answer in answers] == [True, True, False]
    assert isinstance(answers[2], Refused)
    assert (answers[2].reason, answers[2].retry_after) == ("captcha", 3600)
    (today,) = bench.ask(bench.admin.usage(1))
    assert today.outcomes["outage"] == 2
    bench.clock.advance(3600)
    assert bench.send(phones[2], captcha_token="t")


def test_a_bad_captcha_secret_is_the_operators_fault(make_bench: MakeBench) -> None:
    """It is a configuration error, whatever `on_outage` says."""
    fault = Misconfigured(problem=Problem("captcha.secret", Phrase("refused")))
    policy = replace(Policy(), on_outage="allow")
    bench = make_bench(policy, captcha=FakeCaptcha([fault]))
    with pytest.raises(ConfigError) as caught:
        bench.send(captcha_token="t")
    assert caught.value.problems[0].path == "captcha.secret"


def test_an_operator_may_skip_the_captcha(make_bench: MakeBench) -> None:
    """`skip_captcha` goes on to the limits, not around them."""
    captcha = FakeCaptcha()
    bench = make_bench(captcha=captcha)
    assert bench.send(skip_captcha=True)
    assert not bench.send(skip_captcha=True)
    assert captcha.tokens == []
